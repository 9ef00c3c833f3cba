using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace NixGen.Testing;

/// <summary>An authority that nobody knows, and the certificate that it gave to a server of this machine.</summary>
public sealed class LoopbackCertificates : IDisposable
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(1);

    private LoopbackCertificates(string authority, X509Certificate2 server) => (Authority, Server) = (authority, server);

    /// <summary>The authority's certificate as PEM: a bundle that holds nothing else.</summary>
    public string Authority { get; }

    /// <summary>The server's certificate with its key.</summary>
    public X509Certificate2 Server { get; }

    /// <summary>Makes them.</summary>
    /// <param name="hosts">Names of the server besides its loopback addresses.</param>
    public static LoopbackCertificates Create(params string[] hosts)
    {
        var (start, end) = (DateTimeOffset.UtcNow - Lifetime, DateTimeOffset.UtcNow + Lifetime);
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var authorityRequest = new CertificateRequest("CN=nixgen tests: authority", authorityKey, HashAlgorithmName.SHA256);
        authorityRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
        authorityRequest.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        using var authority = authorityRequest.CreateSelfSigned(start, end);

        using var serverKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var serverRequest = new CertificateRequest("CN=nixgen tests: server", serverKey, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        names.AddIpAddress(IPAddress.Parse("127.0.0.2"));
        foreach (var host in hosts)
            names.AddDnsName(host);
        serverRequest.CertificateExtensions.Add(names.Build());
        serverRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
        using var server = serverRequest.Create(authority, start, end, RandomNumberGenerator.GetBytes(16));
        return new LoopbackCertificates(authority.ExportCertificatePem() + "\n", server.CopyWithPrivateKey(serverKey));
    }

    public void Dispose() => Server.Dispose();
}

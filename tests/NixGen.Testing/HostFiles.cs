using System.Security.Cryptography;

namespace NixGen.Testing;

/// <summary>Files of the machine that a careless sandbox setting destroys, as they were.</summary>
internal sealed class HostFiles
{
    private static readonly string[] Paths =
        ["/etc/hosts", "/etc/resolv.conf", "/etc/services", "/etc/nsswitch.conf", "/etc/passwd", "/etc/group", "/etc/ssl/certs/ca-certificates.crt"];

    private readonly Dictionary<string, string> before;

    private HostFiles(Dictionary<string, string> before) => this.before = before;

    public static HostFiles Remember() => new(Paths.Where(File.Exists).ToDictionary(path => path, Digest, StringComparer.Ordinal));

    public void ThrowIfHarmed()
    {
        foreach (var (path, digest) in before)
        {
            if (!File.Exists(path) || Digest(path) != digest)
                throw new InvalidOperationException($"{path} is not what it was before the tests used Nix.");
        }
    }

    private static string Digest(string path) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)));
}

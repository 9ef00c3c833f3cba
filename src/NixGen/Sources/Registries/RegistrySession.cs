using System.Security.Cryptography;
using System.Text.Json;
using NixGen.Nix.Hashing;

namespace NixGen.Sources.Registries;

/// <summary>Asks a registry, and shows who asks once it wants to know (distribution specification; token authentication of Docker's registry).</summary>
/// <param name="question">What is asked for.</param>
/// <param name="context">Where answers and messages go.</param>
internal sealed class RegistrySession(RegistryQuestion question, ResolveContext context)
{
    /// <summary>The types of manifests that are understood. A registry may know nothing of a manifest whose type isn't asked for.</summary>
    private const string ManifestTypes =
        "application/vnd.docker.distribution.manifest.v2+json, application/vnd.oci.image.manifest.v1+json, "
        + "application/vnd.docker.distribution.manifest.list.v2+json, application/vnd.oci.image.index.v1+json";

    private Secret? _shown = question.Credentials.Bearer;
    private string _scheme = "Bearer";
    private bool _hasAsked;

    /// <summary>A manifest, with the hash of its bytes. Adds diagnostics and gives null where it can't be had, isn't one, or isn't the one that was asked for.</summary>
    public async Task<(RegistryManifest Manifest, SriHash Hash)?> ManifestAsync(string reference, CancellationToken cancellationToken)
    {
        context.Progress.Step(question.Model.Name, "reading the manifest");
        var asked = question with { Reference = reference };
        if (await GetAsync(asked.ManifestUrl, ManifestTypes, mayLeave: false, cancellationToken) is not { } response)
        {
            return null;
        }

        if (!response.IsSuccess)
        {
            context.Diagnostics.Add(RegistryAnswers.Explain(asked, response));
            return null;
        }

        var hash = SriHash.FromBytes(SHA256.HashData(response.Body.Span));
        var digest = "sha256:" + hash.Hex;
        var stated = asked.IsByDigest ? reference : response.Header("Docker-Content-Digest");
        if (stated is not null && stated.StartsWith("sha256:", StringComparison.Ordinal) && stated != digest)
        {
            context.Diagnostics.Add(RegistryDiagnostics.HasOtherContent(asked, "the manifest", stated, digest, response.Url));
            return null;
        }

        var (manifest, problem) = RegistryManifest.Parse(response.Body);
        if (manifest is null)
        {
            context.Diagnostics.Add(RegistryDiagnostics.AnswersOddly(asked, $"the manifest can't be used: {problem}", response.Url));
            return null;
        }

        return (manifest, hash);
    }

    /// <summary>A small blob's content, checked against its digest. Adds diagnostics and gives null where it can't be had.</summary>
    public async Task<ReadOnlyMemory<byte>?> SmallBlobAsync(RegistryDescriptor blob, CancellationToken cancellationToken)
    {
        if (await GetAsync(question.Url("blobs/" + blob.Digest), null, mayLeave: true, cancellationToken) is not { } response)
        {
            return null;
        }

        if (!response.IsSuccess)
        {
            context.Diagnostics.Add(RegistryAnswers.Explain(question, response));
            return null;
        }

        var digest = "sha256:" + Convert.ToHexStringLower(SHA256.HashData(response.Body.Span));
        if (digest == blob.Digest)
        {
            return response.Body;
        }

        context.Diagnostics.Add(RegistryDiagnostics.HasOtherContent(question, "the model's configuration", blob.Digest, digest, response.Url));
        return null;
    }

    private async Task<UpstreamResponse?> GetAsync(Uri url, string? accept, bool mayLeave, CancellationToken cancellationToken)
    {
        var response = await SendAsync(url, accept, mayLeave, cancellationToken);
        if (response.Status != 401 || _hasAsked)
        {
            return response;
        }

        _hasAsked = true;
        var challenge = RegistryChallenge.Parse(response.Header("WWW-Authenticate"));
        if (challenge is { IsBearer: false } && question.Credentials.Basic is { } basic)
        {
            (_shown, _scheme) = (basic, "Basic");
        }
        else if (challenge is not { IsBearer: true })
        {
            return response;
        }
        else if (await TokenAsync(challenge, response, cancellationToken) is { } token)
        {
            (_shown, _scheme) = (token, "Bearer");
        }
        else
        {
            return null;
        }

        return await SendAsync(url, accept, mayLeave, cancellationToken);
    }

    private Task<UpstreamResponse> SendAsync(Uri url, string? accept, bool mayLeave, CancellationToken cancellationToken) =>
        context.Http.GetAsync(new(url, _shown) { Scheme = _scheme, Accept = accept, MayLeave = mayLeave }, cancellationToken);

    private async Task<Secret?> TokenAsync(RegistryChallenge challenge, UpstreamResponse response, CancellationToken cancellationToken)
    {
        if (challenge.TokenUrl(question.Endpoint, question.Repository) is not { } url)
        {
            context.Diagnostics.Add(RegistryDiagnostics.AnswersOddly(question, "it names no server of tokens that is protected by TLS", response.Url));
            return null;
        }

        // Tokens live for a minute or so, and none is kept for the next model.
        var answer = await context.Http.SendAsync(new(url, question.Credentials.Basic) { Scheme = "Basic" }, cancellationToken);
        if (!answer.IsSuccess)
        {
            context.Diagnostics.Add(RegistryAnswers.Explain(question, answer));
            return null;
        }

        if (TokenIn(answer.Body) is { } token)
        {
            return new(token, question.Credentials.Origin ?? "the server of tokens");
        }

        context.Diagnostics.Add(RegistryDiagnostics.AnswersOddly(question, "its server of tokens gives none", answer.Url));
        return null;
    }

    private static string? TokenIn(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var root = document.RootElement;
            var token = root.ValueKind == JsonValueKind.Object
                ? RegistryDescriptor.Text(root, "token") ?? RegistryDescriptor.Text(root, "access_token")
                : null;
            return token is { Length: > 0 } && token.All(character => character is > ' ' and < '\u007f') ? token : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

using System.Text.RegularExpressions;
using NixGen.Sources.Registries;

namespace NixGen.Sources.Oci;

/// <summary>A reference to an artifact, as clients of registries write it: <c>[host/]repository[:tag][@sha256:…]</c>. A name without a host is the Docker Hub's.</summary>
/// <param name="Endpoint">The registry.</param>
/// <param name="Repository">The repository's name, in lower case.</param>
/// <param name="Tag">The tag; null where there is only a digest.</param>
/// <param name="Digest">The digest, <c>sha256:…</c>; or null.</param>
public sealed partial record OciReference(RegistryEndpoint Endpoint, string Repository, string? Tag, string? Digest)
{
    private const string DefaultTag = "latest";

    /// <summary>What the registry is asked for: the digest where there is one, since it says more than the tag beside it.</summary>
    public string Reference => Digest ?? Tag ?? DefaultTag;

    /// <summary>The one spelling of the reference.</summary>
    public string Text => $"{Endpoint.Name}/{Repository}{(Digest is null ? $":{Tag ?? DefaultTag}" : $"@{Digest}")}";

    /// <summary>Understands a reference; says what is wrong with it, as the end of a sentence that begins with it.</summary>
    public static (OciReference? Reference, string? Problem) Parse(string text)
    {
        var match = Form().Match(text);
        if (!match.Success)
        {
            return (null, "is no reference such as 'registry.example.com/org/model:tag'; repositories are written in lower case");
        }

        var host = match.Groups["host"] is { Success: true } stated ? stated.Value : RegistryEndpoint.DockerHubName;
        var repository = match.Groups["path"].Value;
        if (host is "index.docker.io" or RegistryEndpoint.DockerHubHost or RegistryEndpoint.DockerHubName)
        {
            host = RegistryEndpoint.DockerHubHost;
            repository = repository.Contains('/', StringComparison.Ordinal) ? repository : "library/" + repository;
        }

        var (endpoint, problem) = RegistryEndpoint.Parse(host);
        return endpoint is null
            ? (null, $"begins with '{host}', which {problem}")
            : (new(endpoint, repository, Value("tag"), Value("digest")), null);

        string? Value(string group) => match.Groups[group] is { Success: true } found ? found.Value : null;
    }

    // distribution's reference.go: a first part is a host where it has a dot or a port, or is localhost.
    [GeneratedRegex(
        "^((?<host>localhost(:[0-9]{1,5})?|[A-Za-z0-9-]+(\\.[A-Za-z0-9-]+)+(:[0-9]{1,5})?|[A-Za-z0-9-]+:[0-9]{1,5})/)?"
        + "(?<path>[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*(/[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*)*)"
        + "(:(?<tag>[A-Za-z0-9_][A-Za-z0-9._-]{0,127}))?(@(?<digest>sha256:[0-9a-f]{64}))?$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Form();
}

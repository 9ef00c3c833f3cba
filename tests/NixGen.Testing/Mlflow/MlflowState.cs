using System.Collections.Concurrent;

namespace NixGen.Testing.Mlflow;

/// <summary>What a tracking server's database and its artifact stores hold.</summary>
public sealed class MlflowState
{
    /// <summary>Versions by the registered model's name and number.</summary>
    public ConcurrentDictionary<(string Name, string Version), MlflowVersion> Versions { get; } = new();

    /// <summary>The version that each alias of a registered model names.</summary>
    public ConcurrentDictionary<(string Name, string Alias), string> Aliases { get; } = new();

    /// <summary>Artifact URIs of runs, by id.</summary>
    public ConcurrentDictionary<string, string> Runs { get; } = new(StringComparer.Ordinal);

    /// <summary>Logged models (MLflow 3), by id.</summary>
    public ConcurrentDictionary<string, MlflowLoggedModel> LoggedModels { get; } = new(StringComparer.Ordinal);

    /// <summary>Contents by store and name: what is served through the proxy under <see cref="Proxied"/>, other stores under their URI's own names.</summary>
    public ConcurrentDictionary<string, byte[]> Artifacts { get; } = new(StringComparer.Ordinal);

    /// <summary>What names of contents behind the proxy begin with.</summary>
    public const string Proxied = "proxied:/";

    /// <summary>The name of a content at an artifact URI.</summary>
    public static string NameOf(string artifactUri, string path)
    {
        const string Anchor = "/mlflow-artifacts/artifacts";
        var root = artifactUri;
        if (artifactUri.StartsWith("mlflow-artifacts:", StringComparison.Ordinal))
        {
            var rest = artifactUri["mlflow-artifacts:".Length..];
            root = Proxied + (rest.StartsWith("//", StringComparison.Ordinal) ? rest[(rest.IndexOf('/', 2) + 1)..] : rest.TrimStart('/'));
        }
        else if (artifactUri.IndexOf(Anchor, StringComparison.Ordinal) is var at and >= 0)
        {
            root = Proxied + artifactUri[(at + Anchor.Length)..].TrimStart('/');
        }

        return path.Length == 0 ? root : $"{root.TrimEnd('/')}/{path}";
    }

    /// <summary>Puts files at an artifact URI.</summary>
    public MlflowState With(string artifactUri, params (string Path, byte[] Content)[] files)
    {
        foreach (var (path, content) in files)
            Artifacts[NameOf(artifactUri, path)] = content;
        return this;
    }

    /// <summary>What is directly in a folder: names, and lengths of files (null for folders), ordered as object stores do.</summary>
    public IReadOnlyList<(string Name, long? Size)> Children(string folder)
    {
        var prefix = folder.TrimEnd('/') + "/";
        var children = new SortedDictionary<string, long?>(StringComparer.Ordinal);
        foreach (var (name, content) in Artifacts)
        {
            if (!name.StartsWith(prefix, StringComparison.Ordinal))
                continue;
            var rest = name[prefix.Length..];
            var slash = rest.IndexOf('/', StringComparison.Ordinal);
            children[slash < 0 ? rest : rest[..slash]] = slash < 0 ? content.Length : null;
        }

        return [.. children.Select(child => (child.Key, child.Value))];
    }
}

/// <summary>A version of a registered model (proto <c>ModelVersion</c>).</summary>
/// <param name="Source">What it was made of: an artifact URI, or <c>models:/m-…</c> in MLflow 3.</param>
public sealed record MlflowVersion(string Source)
{
    /// <summary>The run that made it, or empty.</summary>
    public string RunId { get; init; } = "";

    /// <summary>One of <c>None</c>, <c>Staging</c>, <c>Production</c>, <c>Archived</c>.</summary>
    public string Stage { get; init; } = "None";

    /// <summary>One of <c>PENDING_REGISTRATION</c>, <c>FAILED_REGISTRATION</c>, <c>READY</c>.</summary>
    public string Status { get; init; } = "READY";

    /// <summary>Where the content is, where that isn't the source (the store's <c>storage_location</c>).</summary>
    public string? StorageLocation { get; init; }
}

/// <summary>A logged model (proto <c>LoggedModel</c>).</summary>
/// <param name="ArtifactUri">Where its files are.</param>
public sealed record MlflowLoggedModel(string ArtifactUri)
{
    /// <summary>One of <c>LOGGED_MODEL_PENDING</c>, <c>LOGGED_MODEL_READY</c>, <c>LOGGED_MODEL_UPLOAD_FAILED</c>.</summary>
    public string Status { get; init; } = "LOGGED_MODEL_READY";
}

using NixGen.Lock;

namespace NixGen.Sources.Mlflow;

/// <summary>Which model is meant.</summary>
public enum MlflowReferenceKind
{
    /// <summary>A version of a registered model, by its number.</summary>
    Version,

    /// <summary>The newest version of a registered model in a stage.</summary>
    Stage,

    /// <summary>The version of a registered model that an alias names.</summary>
    Alias,

    /// <summary>The newest version of a registered model.</summary>
    Latest,

    /// <summary>A logged model (MLflow 3), by its id.</summary>
    LoggedModel,

    /// <summary>Artifacts of a run.</summary>
    Run,
}

/// <summary>A model as MLflow's own URIs name it.</summary>
/// <param name="Kind">What the other two are.</param>
/// <param name="Name">The registered model's name, or the id of a logged model or run.</param>
/// <param name="Detail">The number, stage or alias; for logged models and runs the folder or file, empty for all there is.</param>
public sealed record MlflowReference(MlflowReferenceKind Kind, string Name, string Detail)
{
    private const string Models = "models:/";
    private const string Runs = "runs:/";
    private const string LatestWord = "latest";

    /// <summary>The URI, which is also the one spelling that the lock holds.</summary>
    public string Uri => Kind switch
    {
        MlflowReferenceKind.Alias => $"{Models}{Name}@{Detail}",
        MlflowReferenceKind.Latest => $"{Models}{Name}/{LatestWord}",
        MlflowReferenceKind.Run => Detail.Length == 0 ? Runs + Name : $"{Runs}{Name}/{Detail}",
        _ => Detail.Length == 0 ? Models + Name : $"{Models}{Name}/{Detail}",
    };

    /// <summary>What stays the same whichever version is locked.</summary>
    public string Id => Kind is MlflowReferenceKind.LoggedModel or MlflowReferenceKind.Run ? Uri : Models + Name;

    /// <summary>Understands <c>models:/name/3</c>, <c>models:/name/Production</c>, <c>models:/name/latest</c>, <c>models:/name@alias</c>, <c>models:/m-…</c> and <c>runs:/id/path</c>. Says what is wrong with a text, as the end of a sentence that begins with it.</summary>
    public static (MlflowReference? Reference, string? Problem) Parse(string text)
    {
        if (text.StartsWith(Runs, StringComparison.Ordinal))
        {
            var (id, path) = Cut(text[Runs.Length..], '/');
            return OfRun(id, path ?? "");
        }

        if (!text.StartsWith(Models, StringComparison.Ordinal))
        {
            return (null, $"begins with neither '{Models}' nor '{Runs}'");
        }

        var rest = text[Models.Length..];
        if (rest.StartsWith('/'))
        {
            return (null, "names a registry of its own, which is Databricks' way; nixgen asks the server of 'trackingUri'");
        }

        var (first, behind) = Cut(rest, '/');
        if (MlflowNames.IsLoggedModel(first))
        {
            return OfFolder(MlflowReferenceKind.LoggedModel, first, behind ?? "");
        }

        if (behind is not null)
        {
            return OfVersion(first, behind);
        }

        var at = rest.LastIndexOf('@');
        return at < 0
            ? (null, $"says no version: write '{Models}name/3', '{Models}name@alias' or '{Models}name/{LatestWord}'")
            : OfAlias(rest[..at], rest[(at + 1)..]);
    }

    /// <summary>A version of a registered model: its number, <c>latest</c>, or a stage.</summary>
    public static (MlflowReference? Reference, string? Problem) OfVersion(string name, string version)
    {
        if (MlflowNames.NameProblem(name) is { } wrongName)
        {
            return (null, wrongName);
        }

        if (string.Equals(version, LatestWord, StringComparison.OrdinalIgnoreCase))
        {
            return (new(MlflowReferenceKind.Latest, name, ""), null);
        }

        if (MlflowNames.VersionProblem(version) is null)
        {
            return (new(MlflowReferenceKind.Version, name, version), null);
        }

        return MlflowNames.Stage(version) is { } stage
            ? (new(MlflowReferenceKind.Stage, name, stage), null)
            : (null, $"names a version that {MlflowNames.VersionProblem(version)}, and no stage either ({string.Join(", ", MlflowNames.Stages)})");
    }

    /// <summary>The version that an alias names.</summary>
    public static (MlflowReference? Reference, string? Problem) OfAlias(string name, string alias) =>
        (MlflowNames.NameProblem(name) ?? MlflowNames.AliasProblem(alias)) is { } problem
            ? (null, problem)
            : (new(MlflowReferenceKind.Alias, name, alias), null);

    /// <summary>Artifacts of a run.</summary>
    public static (MlflowReference? Reference, string? Problem) OfRun(string id, string path) =>
        MlflowNames.RunProblem(id) is { } problem ? (null, problem) : OfFolder(MlflowReferenceKind.Run, id, path);

    private static (MlflowReference? Reference, string? Problem) OfFolder(MlflowReferenceKind kind, string id, string path)
    {
        var folder = path.TrimEnd('/');
        return folder.Length > 0 && LockedPath.Problem(folder) is { } problem
            ? (null, $"names a path that {problem}")
            : (new(kind, id, folder), null);
    }

    private static (string First, string? Behind) Cut(string text, char separator)
    {
        var at = text.IndexOf(separator, StringComparison.Ordinal);
        return at < 0 ? (text, null) : (text[..at], text[(at + 1)..]);
    }
}

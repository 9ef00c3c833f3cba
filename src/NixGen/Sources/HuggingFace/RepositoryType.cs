namespace NixGen.Sources.HuggingFace;

/// <summary>What a repository of the Hub holds.</summary>
public enum RepositoryType
{
    /// <summary>A model.</summary>
    Model,

    /// <summary>A dataset.</summary>
    Dataset,

    /// <summary>A Space, which is an application.</summary>
    Space,
}

/// <summary>The spellings of repository types.</summary>
public static class RepositoryTypes
{
    /// <summary>As manifests and locks write it: <c>model</c>, <c>dataset</c>, <c>space</c>.</summary>
    public static string Name(this RepositoryType type) => type switch
    {
        RepositoryType.Dataset => "dataset",
        RepositoryType.Space => "space",
        _ => "model",
    };

    /// <summary>As URLs of the API write it: <c>models</c>, <c>datasets</c>, <c>spaces</c>.</summary>
    public static string Plural(this RepositoryType type) => type.Name() + "s";

    /// <summary>What stands before the repository's id in URLs of pages and files: nothing for models, else <c>datasets/</c> or <c>spaces/</c>.</summary>
    public static string UrlPrefix(this RepositoryType type) => type == RepositoryType.Model ? "" : type.Plural() + "/";

    /// <summary>The type of a name, or null.</summary>
    public static RepositoryType? Parse(string name) => name switch
    {
        "model" => RepositoryType.Model,
        "dataset" => RepositoryType.Dataset,
        "space" => RepositoryType.Space,
        _ => null,
    };

    /// <summary>The type of a plural, as URLs write it, or null.</summary>
    public static RepositoryType? ParsePlural(string plural) => plural switch
    {
        "models" => RepositoryType.Model,
        "datasets" => RepositoryType.Dataset,
        "spaces" => RepositoryType.Space,
        _ => null,
    };
}

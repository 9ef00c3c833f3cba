namespace NixGen.Sources.Mlflow;

/// <summary>A way to the files at an artifact URI: what is in a folder, and where a file's content is.</summary>
internal abstract record ArtifactStore
{
    /// <summary>What the lock and messages say of where the files are; holds no secret.</summary>
    public abstract string Storage { get; }

    /// <summary>The question what is in a folder.</summary>
    /// <param name="folder">Path below the root; empty for the root itself.</param>
    /// <param name="page">The token of the page, or null for the first.</param>
    public abstract Uri List(string folder, string? page);

    /// <summary>The name of a listed entry in its folder, from the path that the listing states; null where that lies elsewhere.</summary>
    public abstract string? NameOf(string folder, string listedPath);

    /// <summary>The URL of a file's content.</summary>
    public abstract Uri Content(string path);

    /// <summary>The same store one folder higher, and the name that this one's root has there; null where that would leave what was asked for.</summary>
    public abstract (ArtifactStore Store, string Name)? Parent { get; }

    /// <summary>Whether <see cref="Storage"/> and a path make the content's URL, so that the lock needn't state it.</summary>
    public virtual bool IsBase => false;

    /// <summary>The last segment of a path, and what is before it.</summary>
    protected static (string Folder, string Name) Split(string path)
    {
        var slash = path.LastIndexOf('/');
        return slash < 0 ? ("", path) : (path[..slash], path[(slash + 1)..]);
    }

    /// <summary>Two paths in one; either may be empty.</summary>
    protected static string Join(string folder, string path) => folder.Length == 0 ? path : path.Length == 0 ? folder : $"{folder}/{path}";

    /// <summary>What follows a folder in a path, where that is one name.</summary>
    protected static string? NameBelow(string folder, string path)
    {
        var name = folder.Length > 0 && path.StartsWith(folder + "/", StringComparison.Ordinal) ? path[(folder.Length + 1)..] : path;
        return name.Contains('/', StringComparison.Ordinal) ? null : name;
    }
}

/// <summary>Files behind an artifact proxy (<c>mlflow server --serve-artifacts</c>): listed by their last names, and sent without ranges.</summary>
/// <param name="Proxy">URL of the proxy, up to <c>/mlflow-artifacts/artifacts</c>.</param>
/// <param name="Root">Path there; not escaped.</param>
/// <param name="Below">How much of <paramref name="Root"/>'s end was asked for by path.</param>
internal sealed record ProxiedStore(string Proxy, string Root, string Below) : ArtifactStore
{
    public override string Storage => Root.Length == 0 ? Proxy : $"{Proxy}/{MlflowAddress.Escape(Root)}";

    public override bool IsBase => true;

    public override (ArtifactStore Store, string Name)? Parent =>
        Below.Length == 0 ? null : (new ProxiedStore(Proxy, Split(Root).Folder, Split(Below).Folder), Split(Root).Name);

    public override Uri List(string folder, string? page) => new(
        $"{Proxy}?path={Uri.EscapeDataString(Join(Root, folder))}{(page is null ? "" : $"&page_token={Uri.EscapeDataString(page)}")}");

    // Some state the whole path, as the other listings do.
    public override string? NameOf(string folder, string listedPath) => NameBelow(Join(Root, folder), listedPath);

    public override Uri Content(string path) => new($"{Storage}/{MlflowAddress.Escape(path)}");
}

/// <summary>Files of a run that lie in another store, through the tracking server.</summary>
/// <param name="Server">The server.</param>
/// <param name="Run">The run's id.</param>
/// <param name="Root">Path below the run's artifacts.</param>
/// <param name="Stated">The artifact URI.</param>
/// <param name="Below">How much of <paramref name="Root"/>'s end was asked for by path.</param>
internal sealed record RunStore(MlflowServer Server, string Run, string Root, string Stated, string Below) : ArtifactStore
{
    public override string Storage => Join(Stated, Below);

    public override (ArtifactStore Store, string Name)? Parent => Below.Length == 0
        ? null
        : (this with { Root = Split(Root).Folder, Below = Split(Below).Folder }, Split(Root).Name);

    public override Uri List(string folder, string? page)
    {
        var path = Join(Root, folder);
        return (path.Length, page) switch
        {
            (0, null) => Server.Api("mlflow/artifacts/list", ("run_id", Run)),
            (_, null) => Server.Api("mlflow/artifacts/list", ("run_id", Run), ("path", path)),
            _ => Server.Api("mlflow/artifacts/list", ("run_id", Run), ("path", path), ("page_token", page)),
        };
    }

    public override string? NameOf(string folder, string listedPath) => NameBelow(Join(Root, folder), listedPath);

    public override Uri Content(string path) => Server.Url("get-artifact", ("run_id", Run), ("path", Join(Root, path)));
}

/// <summary>Files of a logged model that lie in another store, through the tracking server (MLflow 3).</summary>
/// <param name="Server">The server.</param>
/// <param name="Id">The logged model's id.</param>
/// <param name="Root">Path below the model.</param>
/// <param name="Stated">The artifact URI.</param>
internal sealed record LoggedModelStore(MlflowServer Server, string Id, string Root, string Stated) : ArtifactStore
{
    public override string Storage => Join(Stated, Root);

    public override (ArtifactStore Store, string Name)? Parent =>
        Root.Length == 0 ? null : (this with { Root = Split(Root).Folder }, Split(Root).Name);

    private string Route => $"mlflow/logged-models/{Id}/artifacts";

    public override Uri List(string folder, string? page)
    {
        var path = Join(Root, folder);
        return (path.Length, page) switch
        {
            (0, null) => Server.Api($"{Route}/directories"),
            (_, null) => Server.Api($"{Route}/directories", ("artifact_directory_path", path)),
            _ => Server.Api($"{Route}/directories", ("artifact_directory_path", path), ("page_token", page)),
        };
    }

    public override string? NameOf(string folder, string listedPath) => NameBelow(Join(Root, folder), listedPath);

    public override Uri Content(string path) => Server.Url($"ajax-api/2.0/{Route}/files", ("artifact_file_path", Join(Root, path)));
}

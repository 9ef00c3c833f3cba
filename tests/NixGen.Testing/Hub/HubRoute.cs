using System.Collections.Immutable;

namespace NixGen.Testing.Hub;

/// <summary>A request's target, taken apart. Segments are split before they are decoded, as the Hub does it: a revision holds encoded slashes.</summary>
internal sealed record HubRoute(
    HubRequestKind Kind,
    HubRepositoryKind RepositoryKind = HubRepositoryKind.Model,
    string? Repository = null,
    string Action = "",
    string? Revision = null,
    string Path = "")
{
    private static readonly ImmutableHashSet<string> Actions =
        ImmutableHashSet.Create(StringComparer.Ordinal, "revision", "tree", "paths-info", "refs", "commits", "auth-check", "treesize", "scan", "xet-read-token");

    /// <summary>Where in the raw path the repository's id lies: the same path with another id is made from it.</summary>
    public (int Start, int Count) IdSegments { get; init; }

    public static HubRoute Parse(string rawPath)
    {
        var raw = rawPath.TrimStart('/').Split('/');
        var segments = Array.ConvertAll(raw, Uri.UnescapeDataString);
        return segments switch
        {
            ["api", "whoami-v2"] => new HubRoute(HubRequestKind.Api, Action: "whoami-v2"),
            ["api", "resolve-cache", "models" or "datasets" or "spaces", _, ..] => Repositories(HubRequestKind.ResolveCache, segments, 3),
            ["api", "models" or "datasets" or "spaces", _, ..] => Repositories(HubRequestKind.Api, segments, 2),
            ["datasets" or "spaces", _, ..] => Repositories(HubRequestKind.Resolve, segments, 1),
            _ => Repositories(HubRequestKind.Resolve, segments, 0),
        };
    }

    /// <summary>The raw path with another repository in place of the one named.</summary>
    public string WithRepository(string rawPath, string id)
    {
        var raw = rawPath.TrimStart('/').Split('/').ToList();
        raw.RemoveRange(IdSegments.Start, IdSegments.Count);
        raw.InsertRange(IdSegments.Start, id.Split('/'));
        return "/" + string.Join('/', raw);
    }

    private static HubRoute Repositories(HubRequestKind kind, string[] segments, int start)
    {
        var repositoryKind = start == 0 ? HubRepositoryKind.Model : segments[start - 1] switch
        {
            "datasets" => HubRepositoryKind.Dataset,
            "spaces" => HubRepositoryKind.Space,
            _ => HubRepositoryKind.Model,
        };
        var idLength = IdLength(kind, segments, start);
        if (idLength == 0)
            return new HubRoute(HubRequestKind.Page);
        var id = string.Join('/', segments, start, idLength);
        var rest = segments.AsSpan(start + idLength);
        var route = new HubRoute(kind, repositoryKind, id) { IdSegments = (start, idLength) };
        if (kind == HubRequestKind.ResolveCache)
            return rest.Length < 2 ? new HubRoute(HubRequestKind.Page) : route with { Action = "resolve-cache", Revision = rest[0], Path = string.Join('/', rest[1..].ToArray()) };
        if (rest.IsEmpty)
            return kind == HubRequestKind.Api ? route : new HubRoute(HubRequestKind.Page);
        var action = rest[0];
        var (revision, path) = Split(rest[1..]);
        return route with { Kind = action == "raw" && kind == HubRequestKind.Resolve ? HubRequestKind.Raw : kind, Action = action, Revision = revision, Path = path };
    }

    private static int IdLength(HubRequestKind kind, string[] segments, int start)
    {
        var left = segments.Length - start;
        switch (kind)
        {
            case HubRequestKind.Api:
                return left >= 2 && !Actions.Contains(segments[start + 1]) ? 2 : 1;
            case HubRequestKind.ResolveCache:
                // The commit follows: 40 digits, which no repository is called.
                return left >= 2 && segments[start + 1].Length != 40 ? 2 : 1;
            default:
                return left >= 4 && segments[start + 2] is "resolve" or "raw" ? 2 : left >= 3 && segments[start + 1] is "resolve" or "raw" ? 1 : 0;
        }
    }

    private static (string? Revision, string Path) Split(ReadOnlySpan<string> rest)
    {
        if (rest.IsEmpty)
            return (null, "");
        // The Hub knows its own refs with slashes in plain form too.
        var length = rest.Length >= 3 && rest[0] == "refs" && rest[1] is "pr" or "convert" ? 3 : 1;
        return (string.Join('/', rest[..length].ToArray()), string.Join('/', rest[length..].ToArray()).TrimEnd('/'));
    }
}

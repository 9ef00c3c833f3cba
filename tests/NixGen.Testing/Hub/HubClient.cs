using System.Collections.Immutable;
using System.Text.Json;

namespace NixGen.Testing.Hub;

/// <summary>The official client (<c>@huggingface/hub</c>), run by node: an independent reader of the Hub and of its cache folders.</summary>
public static class HubClient
{
    private static readonly NodeClient Client = new("hub-client");

    /// <summary>Runs one of the scripts of <c>tests/hub-client</c> with a JSON argument and returns its JSON result.</summary>
    /// <exception cref="HubClientException">The client reported an error.</exception>
    public static Task<JsonElement> RunAsync(string script, params (string Name, object? Value)[] arguments) => RunAsync([], script, arguments);

    /// <summary>Likewise, by way of another command that runs the one that it is given.</summary>
    public static async Task<JsonElement> RunAsync(IReadOnlyList<string> by, string script, params (string Name, object? Value)[] arguments)
    {
        var (result, error) = await Client.RunAsync(by, script, arguments);
        return error is null ? result : throw new HubClientException($"{script}: {error.Message}", error.Status);
    }

    /// <summary>Downloads a snapshot into a cache folder; returns the snapshot's folder.</summary>
    public static async Task<string> SnapshotAsync(string hubUrl, string repository, string cacheFolder, string type = "model", string? revision = null, string? token = null)
    {
        var result = await RunAsync("snapshot.mjs", ("hubUrl", hubUrl), ("repo", repository), ("type", type), ("revision", revision), ("cacheDir", cacheFolder), ("accessToken", token));
        return result.GetString() ?? throw new HubClientException("snapshot.mjs returned no folder", status: null);
    }

    /// <summary>Says what the client finds in a cache folder, files in folders of a snapshot aside: it doesn't look there.</summary>
    /// <param name="cacheFolder">What <c>HF_HUB_CACHE</c> would name.</param>
    /// <param name="by">A command that runs the client where that folder can be read, if not here.</param>
    public static async Task<HubCache> ScanCacheAsync(string cacheFolder, IReadOnlyList<string>? by = null)
    {
        var result = await RunAsync(by ?? [], "scan-cache.mjs", ("cacheDir", cacheFolder));
        return new HubCache(
            [.. result.GetProperty("repos").EnumerateArray().Select(ReadRepository)],
            [.. result.GetProperty("warnings").EnumerateArray().Select(Text)]);
    }

    private static HubCachedRepository ReadRepository(JsonElement repository) => new(
        Text(repository.GetProperty("id").GetProperty("type")),
        Text(repository.GetProperty("id").GetProperty("name")),
        [.. repository.GetProperty("revisions").EnumerateArray().Select(revision => new HubCachedRevision(
            Text(revision.GetProperty("commitOid")),
            [.. revision.GetProperty("refs").EnumerateArray().Select(Text).Order(StringComparer.Ordinal)],
            revision.GetProperty("files").EnumerateArray().ToImmutableSortedDictionary(
                file => Path.GetFileName(Text(file.GetProperty("path"))),
                file => new HubCachedFile(Text(file.GetProperty("blob").GetProperty("path")), file.GetProperty("blob").GetProperty("size").GetInt64()),
                StringComparer.Ordinal)))]);

    private static string Text(JsonElement element) => element.GetString() ?? "";
}

/// <summary>The official client failed, or the Hub refused it.</summary>
/// <param name="message">What it said.</param>
/// <param name="status">The HTTP status that it had, or null.</param>
public sealed class HubClientException(string message, int? status) : Exception(message)
{
    public int? Status { get; } = status;
}

/// <summary>What the official client finds in a cache folder.</summary>
public sealed record HubCache(ImmutableArray<HubCachedRepository> Repositories, ImmutableArray<string> Warnings);

/// <summary>A repository in a cache folder.</summary>
/// <param name="Type">model, dataset or space.</param>
/// <param name="Name">The id.</param>
/// <param name="Revisions">Its snapshots.</param>
public sealed record HubCachedRepository(string Type, string Name, ImmutableArray<HubCachedRevision> Revisions);

/// <summary>A snapshot of it.</summary>
/// <param name="Commit">40 hexadecimal digits.</param>
/// <param name="Refs">Refs without a slash in their name that lead here.</param>
/// <param name="Files">Files in the root of the snapshot, by name.</param>
public sealed record HubCachedRevision(string Commit, ImmutableArray<string> Refs, ImmutableSortedDictionary<string, HubCachedFile> Files);

/// <summary>A file of that, links followed.</summary>
/// <param name="BlobPath">Where the link leads in the end, absolute.</param>
/// <param name="Size">Length in bytes.</param>
public sealed record HubCachedFile(string BlobPath, long Size);

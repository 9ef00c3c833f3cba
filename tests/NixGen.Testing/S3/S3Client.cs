using System.Text.Json;

namespace NixGen.Testing.S3;

/// <summary>The vendor's own client (<c>@aws-sdk/client-s3</c>), run by node: it writes what nixgen reads, and reads it back.</summary>
/// <param name="endpoint">The server's address.</param>
/// <param name="account">Whose key signs.</param>
/// <param name="region">The region that it signs for.</param>
public sealed class S3Client(string endpoint, S3Account account, string region = "us-east-1")
{
    private static readonly NodeClient Node = new("s3-client");

    internal static NodeClient Scripts => Node;

    /// <summary>Writes objects; those of several parts in parts of equal length.</summary>
    public async Task PutAsync(string bucket, params S3Upload[] objects) =>
        await RunAsync("put.mjs", ("bucket", bucket), ("objects", objects.Select(upload => new
        {
            key = upload.Key,
            base64 = Convert.ToBase64String(upload.Content),
            checksum = upload.WithSha256 ? "SHA256" : null,
            parts = upload.Parts,
        })));

    /// <summary>All keys below a prefix, with their sizes in bytes.</summary>
    public async Task<IReadOnlyList<(string Key, long Size)>> ListAsync(string bucket, string prefix = "")
    {
        var rows = await RunAsync("list.mjs", ("bucket", bucket), ("prefix", prefix));
        return [.. rows.EnumerateArray().Select(row => (Text(row, "key") ?? "", row.GetProperty("size").GetInt64()))];
    }

    /// <summary>What the client is told of an object, and its content.</summary>
    public async Task<S3Seen> ReadAsync(string bucket, string key, string? versionId = null)
    {
        var seen = await RunAsync("head.mjs", ("bucket", bucket), ("key", key), ("versionId", versionId));
        return new(Convert.FromBase64String(Text(seen, "base64") ?? ""), Text(seen, "versionId"), Text(seen, "sha256"), Text(seen, "checksumType"));
    }

    /// <summary>The error that reading an object ends with.</summary>
    public async Task<NodeError> FailAsync(string bucket, string key)
    {
        var (_, error) = await Node.RunAsync([], "head.mjs", [.. Connection, ("bucket", bucket), ("key", key)]);
        return error ?? throw new InvalidOperationException($"{key} could be read.");
    }

    private (string Name, object? Value)[] Connection =>
        [("endpoint", endpoint), ("region", region), ("keyId", account.KeyId), ("secret", account.Secret), ("sessionToken", account.SessionToken)];

    private Task<JsonElement> RunAsync(string script, params (string Name, object? Value)[] arguments) =>
        Node.RunAsync(script, [.. Connection, .. arguments]);

    private static string? Text(JsonElement row, string name) => row.GetProperty(name).GetString();
}

/// <summary>An object to write.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Content">Its bytes.</param>
/// <param name="WithSha256">Whether the client states their SHA-256.</param>
/// <param name="Parts">In how many parts it goes out.</param>
public sealed record S3Upload(string Key, byte[] Content, bool WithSha256 = false, int Parts = 1);

/// <summary>An object as the client saw it.</summary>
/// <param name="Content">Its bytes.</param>
/// <param name="VersionId">Its version, or null.</param>
/// <param name="Sha256">The checksum, or null.</param>
/// <param name="ChecksumType">Of what it is: <c>FULL_OBJECT</c> or <c>COMPOSITE</c>; or null.</param>
public sealed record S3Seen(byte[] Content, string? VersionId, string? Sha256, string? ChecksumType);

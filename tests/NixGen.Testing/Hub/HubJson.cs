using System.Globalization;
using System.Text.Json;

namespace NixGen.Testing.Hub;

/// <summary>The Hub's JSON for its objects.</summary>
internal static class HubJson
{
    /// <summary>What stands before a repository's id in URLs.</summary>
    public static string Prefix(HubRepositoryKind kind) => kind == HubRepositoryKind.Model ? "" : Plural(kind) + "/";

    public static string Plural(HubRepositoryKind kind) => kind switch
    {
        HubRepositoryKind.Dataset => "datasets",
        HubRepositoryKind.Space => "spaces",
        _ => "models",
    };

    public static string Date(DateTimeOffset date) => date.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>A row of <c>tree</c> or <c>paths-info</c>.</summary>
    public static void WriteRow(Utf8JsonWriter json, HubTreeRow row, bool expand, bool redacted)
    {
        json.WriteStartObject();
        json.WriteString("type", row.File is null ? "directory" : "file");
        json.WriteString("oid", row.Oid);
        json.WriteNumber("size", row.File?.File.Content.Size ?? 0);
        if (row.File?.File is { IsLfs: true } file)
        {
            json.WriteStartObject("lfs");
            json.WriteString("oid", redacted ? LoopbackHub.Redacted : file.Content.Sha256);
            json.WriteNumber("size", file.Content.Size);
            json.WriteNumber("pointerSize", file.PointerSize);
            json.WriteEndObject();
            if (file.HasXet)
                json.WriteString("xetHash", redacted ? LoopbackHub.Redacted : file.XetHash);
        }

        json.WriteString("path", row.Path);
        if (expand && row.LastCommit is { } commit)
        {
            json.WriteStartObject("lastCommit");
            json.WriteString("id", commit.Id);
            json.WriteString("title", commit.Title);
            json.WriteString("date", Date(commit.Date));
            json.WriteEndObject();
        }

        if (expand && row.File is { } scanned)
        {
            json.WriteStartObject("securityFileStatus");
            json.WriteString("status", scanned.File.SecurityStatus);
            foreach (var scanner in new[] { "avScan", "pickleImportScan" })
            {
                json.WriteStartObject(scanner);
                json.WriteString("status", scanned.File.SecurityStatus);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    /// <summary>A commit of the history.</summary>
    public static void WriteCommit(Utf8JsonWriter json, HubCommit commit)
    {
        json.WriteStartObject();
        json.WriteString("id", commit.Id);
        json.WriteString("title", commit.Title);
        json.WriteString("message", "");
        json.WriteStartArray("authors");
        json.WriteStartObject();
        json.WriteString("user", commit.Author);
        json.WriteString("avatar", "");
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteString("date", Date(commit.Date));
        json.WriteEndObject();
    }
}

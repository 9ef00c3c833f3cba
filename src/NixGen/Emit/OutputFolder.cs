using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using NixGen.Diagnostics;

namespace NixGen.Emit;

/// <summary>What nixgen wrote into a folder earlier: it deletes these files and no others.</summary>
/// <param name="Files">Relative paths with <c>/</c>, ordered ordinally; without the list itself.</param>
public sealed record OutputFolder(ImmutableSortedSet<string> Files)
{
    /// <summary>Name of the file that lists what nixgen wrote.</summary>
    public const string ListName = ".nixgen-files.json";

    /// <summary>The list for a plan, as the bytes of <see cref="ListName"/>: canonical JSON, one path a line.</summary>
    public static ReadOnlyMemory<byte> List(IEnumerable<string> paths)
    {
        var text = new StringBuilder("{\n  \"version\": 1,\n  \"files\": [");
        var separator = "\n";
        foreach (var path in paths.Order(StringComparer.Ordinal))
        {
            text.Append(separator).Append("    \"").Append(JsonEncodedText.Encode(path)).Append('"');
            separator = ",\n";
        }

        return Encoding.UTF8.GetBytes(text.Append("\n  ]\n}\n").ToString());
    }

    /// <summary>Reads a folder's list. Null with a diagnostic where the folder is somebody else's; no files where it is missing or empty.</summary>
    /// <param name="folder">Absolute path.</param>
    /// <param name="diagnostics">Where refusals go.</param>
    public static OutputFolder? Read(string folder, DiagnosticBag diagnostics)
    {
        var none = new OutputFolder(ImmutableSortedSet.Create<string>(StringComparer.Ordinal));
        if (File.Exists(folder))
        {
            diagnostics.Add(EmitDiagnostics.FileIsForeign(folder));
            return null;
        }

        var list = Path.Combine(folder, ListName);
        if (!File.Exists(list))
        {
            if (!Directory.Exists(folder) || !Directory.EnumerateFileSystemEntries(folder).Any())
            {
                return none;
            }

            diagnostics.Add(EmitDiagnostics.FolderIsForeign(folder));
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(list));
            var paths = document.RootElement.GetProperty("files").EnumerateArray()
                .Select(item => item.GetString() ?? "")
                .ToImmutableSortedSet(StringComparer.Ordinal);
            var unsafePath = paths.FirstOrDefault(path => !OutputPath.IsSafe(path));
            if (unsafePath is null)
            {
                return new(paths);
            }

            diagnostics.Add(EmitDiagnostics.ListIsBroken(list, "it names a path outside the folder"));
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            diagnostics.Add(EmitDiagnostics.ListIsBroken(list, "it is not nixgen's list of files"));
        }

        return null;
    }
}

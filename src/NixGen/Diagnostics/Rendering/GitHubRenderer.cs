using System.Collections.Immutable;
using System.Text;

namespace NixGen.Diagnostics.Rendering;

/// <summary>Diagnostics as workflow commands of GitHub Actions: <c>::error file=…,line=…::message</c>, one a line.</summary>
internal static class GitHubRenderer
{
    /// <summary>Writes the commands.</summary>
    public static void Write(ImmutableArray<Diagnostic> diagnostics, TextWriter output)
    {
        foreach (var item in diagnostics)
        {
            output.Write(Command(item));
            output.Write('\n');
        }
    }

    private static string Command(Diagnostic item)
    {
        var command = new StringBuilder("::");
        command.Append(item.Severity switch
        {
            Severity.Error => "error",
            Severity.Warning => "warning",
            _ => "notice",
        }).Append(' ');
        if (item.Location is { } place)
        {
            command.Append($"file={Property(place.Source.Path)},line={place.Start.Line},endLine={place.End.Line},");

            // Columns are understood within one line only.
            if (place.Start.Line == place.End.Line)
            {
                command.Append($"col={place.Start.Column},endColumn={place.End.Column},");
            }
        }

        return command
            .Append($"title={Property($"{item.Code}: {item.Descriptor.Title}")}")
            .Append("::")
            .Append(Data(DiagnosticProse.Whole(item)))
            .ToString();
    }

    private static string Data(string text) => text
        .Replace("%", "%25", StringComparison.Ordinal)
        .Replace("\r", "%0D", StringComparison.Ordinal)
        .Replace("\n", "%0A", StringComparison.Ordinal);

    private static string Property(string text) => Data(text)
        .Replace(":", "%3A", StringComparison.Ordinal)
        .Replace(",", "%2C", StringComparison.Ordinal);
}

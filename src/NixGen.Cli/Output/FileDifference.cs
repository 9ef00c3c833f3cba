using System.Text;
using DiffPlex;
using DiffPlex.DiffBuilder;
using DiffPlex.DiffBuilder.Model;
using NixGen.Diagnostics;

namespace NixGen.Cli.Output;

/// <summary>A checked-in file that is not what would be written.</summary>
/// <param name="Path">The path as the user wrote it.</param>
/// <param name="Old">What is there, or null for nothing.</param>
/// <param name="New">What would be written, or null for nothing.</param>
internal sealed record FileDifference(string Path, string? Old, string? New)
{
    private const int Context = 3;
    private const int MaximumLines = 200;

    /// <summary>Where the file begins to differ, or null where it is missing.</summary>
    public SourceSpan? Place
    {
        get
        {
            if (Old is null)
            {
                return null;
            }

            var common = Old.AsSpan().CommonPrefixLength(New);
            var end = common < Old.Length ? Old.IndexOf('\n', common) : -1;
            return new SourceText(Path, Old).At(new(common, end > common ? end - common : 0));
        }
    }

    /// <summary>Compares a file with what it should hold; null where they are the same.</summary>
    /// <param name="full">Absolute path.</param>
    /// <param name="shown">The path as the user wrote it.</param>
    /// <param name="expected">The content, or null where the file should not be there.</param>
    public static FileDifference? Of(string full, string shown, ReadOnlyMemory<byte>? expected)
    {
        var actual = File.Exists(full) ? File.ReadAllBytes(full) : null;
        return actual is null && expected is null ? null
            : actual is not null && expected is { } bytes && actual.AsSpan().SequenceEqual(bytes.Span) ? null
            : new(shown, actual is null ? null : Encoding.UTF8.GetString(actual), expected is { } content ? Encoding.UTF8.GetString(content.Span) : null);
    }

    /// <summary>The difference as a unified diff (GNU diffutils, "Unified Format"), without bulk beyond 200 lines.</summary>
    public void Write(TextWriter writer)
    {
        writer.WriteLine(Old is null ? "--- /dev/null" : $"--- {VisibleText.Escape(Path)}");
        writer.WriteLine(New is null ? "+++ /dev/null" : $"+++ {VisibleText.Escape(Path)} (as it would be written)");
        var lines = new InlineDiffBuilder(new Differ()).BuildDiffModel(Old ?? "", New ?? "", ignoreWhitespace: false).Lines;
        var written = 0;
        foreach (var (start, end) in Hunks(lines))
        {
            var (oldStart, newStart) = Position(lines, start);
            var oldCount = lines.Skip(start).Take(end - start).Count(line => line.Type != ChangeType.Inserted);
            var newCount = lines.Skip(start).Take(end - start).Count(line => line.Type != ChangeType.Deleted);
            writer.WriteLine($"@@ -{oldStart},{oldCount} +{newStart},{newCount} @@");
            foreach (var line in lines.Skip(start).Take(end - start))
            {
                if (written++ == MaximumLines)
                {
                    writer.WriteLine("… and more");
                    return;
                }

                var mark = line.Type switch { ChangeType.Inserted => '+', ChangeType.Deleted => '-', _ => ' ' };
                writer.WriteLine($"{mark}{VisibleText.Escape(line.Text)}");
            }
        }
    }

    private static IEnumerable<(int Start, int End)> Hunks(List<DiffPiece> lines)
    {
        var start = -1;
        var end = -1;
        for (var i = 0; i < lines.Count; i++)
        {
            if (lines[i].Type == ChangeType.Unchanged)
            {
                continue;
            }

            if (start >= 0 && i - Context > end)
            {
                yield return (start, end);
                start = -1;
            }

            start = start < 0 ? Math.Max(0, i - Context) : start;
            end = Math.Min(lines.Count, i + Context + 1);
        }

        if (start >= 0)
        {
            yield return (start, end);
        }
    }

    private static (int Old, int New) Position(List<DiffPiece> lines, int index)
    {
        var before = lines.Take(index).ToList();
        return (before.Count(line => line.Type != ChangeType.Inserted) + 1, before.Count(line => line.Type != ChangeType.Deleted) + 1);
    }
}

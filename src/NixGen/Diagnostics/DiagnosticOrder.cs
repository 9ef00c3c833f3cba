using System.Collections.Immutable;

namespace NixGen.Diagnostics;

/// <summary>The one order in which diagnostics are shown.</summary>
public static class DiagnosticOrder
{
    /// <summary>By file, place, code and message, each once; those without a place come first, in the order in which they were found.</summary>
    public static ImmutableArray<Diagnostic> Sort(IEnumerable<Diagnostic> diagnostics)
    {
        var seen = new HashSet<(string Code, string? Path, TextSpan? Span, string Message)>();
        var once = new List<Diagnostic>();
        foreach (var item in diagnostics)
        {
            if (seen.Add((item.Code, item.Location?.Source.Path, item.Location?.Span, item.Message)))
            {
                once.Add(item);
            }
        }

        return
        [
            .. once
                .OrderBy(item => item.Location?.Source.Path, StringComparer.Ordinal)
                .ThenBy(item => item.Location?.Span.Start ?? 0)
                .ThenBy(item => item.Location is null ? "" : item.Code, StringComparer.Ordinal)
                .ThenBy(item => item.Location is null ? "" : item.Message, StringComparer.Ordinal),
        ];
    }
}

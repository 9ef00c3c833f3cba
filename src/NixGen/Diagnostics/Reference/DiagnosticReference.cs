using System.Text;

namespace NixGen.Diagnostics.Reference;

/// <summary>Makes the reference page of all diagnostics, <c>docs/reference/diagnostics.md</c>.</summary>
public static class DiagnosticReference
{
    private static readonly (char Digit, string Title)[] Stages =
    [
        ('1', "The manifest"), ('2', "The lock"), ('3', "Resolving"), ('4', "Emitting"), ('5', "The command line"),
    ];

    /// <summary>The page as markdown, ordered by code, with line feeds and one at the end.</summary>
    /// <param name="descriptors">The descriptors of all stages, in any order.</param>
    public static string Markdown(IEnumerable<DiagnosticDescriptor> descriptors)
    {
        var ordered = descriptors.OrderBy(item => item.Code, StringComparer.Ordinal).ToList();
        var page = new StringBuilder();
        page.Append("# Diagnostics\n\n");
        page.Append("<!-- Made from the source by `nixgen`; a test compares it. -->\n\n");
        page.Append("Every diagnostic has a code that stays the same. ");
        page.Append("`--format json`, `sarif` and `github` print them for programs.\n");
        foreach (var (digit, title) in Stages)
        {
            var stage = ordered.Where(item => item.Code is ['N', 'G', var first, ..] && first == digit).ToList();
            if (stage.Count > 0)
            {
                page.Append($"\n## {title}\n");
                stage.ForEach(item => Append(page, item));
            }
        }

        return page.ToString();
    }

    private static void Append(StringBuilder page, DiagnosticDescriptor item)
    {
        var severity = item.Severity switch
        {
            Severity.Error => $"Error, exit code {ExitCode(item.Kind)}.",
            Severity.Warning => "Warning.",
            _ => "Note.",
        };
        page.Append($"\n### {item.Code}: {item.Title}\n\n{severity} {item.Explanation}\n");
    }

    private static int ExitCode(FailureKind kind) => kind switch
    {
        FailureKind.Usage => 2,
        FailureKind.Stale => 3,
        FailureKind.Upstream => 4,
        FailureKind.ContentMismatch => 5,
        _ => 1,
    };
}

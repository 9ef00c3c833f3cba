using System.Text;

namespace NixGen.Diagnostics.Rendering;

/// <summary>All that a diagnostic says, as lines of plain text, for formats that have one field for it.</summary>
internal static class DiagnosticProse
{
    /// <summary>Message, expected, found and help, a line each.</summary>
    public static string Whole(Diagnostic item)
    {
        var text = new StringBuilder(VisibleText.Escape(item.Message));
        Append("expected", item.Expected);
        Append("found", item.Actual);
        Append("help", item.Help);
        return text.ToString();

        void Append(string label, string? value)
        {
            if (value is not null)
            {
                text.Append('\n').Append(label).Append(": ").Append(VisibleText.EscapeLines(value));
            }
        }
    }
}

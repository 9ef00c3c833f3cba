using NixGen.Diagnostics;

namespace NixGen.Tests.Diagnostics;

/// <summary>Diagnostics made for tests of their rendering.</summary>
internal static class Samples
{
    public static readonly DiagnosticDescriptor Error = new("NG1999", "A thing is wrong", "It is so because it is so.");

    public static readonly DiagnosticDescriptor Warning = new("NG2999", "A thing is odd", "It may be so.", Severity.Warning);

    public static readonly DiagnosticDescriptor Note = new("NG3999", "A thing happened", "It was so.", Severity.Note);

    public static Diagnostic At(string text, string word, string path = "models.yaml", DiagnosticDescriptor? descriptor = null)
    {
        var start = text.IndexOf(word, StringComparison.Ordinal);
        return new()
        {
            Descriptor = descriptor ?? Error,
            Message = "something is wrong",
            Location = new SourceText(path, text).At(new(start, word.Length)),
            Help = "put it right",
        };
    }

    public static string Render(NixGen.Diagnostics.Rendering.DiagnosticFormat format, bool colour, params Diagnostic[] diagnostics)
    {
        var output = new StringWriter();
        NixGen.Diagnostics.Rendering.DiagnosticWriter.Write(format, diagnostics, output, colour);
        return output.ToString();
    }
}

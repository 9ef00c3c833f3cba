using NixGen.Emit.Templates;
using NixGen.Nix.Expressions;

namespace NixGen.Emit.SingleFile;

/// <summary>
/// A file of <c>templates/lib/</c> as a binding of one <c>let</c>. Such a file is a function of an attribute set; here
/// its arguments are the neighbouring bindings of the same names, so the function's head falls away.
/// </summary>
/// <param name="Binding">The name it is bound to.</param>
/// <param name="Path">Path below <c>templates/</c>.</param>
public sealed record LibraryModule(string Binding, string Path)
{
    /// <summary>The module's body, and the comment above the file.</summary>
    /// <exception cref="FormatException">The file isn't a comment and a function of an attribute set: a mistake of nixgen's.</exception>
    public (Comment? Comment, VerbatimExpression Body) Read()
    {
        var text = EmbeddedTemplate.Read(Path);
        var (comment, rest) = TakeComment(text);
        var head = rest.StartsWith("{\n", StringComparison.Ordinal) ? HeadEnd(rest, "\n}:\n")
            : rest.StartsWith("{ ", StringComparison.Ordinal) ? HeadEnd(rest, " }:\n")
            : -1;
        return head < 0
            ? throw new FormatException($"'{Path}' is not a function of an attribute set.")
            : (comment, new VerbatimExpression(rest[head..].TrimEnd('\n')));
    }

    private static int HeadEnd(string text, string end)
    {
        var index = text.IndexOf(end, StringComparison.Ordinal);
        return index < 0 ? -1 : index + end.Length;
    }

    private static (Comment? Comment, string Remainder) TakeComment(string text)
    {
        const string Open = "/**\n";
        const string Close = "\n*/\n";
        if (!text.StartsWith(Open, StringComparison.Ordinal))
        {
            return (null, text);
        }

        var close = text.IndexOf(Close, StringComparison.Ordinal);
        var lines = text[Open.Length..close].Split('\n').Select(line => line.StartsWith("  ", StringComparison.Ordinal) ? line[2..] : line);
        return (new Comment(string.Join('\n', lines)), text[(close + Close.Length)..]);
    }
}

using System.Text.RegularExpressions;
using NixGen.Testing;

namespace NixGen.Tests.Docs;

/// <summary>A page of the checkout, as far as the tests of documentation look at it.</summary>
/// <param name="Path">Path below the checkout, with <c>/</c>.</param>
/// <param name="Text">Its text.</param>
internal sealed partial record MarkdownPage(string Path, string Text)
{
    private static readonly string[] NotOurs = ["artifacts", "node_modules", ".git", "result"];

    /// <summary>Every page of the checkout, by path.</summary>
    public static IReadOnlyList<string> Paths { get; } = [.. In("").Order(StringComparer.Ordinal)];

    public static MarkdownPage Read(string path) => new(path, File.ReadAllText(Checkout.At(path)));

    /// <summary>The page without its fenced blocks.</summary>
    public string Prose => Fence().Replace(Text, "\n");

    /// <summary>Fenced blocks, each with the word after its fence.</summary>
    public IEnumerable<(string Language, string Content)> Blocks =>
        Fence().Matches(Text).Select(match => (match.Groups["language"].Value, match.Groups["content"].Value));

    /// <summary>Code within a line.</summary>
    public IEnumerable<string> Spans => Span().Matches(Prose).Select(match => match.Groups["code"].Value.Trim());

    /// <summary>The targets of links, code left out.</summary>
    public IEnumerable<string> Links => Link().Matches(Span().Replace(Prose, "")).Select(match => match.Groups["target"].Value);

    /// <summary>The anchors of headings, as GitHub makes them.</summary>
    public IEnumerable<string> Anchors => Heading().Matches(Prose).Select(match => Anchor(match.Groups["title"].Value));

    /// <summary>Commands that the page tells to run: lines after a prompt, and code within a line.</summary>
    public IEnumerable<string> Commands =>
        Blocks.SelectMany(block => Prompt().Matches(block.Content)).Select(match => match.Groups["command"].Value).Concat(Spans);

    private static string Anchor(string title) =>
        NotInAnchors().Replace(title.Trim().ToLowerInvariant(), "").Replace(' ', '-');

    private static IEnumerable<string> In(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(Checkout.At(folder), "*.md"))
        {
            yield return System.IO.Path.Combine(folder, System.IO.Path.GetFileName(file));
        }

        var folders = Directory.EnumerateDirectories(Checkout.At(folder))
            .Select(path => System.IO.Path.GetFileName(path))
            .Where(name => !NotOurs.Contains(name, StringComparer.Ordinal));
        foreach (var file in folders.SelectMany(name => In(System.IO.Path.Combine(folder, name))))
        {
            yield return file;
        }
    }

    [GeneratedRegex(@"^```(?<language>[^\n`]*)\n(?<content>.*?)^```[ ]*$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex(@"(?<ticks>`+)(?<code>[^\n]*?[^`])\k<ticks>(?!`)")]
    private static partial Regex Span();

    [GeneratedRegex(@"\]\((?<target>[^()\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^#{1,6} (?<title>[^\n]+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"^(?:\$|- run:) (?<command>[^\n]+)$", RegexOptions.Multiline)]
    private static partial Regex Prompt();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NotInAnchors();
}

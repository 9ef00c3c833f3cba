using NixGen.Diagnostics;

namespace NixGen.Manifest.Tree;

/// <content>What the diagnostics of a manifest's text say.</content>
public static partial class TreeDiagnostics
{
    internal static Diagnostic CannotRead(string path, string reason, SourceSpan? includedAt) => new()
    {
        Descriptor = Unreadable,
        Message = $"can't read {Quoted.Text(path)}: {reason}",
        Location = includedAt,
        Help = includedAt is null
            ? "check the path"
            : "an `include` path is relative to the file that includes it",
    };

    internal static Diagnostic NotUtf8(SourceSpan at, string message, string help) => new()
    {
        Descriptor = NotText,
        Message = message,
        Location = at,
        Help = help,
    };

    internal static Diagnostic NothingThere(SourceSpan at) => new()
    {
        Descriptor = Empty,
        Message = "the manifest is empty",
        Location = at,
        Expected = "a mapping with `version: 1` and `models`",
        Help = "start with `version: 1`, and `models:` below it",
    };

    internal static Diagnostic BrokenSyntax(SourceSpan at, SyntaxFault fault) => new()
    {
        Descriptor = Syntax,
        Message = fault.Message,
        Location = at,
        Help = fault.Help,
    };

    internal static Diagnostic TabIndentation(SourceSpan at) => new()
    {
        Descriptor = Tab,
        Message = "a tab is used as indentation",
        Location = at,
        Expected = "spaces",
        Help = "replace the tab by spaces; `expand -i -t 2` does it for a whole file",
    };

    internal static Diagnostic Duplicate(string key, SourceSpan first, SourceSpan second) => new()
    {
        Descriptor = DuplicateKey,
        Message = $"key {Quoted.Text(key)} occurs twice in this mapping",
        Location = second,
        Help = "remove one, or join the two values",
        Related = [new(first, "it occurs here first")],
    };

    internal static Diagnostic NonTextKey(SourceSpan at, string what, string? text) => new()
    {
        Descriptor = KeyNotText,
        Message = $"a key must be text, and YAML reads this one as {what}",
        Location = at,
        Help = text is null ? "write a simple key" : $"write it in quotes: {Quoted.Json(text)}",
    };

    internal static Diagnostic RefusedTag(SourceSpan at, string tag) => new()
    {
        Descriptor = Tag,
        Message = $"the tag {Quoted.Text(tag)} isn't supported: a manifest is plain data",
        Location = at,
        Help = tag.StartsWith("!include", StringComparison.Ordinal)
            ? "list the file under the top-level key `include` instead"
            : "remove the tag",
    };

    internal static Diagnostic WrongTag(SourceSpan at, string tag, string found) => new()
    {
        Descriptor = TagMismatch,
        Message = $"the value doesn't fit its tag {Quoted.Text(tag)}",
        Location = at,
        Actual = found,
        Help = "remove the tag, or change the value",
    };

    internal static Diagnostic AliasWithoutAnchor(SourceSpan at, string name, string? suggestion) => new()
    {
        Descriptor = UnknownAlias,
        Message = $"no anchor `&{Quoted.Bare(name)}` stands before this alias",
        Location = at,
        Help = suggestion is null
            ? $"mark the content to reuse with `&{Quoted.Bare(name)}`, or write the text in quotes if a `*` is meant"
            : $"did you mean `*{Quoted.Bare(suggestion)}`?",
    };

    internal static Diagnostic AliasOfItself(SourceSpan at, string name, SourceSpan anchor) => new()
    {
        Descriptor = RecursiveAlias,
        Message = $"the alias `*{Quoted.Bare(name)}` stands within the content that it names",
        Location = at,
        Help = "move the shared part out, and let both places use it",
        Related = [new(anchor, "the content begins here")],
    };

    internal static Diagnostic Expands(SourceSpan at) => new()
    {
        Descriptor = TooLarge,
        Message = $"the aliases up to here stand for more than {TreeLimits.AliasedNodes} values",
        Location = at,
        Help = "use `defaults`, `profiles` or `sources` for what models share",
    };

    internal static Diagnostic Deep(SourceSpan at) => new()
    {
        Descriptor = TooDeep,
        Message = $"mappings and lists lie more than {TreeLimits.Depth} deep within each other",
        Location = at,
        Help = "check for a bracket or an indentation too many",
    };

    internal static Diagnostic SecondDocument(SourceSpan at) => new()
    {
        Descriptor = SeveralDocuments,
        Message = "a second YAML document begins here",
        Location = at,
        Expected = "one document",
        Help = "put it into a file of its own and list that under `include`",
    };

    internal static Diagnostic UnmergeableValue(SourceSpan at, string found) => new()
    {
        Descriptor = BadMerge,
        Message = "a merge key `<<` takes a mapping or a list of mappings",
        Location = at,
        Actual = found,
        Help = "give an alias of a mapping, such as `<<: *base`",
    };

    internal static Diagnostic CharacterThatIsNotText(SourceSpan at, string character) => new()
    {
        Descriptor = BadText,
        Message = $"the text holds {character}",
        Location = at,
        Help = "remove the escape",
    };
}

/// <summary>A breach of the grammar in words that people know.</summary>
/// <param name="Message">What is wrong.</param>
/// <param name="Help">What to do.</param>
internal sealed record SyntaxFault(string Message, string Help);

using System.Collections.Immutable;
using NixGen.Diagnostics;

namespace NixGen.Manifest.Tree;

/// <summary>What can be wrong with a manifest as text, before anything is known of its meaning: NG10xx.</summary>
public static partial class TreeDiagnostics
{
    /// <summary>A file can't be read.</summary>
    public static readonly DiagnosticDescriptor Unreadable = new(
        "NG1001",
        "A manifest can't be read",
        "The file is missing, is a folder or a device, is too large, or may not be read. A manifest and everything it includes must be regular files.");

    /// <summary>Bytes aren't UTF-8 text.</summary>
    public static readonly DiagnosticDescriptor NotText = new(
        "NG1002",
        "A manifest isn't UTF-8 text",
        "Manifests are UTF-8, with or without a byte order mark. UTF-16, invalid byte sequences and NUL characters are refused, because each program would read them differently.");

    /// <summary>There is nothing in the file.</summary>
    public static readonly DiagnosticDescriptor Empty = new(
        "NG1003",
        "A manifest is empty",
        "The file holds nothing, or only comments. The smallest manifest is `version: 1`.");

    /// <summary>The text breaks the grammar.</summary>
    public static readonly DiagnosticDescriptor Syntax = new(
        "NG1004",
        "A manifest breaks the grammar of YAML or JSON",
        "The parser could not go on at this place. The mistake is there or just before it: a missing quote, bracket, colon or comma, or a line that is indented differently from its neighbours.");

    /// <summary>A tab stands where YAML wants spaces.</summary>
    public static readonly DiagnosticDescriptor Tab = new(
        "NG1005",
        "A tab is used as indentation",
        "YAML forbids tabs in indentation (YAML 1.2.2 §6.1). Replace each by spaces; `expand -i -t 2` does it for a whole file.");

    /// <summary>A key occurs twice in one mapping.</summary>
    public static readonly DiagnosticDescriptor DuplicateKey = new(
        "NG1006",
        "A key occurs twice",
        "Keys of one mapping are unique. Other programs would silently take the first or the last; nixgen takes neither.");

    /// <summary>A key isn't text.</summary>
    public static readonly DiagnosticDescriptor KeyNotText = new(
        "NG1007",
        "A key isn't text",
        "YAML reads keys such as `1`, `true` and `null` as a number, a truth value and nothing, and it allows whole lists as keys. Keys of a manifest are text: put quotes around it.");

    /// <summary>A tag asks for something that isn't data.</summary>
    public static readonly DiagnosticDescriptor Tag = new(
        "NG1008",
        "A YAML tag isn't supported",
        "Manifests are plain data. Only the tags of YAML's core schema (`!!str`, `!!int`, `!!float`, `!!bool`, `!!null`, `!!map`, `!!seq`) are understood; tags that make objects or read files are refused.");

    /// <summary>A tag and its content disagree.</summary>
    public static readonly DiagnosticDescriptor TagMismatch = new(
        "NG1009",
        "A value doesn't fit its YAML tag",
        "A tag such as `!!int` says what a value is, and the value is something else.");

    /// <summary>An alias names no anchor.</summary>
    public static readonly DiagnosticDescriptor UnknownAlias = new(
        "NG1010",
        "An alias names no anchor",
        "An alias `*name` stands for content that was marked with `&name` earlier in the same file.");

    /// <summary>An alias stands within the content that it names.</summary>
    public static readonly DiagnosticDescriptor RecursiveAlias = new(
        "NG1011",
        "An alias contains itself",
        "The alias stands within the content that it names, so the content would never end.");

    /// <summary>Aliases multiply the document beyond measure.</summary>
    public static readonly DiagnosticDescriptor TooLarge = new(
        "NG1012",
        "Aliases make a manifest too large",
        "Aliases of aliases grow exponentially. All aliases of a file together may stand for 250,000 values. Use `defaults`, `profiles` and `sources` for what many models share.");

    /// <summary>Mappings and lists lie too deep within each other.</summary>
    public static readonly DiagnosticDescriptor TooDeep = new(
        "NG1013",
        "A manifest is nested too deeply",
        "Mappings and lists may lie 64 deep within each other, aliases followed. No manifest needs more than a dozen.");

    /// <summary>A second document follows in the same file.</summary>
    public static readonly DiagnosticDescriptor SeveralDocuments = new(
        "NG1014",
        "A file holds several YAML documents",
        "A manifest is one document. Give further ones as files of their own, on the command line or under `include`.");

    /// <summary>A merge key's value can't be merged.</summary>
    public static readonly DiagnosticDescriptor BadMerge = new(
        "NG1015",
        "A merge key's value isn't a mapping",
        "`<<` takes a mapping, or a list of mappings, whose keys are added unless they are given explicitly; mostly an alias such as `<<: *base`.");

    /// <summary>A string holds what no text can hold.</summary>
    public static readonly DiagnosticDescriptor BadText = new(
        "NG1016",
        "A string holds a character that isn't text",
        "Escapes can smuggle NUL characters and halves of surrogate pairs into a string. Neither can be passed on to Nix, a shell or a file name.");

    /// <summary>All of this stage, ordered by code.</summary>
    public static ImmutableArray<DiagnosticDescriptor> All { get; } =
    [
        Unreadable, NotText, Empty, Syntax, Tab, DuplicateKey, KeyNotText, Tag, TagMismatch, UnknownAlias,
        RecursiveAlias, TooLarge, TooDeep, SeveralDocuments, BadMerge, BadText,
    ];
}

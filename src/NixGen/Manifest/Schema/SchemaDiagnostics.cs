using System.Collections.Immutable;
using NixGen.Diagnostics;

namespace NixGen.Manifest.Schema;

/// <summary>What can be wrong with a manifest's form: keys, types and values. NG11xx.</summary>
public static partial class SchemaDiagnostics
{
    /// <summary>A key that doesn't exist.</summary>
    public static readonly DiagnosticDescriptor UnknownKey = new(
        "NG1101",
        "A key isn't known",
        "Unknown keys are refused rather than ignored, so that a misspelt setting can't silently do nothing. `nixgen schema` prints all keys.");

    /// <summary>A key that a later version will know.</summary>
    public static readonly DiagnosticDescriptor Planned = new(
        "NG1102",
        "A key is planned, but not implemented in this version",
        "The manifest's vocabulary is designed as a whole (docs/decisions/0002-manifest-vocabulary.md) and opened part by part. A key is accepted only once it does what it says.");

    /// <summary>A value of the wrong type.</summary>
    public static readonly DiagnosticDescriptor WrongType = new(
        "NG1103",
        "A value is of the wrong type",
        "Manifests are read by YAML 1.2's core schema: only `true` and `false` are truth values (`yes`, `no`, `on` and `off` are text), and a key without a value holds nothing, which no setting takes.");

    /// <summary>A number, truth value or nothing where text is meant.</summary>
    public static readonly DiagnosticDescriptor NotText = new(
        "NG1104",
        "A number or truth value stands where text is meant",
        "YAML reads unquoted `1e3`, `0123`, `1.10` and `true` as numbers and truth values, and other programs would make different text of them again. Put quotes around it. `no`, `on` and `12:30` are text in YAML 1.2 and are taken as written.");

    /// <summary>A required key isn't there.</summary>
    public static readonly DiagnosticDescriptor MissingKey = new(
        "NG1105",
        "A required key is missing",
        "The mapping lacks a key that it must have.");

    /// <summary>A value outside a fixed set.</summary>
    public static readonly DiagnosticDescriptor NotInSet = new(
        "NG1106",
        "A value isn't one of those allowed",
        "The setting takes one of a few values.");

    /// <summary>A number out of range.</summary>
    public static readonly DiagnosticDescriptor OutOfRange = new(
        "NG1107",
        "A number is out of range",
        "The setting takes whole numbers within limits.");

    /// <summary>Text of the wrong form.</summary>
    public static readonly DiagnosticDescriptor BadForm = new(
        "NG1108",
        "Text doesn't have the form that the setting needs",
        "The text will become a name, a path, a URL or a variable, and its form is checked before it goes there.");

    /// <summary>A name with characters that names can't have.</summary>
    public static readonly DiagnosticDescriptor BadName = new(
        "NG1109",
        "A name can't be used",
        "Names of models, profiles, source templates and groups begin with a letter, a digit or `_`, go on with these or `.`, `+`, `-`, and have at most 128 characters: they become Nix attributes, file names and derivation names. No model or group is called `default`, `drvPath`, `outPath`, `recurseForDerivations` or `type`, or begins with `__`: to Nix, these mean something.");

    /// <summary>Control characters in text.</summary>
    public static readonly DiagnosticDescriptor ControlCharacter = new(
        "NG1110",
        "Text holds a control character",
        "Line breaks and other control characters aren't allowed in text that reaches file names, URLs or environment variables.");

    /// <summary>Not a hash in SRI form.</summary>
    public static readonly DiagnosticDescriptor BadHash = new(
        "NG1111",
        "A hash isn't SHA-256 in SRI form",
        "Hashes are written as Nix prints them: `sha256-` and 44 characters of base64. `nixgen hash` computes them, and `nix hash convert` converts other forms.");

    /// <summary>The format is newer, or no format at all.</summary>
    public static readonly DiagnosticDescriptor Format = new(
        "NG1112",
        "The manifest's format version isn't known",
        "`version` is the version of the manifest's format. This nixgen reads version 1; a newer format needs a newer nixgen.");

    /// <summary>A secret in clear.</summary>
    public static readonly DiagnosticDescriptor Secret = new(
        "NG1113",
        "A secret stands in the manifest",
        "Manifests are checked in, and what Nix evaluates ends in a store that everybody can read. Name a file (`auth.tokenFile`) or an environment variable (`auth.tokenEnvVar`) instead. A token that was ever checked in should be revoked. Diagnostics never show it.");

    /// <summary>Too few, too many, or repeated items.</summary>
    public static readonly DiagnosticDescriptor BadCount = new(
        "NG1114",
        "A list or mapping has too few, too many or repeated items",
        "An empty list could mean all or nothing, so it is refused; and an item stands in a list once.");

    /// <summary>Anything else that the schema refuses.</summary>
    public static readonly DiagnosticDescriptor Refused = new(
        "NG1115",
        "The schema refuses a value",
        "The value breaks a rule of the schema that has no diagnostic of its own.");

    /// <summary>A protection that can't be turned off.</summary>
    public static readonly DiagnosticDescriptor AlwaysOn = new(
        "NG1116",
        "A protection can't be turned off",
        "Secrets are always kept out of logs, because everybody on the machine can read the log of a Nix build; and credentials are always kept from what runs over fetched files. A manifest may say so, and can't deny it.");

    /// <summary>A mirror of no kind, or of several.</summary>
    public static readonly DiagnosticDescriptor MirrorKinds = new(
        "NG1117",
        "A mirror doesn't have exactly one address",
        "A mirror has one of `endpoint` (another server of the same protocol), `hashed` (a store by content) and `base` (a folder with the same files), and with it `prefer` if it is to be tried first.");

    /// <summary>All of this stage, ordered by code.</summary>
    public static ImmutableArray<DiagnosticDescriptor> All { get; } =
    [
        UnknownKey, Planned, WrongType, NotText, MissingKey, NotInSet, OutOfRange, BadForm, BadName, ControlCharacter,
        BadHash, Format, Secret, BadCount, Refused, AlwaysOn, MirrorKinds,
    ];
}

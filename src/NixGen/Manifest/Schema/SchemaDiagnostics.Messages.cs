using System.Collections.Immutable;
using NixGen.Diagnostics;
using NixGen.Manifest.Tree;

namespace NixGen.Manifest.Schema;

/// <content>What the diagnostics of a manifest's form say.</content>
public static partial class SchemaDiagnostics
{
    internal static Diagnostic KeyUnknown(SourceSpan at, string key, ImmutableArray<string> known, string? suggestion, string? misplaced) => new()
    {
        Descriptor = UnknownKey,
        Message = $"unknown key {Quoted.Text(key)}",
        Location = at,
        Expected = string.Join(", ", known.Where(name => name is not ['$', ..]).Select(name => $"`{name}`")),
        Help = misplaced ?? (suggestion is null ? "remove it; `nixgen schema` prints all keys" : $"did you mean {Quoted.Text(suggestion)}?"),
    };

    internal static Diagnostic NotYet(SourceSpan at, PlannedKey planned) => new()
    {
        Descriptor = Planned,
        Message = $"{Quoted.Text(planned.Key)} is planned, but not implemented in this version",
        Location = at,
        Help = planned.Instead is null ? "remove it for now" : $"remove it for now; {planned.Instead}",
    };

    internal static Diagnostic TypeMismatch(PlacedNode place, string expected, string help) => new()
    {
        Descriptor = WrongType,
        Message = $"{Named(place)} is of the wrong type",
        Location = place.Node.Span,
        Expected = expected,
        Actual = NodeWords.Describe(place.Node),
        Help = help,
    };

    internal static Diagnostic TextNeeded(ScalarNode node)
    {
        var isJson = node.Span.Source.Path.EndsWith(".json", StringComparison.OrdinalIgnoreCase);
        var kind = node.Kind == ScalarKind.Boolean ? "a truth value" : "a number";
        return new()
        {
            Descriptor = NotText,
            Message = isJson
                ? $"{NodeWords.Shown(node)} is {kind}, and text is meant here"
                : $"YAML reads {NodeWords.Shown(node)} as {kind}, and text is meant here",
            Location = node.Span,
            Help = node.Span.Source.IsConcealed(node.Span.Span) ? "write it in quotes" : $"write it in quotes: {Quoted.Json(node.Text)}",
        };
    }

    internal static Diagnostic KeyMissing(Node mapping, string key, string? description) => new()
    {
        Descriptor = MissingKey,
        Message = $"the key {Quoted.Text(key)} is missing",
        Location = mapping.Span,
        Help = key == "version" ? "add `version: 1`" : $"add `{key}`. {description}".TrimEnd(' '),
    };

    internal static Diagnostic NotAllowed(PlacedNode place, ImmutableArray<string> allowed) => new()
    {
        Descriptor = NotInSet,
        Message = $"{Named(place)} isn't one of the allowed values",
        Location = place.Node.Span,
        Expected = string.Join(", ", allowed.Select(Quoted.Text)),
        Actual = NodeWords.Describe(place.Node),
        Help = place.Node is ScalarNode scalar && Spelling.Nearest(scalar.Text, allowed) is { } suggestion
            ? $"did you mean {Quoted.Text(suggestion)}?"
            : "use one of them",
    };

    internal static Diagnostic NumberOutOfRange(PlacedNode place, string range) => new()
    {
        Descriptor = OutOfRange,
        Message = $"{Named(place)} is out of range",
        Location = place.Node.Span,
        Expected = range,
        Actual = NodeWords.Describe(place.Node),
        Help = "choose a number within the range",
    };

    internal static Diagnostic Malformed(PlacedNode place, ScalarNode node, string expected) =>
        ControlCharacters.First(node.Text) is { } control
            ? new()
            {
                Descriptor = ControlCharacter,
                Message = $"{Named(place)} holds {control}",
                Location = node.Span,
                Expected = expected,
                Help = "remove it",
            }
            : new()
            {
                Descriptor = BadForm,
                Message = $"{Named(place)} doesn't have the form that is needed",
                Location = node.Span,
                Expected = expected,
                Actual = NodeWords.Describe(node),
                Help = "change it to that form",
            };

    internal static Diagnostic NoText(PlacedNode place, string expected) => new()
    {
        Descriptor = BadForm,
        Message = $"{Named(place)} is empty",
        Location = place.Node.Span,
        Expected = expected,
        Help = "give a value, or leave the key out",
    };

    internal static Diagnostic TooLong(PlacedNode place, ScalarNode node, int limit) => new()
    {
        Descriptor = BadForm,
        Message = $"{Named(place)} is too long",
        Location = node.Span,
        Expected = $"at most {limit} characters",
        Actual = $"{node.Text.Length} characters",
        Help = "shorten it",
    };

    internal static Diagnostic InvalidName(SourceSpan at, string noun, string name) => new()
    {
        Descriptor = BadName,
        Message = name switch
        {
            "" => $"{noun} must have a name",
            _ when noun == "a file" => $"{Quoted.Text(name)} isn't a path of a file within the model",
            _ when noun is "a model" or "a group" && ReservedNames.Meaning(name) is { } meaning => $"{noun} can't be called {Quoted.Text(name)}, {meaning}",
            { Length: > 128 } => $"the name has {name.Length} characters, and at most 128 are allowed",
            _ => $"{noun} can't be called {Quoted.Text(name)}",
        },
        Location = at,
        Expected = noun == "a file"
            ? "a relative path such as onnx/model.onnx"
            : "a letter, digit or _ first, then letters, digits and . _ + -",
        Help = noun == "a file" ? "write the path as it stands in the repository" : "choose another name",
    };

    internal static Diagnostic NotSri(SourceSpan at, string text) => new()
    {
        Descriptor = BadHash,
        Message = "this isn't a SHA-256 in SRI form",
        Location = at,
        Expected = "`sha256-` and 44 characters of base64, such as sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
        Actual = HashSpellings.Describe(text),
        Help = HashSpellings.ToSri(text) is { } sri ? $"write it as {sri}" : "`nixgen hash` computes it",
    };

    internal static Diagnostic OtherFormat(Node node) => new()
    {
        Descriptor = Format,
        Message = node is ScalarNode { Kind: ScalarKind.Integer, Text: not ['-', ..] and not "0" }
            ? $"this manifest's format is newer than this nixgen knows"
            : "there is no such format version",
        Location = node.Span,
        Expected = "`1`",
        Actual = NodeWords.Describe(node),
        Help = node is ScalarNode { Kind: ScalarKind.Integer, Text: not ['-', ..] and not "0" }
            ? "update nixgen, or write `version: 1` if the manifest uses nothing newer"
            : "write `version: 1`",
    };

    internal static Diagnostic SecretKey(SourceSpan at, string key) => new()
    {
        Descriptor = Secret,
        Message = $"{Quoted.Text(key)} would put a secret into the manifest",
        Location = at,
        Help = "name where it is instead: `auth: { tokenFile: /run/secrets/hf-token }` or `auth: { tokenEnvVar: HF_TOKEN }`;\nif it was ever checked in, revoke it",
    };

    internal static Diagnostic SecretValue(SourceSpan at, string what) => new()
    {
        Descriptor = Secret,
        Message = $"{what} stands in the manifest",
        Location = at,
        Help = "remove it, and name where it is instead: `auth: { tokenFile: /run/secrets/hf-token }` or `auth: { tokenEnvVar: HF_TOKEN }`;\nif it was ever checked in, revoke it",
    };

    internal static Diagnostic WrongCount(Node node, string message, string expected, string help) => new()
    {
        Descriptor = BadCount,
        Message = message,
        Location = node.Span,
        Expected = expected,
        Help = help,
    };

    internal static Diagnostic RepeatedItem(ScalarNode item, SourceSpan first) => new()
    {
        Descriptor = BadCount,
        Message = $"{NodeWords.Shown(item)} stands in the list twice",
        Location = item.Span,
        Help = "remove one",
        Related = [new(first, "it stands here first")],
    };

    internal static Diagnostic CannotTurnOff(PlacedNode place, string why) => new()
    {
        Descriptor = AlwaysOn,
        Message = $"{Named(place)} can't be turned off",
        Location = place.Node.Span,
        Expected = "`true`",
        Actual = NodeWords.Describe(place.Node),
        Help = $"remove it: it is always so, since {why}",
    };

    internal static Diagnostic MirrorShape(MappingNode mirror)
    {
        var kinds = MirrorVocabulary.Kinds.Where(kind => mirror.Find(kind) is not null).ToImmutableArray();
        return new()
        {
            Descriptor = MirrorKinds,
            Message = kinds.IsEmpty ? "the mirror has no address" : "the mirror has several addresses",
            Location = mirror.Span,
            Expected = "one of `endpoint`, `hashed` and `base`",
            Actual = kinds.IsEmpty ? null : string.Join(" and ", kinds.Select(Quoted.Text)),
            Help = kinds.IsEmpty ? "add one: `{ base: https://example.com/models }`" : "make a mirror of each",
        };
    }

    internal static Diagnostic Other(Node node, string rule) => new()
    {
        Descriptor = Refused,
        Message = $"the schema refuses this value ({rule})",
        Location = node.Span,
        Actual = NodeWords.Describe(node),
        Help = "`nixgen schema` prints what is allowed",
    };

    private static string Named(PlacedNode place) =>
        place.Label is null || LiteralSecrets.Describe(place.Label) is not null ? "the value" : Quoted.Text(place.Label);
}

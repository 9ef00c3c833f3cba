using System.Globalization;
using NixGen.Diagnostics;
using NixGen.Manifest.Tree;
using NJsonSchema;
using NJsonSchema.Validation;

namespace NixGen.Manifest.Schema;

/// <summary>Makes diagnostics of the schema library's findings: one for each fault, in the manifest's words.</summary>
internal static class SchemaFaultWords
{
    /// <summary>The diagnostics, without the echoes that one fault causes elsewhere.</summary>
    public static IEnumerable<Diagnostic> Explain(List<SchemaFault> faults)
    {
        // A misspelt key is unknown, and the key that was meant is missing: that is one fault.
        var meant = faults
            .Where(fault => fault.Kind == ValidationErrorKind.NoAdditionalPropertiesAllowed)
            .Select(fault => (fault.Schema, Key: Misplaced(Extension(fault.Schema, "x-place") ?? "", fault.Property) is null ? Suggest(fault) : "source"))
            .ToHashSet();
        foreach (var fault in faults)
        {
            var isEcho = fault.Kind switch
            {
                ValidationErrorKind.PropertyRequired => fault.Place.Node is not MappingNode || meant.Contains((fault.Schema, fault.Property)),
                ValidationErrorKind.NotOneOf => fault.Place.Node is not MappingNode mapping || mapping.Entries.Any(entry => !fault.Schema.Properties.ContainsKey(entry.Key)),
                _ => false,
            };
            if (!isEcho)
            {
                var diagnostic = Explain(fault);
                yield return fault.Place.Node.Via is { } alias
                    ? diagnostic with { Related = diagnostic.Related.Add(new(alias, "it is used here through an alias")) }
                    : diagnostic;
            }
        }
    }

    /// <summary>Whether a value is of a type, or of one of several.</summary>
    public static bool Allows(JsonObjectType types, Node node) => node switch
    {
        MappingNode => types.HasFlag(JsonObjectType.Object),
        SequenceNode => types.HasFlag(JsonObjectType.Array),
        ScalarNode { Kind: ScalarKind.String } => types.HasFlag(JsonObjectType.String),
        ScalarNode { Kind: ScalarKind.Integer } => types.HasFlag(JsonObjectType.Integer),
        ScalarNode { Kind: ScalarKind.Boolean } => types.HasFlag(JsonObjectType.Boolean),
        _ => false,
    };

    private static Diagnostic Explain(SchemaFault fault)
    {
        var node = fault.Place.Node;
        return fault.Kind switch
        {
            ValidationErrorKind.NoAdditionalPropertiesAllowed => Unknown(fault),
            ValidationErrorKind.PropertyRequired => SchemaDiagnostics.KeyMissing(node, fault.Property, Description(fault.Schema, fault.Property)),
            ValidationErrorKind.NotInEnumeration when !Allows(fault.Schema.Type, node) => WrongType(fault, node),
            ValidationErrorKind.NotInEnumeration when Means(fault.Schema, "formatVersion") => SchemaDiagnostics.OtherFormat(node),
            ValidationErrorKind.NotInEnumeration when Extension(fault.Schema, "x-always") is { } why => SchemaDiagnostics.CannotTurnOff(fault.Place, why),
            ValidationErrorKind.NotInEnumeration => SchemaDiagnostics.NotAllowed(fault.Place, [.. fault.Schema.Enumeration.Select(value => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "")]),
            ValidationErrorKind.NumberTooBig or ValidationErrorKind.NumberTooSmall when Allows(fault.Schema.Type, node) => SchemaDiagnostics.NumberOutOfRange(fault.Place, Range(fault.Schema)),
            ValidationErrorKind.PatternMismatch or ValidationErrorKind.StringTooLong or ValidationErrorKind.StringTooShort => BadText(fault, node),
            ValidationErrorKind.TooFewItems when Extension(fault.Schema, "x-fewer") is { } instead =>
                SchemaDiagnostics.WrongCount(node, "the list holds too few items", $"at least {fault.Schema.MinItems} items", instead),
            ValidationErrorKind.TooFewItems => SchemaDiagnostics.WrongCount(node, "the list is empty", "at least one item", "add an item, or leave the key out"),
            ValidationErrorKind.TooFewProperties when Extension(fault.Schema, "x-fewer") is { } instead => SchemaDiagnostics.WrongCount(node, "the mapping is empty", "at least one key", instead),
            ValidationErrorKind.TooFewProperties => SchemaDiagnostics.WrongCount(node, "the source template is empty", "one source kind with its fields", "give the kind: `huggingface: { … }`"),
            ValidationErrorKind.TooManyProperties => SchemaDiagnostics.WrongCount(node, "the source template has several kinds", "one source kind", "make a template of each"),
            ValidationErrorKind.ItemsNotUnique => Repeated(node),
            ValidationErrorKind.NotOneOf when Means(fault.Schema, "mirror") && node is MappingNode mirror => SchemaDiagnostics.MirrorShape(mirror),
            _ when !Allows(fault.Schema.Type, node) => WrongType(fault, node),
            _ => SchemaDiagnostics.Other(node, fault.Kind.ToString()),
        };
    }

    private static Diagnostic Unknown(SchemaFault fault)
    {
        var entry = fault.Place.Entry ?? (fault.Place.Node as MappingNode)?.Find(fault.Property);
        var span = entry?.KeySpan ?? fault.Place.Node.Span;
        if (LiteralSecrets.IsSecretKey(fault.Property))
        {
            return SchemaDiagnostics.SecretKey(span, fault.Property);
        }

        if (Extension(fault.Schema, "x-names") is { } noun)
        {
            return SchemaDiagnostics.InvalidName(span, noun, fault.Property);
        }

        var place = Extension(fault.Schema, "x-place") ?? "";
        if (PlannedVocabulary.Find(place, fault.Property) is { } planned)
        {
            return SchemaDiagnostics.NotYet(span, planned);
        }

        return SchemaDiagnostics.KeyUnknown(span, fault.Property, [.. fault.Schema.Properties.Keys], Suggest(fault), Misplaced(place, fault.Property));
    }

    private static string? Misplaced(string place, string key) => place switch
    {
        "model" when SourceVocabulary.Kinds.FirstOrDefault(kind => kind.Kind == key || kind.OtherName == key || kind.All.Contains(key)) is { } kind =>
            key == kind.Kind || key == kind.OtherName ? $"put it under `source`" : $"put it under `source: {{ {kind.Kind}: … }}`",
        "settings" when key is "source" or "hash" or "fileHashes" or "version" => "give it for each model",
        "model" or "settings" when key == "onFailure" => "write `onDownloadFailure`",
        "model" or "settings" when key == "netrcFile" => "put it under `auth`",
        "model" or "settings" when key == "mirrors" => "put it under `network`, or at the top of the manifest for all models",
        "manifest" when key == "security" => "put it under `defaults`",
        "auth" when key == "scopes" => "write `security: { requiredScopes: […] }` beside `auth`",
        "network" when key == "parallel" => "write `connections`",
        "onDownloadFailure" when key == "notify" => "write `notifyCommand`",
        _ => null,
    };

    private static string? Suggest(SchemaFault fault) =>
        Spelling.Nearest(fault.Property, fault.Schema.Properties.Keys.Where(key => key is not ['$', ..]));

    private static Diagnostic WrongType(SchemaFault fault, Node node)
    {
        var takesText = fault.Schema.Type.HasFlag(JsonObjectType.String);
        return takesText && node is ScalarNode { Kind: not (ScalarKind.Null or ScalarKind.String) } scalar
            ? SchemaDiagnostics.TextNeeded(scalar)
            : SchemaDiagnostics.TypeMismatch(fault.Place, Words(fault.Schema), TypeHelp(fault.Schema.Type, node));
    }

    private static string Words(JsonSchema schema)
    {
        var words = new List<string>();
        Add(JsonObjectType.String, Extension(schema, "x-expected") ?? "text");
        Add(JsonObjectType.Object, "a mapping");
        Add(JsonObjectType.Array, "a list");
        Add(JsonObjectType.Boolean, "true or false");
        Add(JsonObjectType.Integer, schema.Enumeration.Count > 0 ? string.Join(" or ", schema.Enumeration) : Range(schema));
        return string.Join(", or ", words);

        void Add(JsonObjectType type, string word)
        {
            if (schema.Type.HasFlag(type))
            {
                words.Add(word);
            }
        }
    }

    private static string TypeHelp(JsonObjectType type, Node node) => node switch
    {
        ScalarNode { Kind: ScalarKind.Null } => "give a value, or leave the key out",
        ScalarNode { Kind: ScalarKind.String, Text: "yes" or "Yes" or "YES" or "on" or "On" or "ON" or "y" or "Y" } when type == JsonObjectType.Boolean => "write `true`: in YAML 1.2 this is text",
        ScalarNode { Kind: ScalarKind.String, Text: "no" or "No" or "NO" or "off" or "Off" or "OFF" or "n" or "N" } when type == JsonObjectType.Boolean => "write `false`: in YAML 1.2 this is text",
        ScalarNode { Kind: ScalarKind.String } scalar when type.HasFlag(JsonObjectType.Boolean) && YamlScalars.Kind(scalar.Text) == ScalarKind.Boolean => "remove the quotes",
        ScalarNode { Kind: ScalarKind.String } scalar when type.HasFlag(JsonObjectType.Integer) && YamlScalars.Kind(scalar.Text) == ScalarKind.Integer => "remove the quotes",
        ScalarNode { Kind: ScalarKind.String } scalar when type == JsonObjectType.Array => $"write a list: `[{NodeWords.Shown(scalar).Trim('`')}]`",
        ScalarNode { Kind: ScalarKind.String } scalar when type == JsonObjectType.Object && scalar.Text.Contains(':', StringComparison.Ordinal) => "write `key: value`, with a space behind the colon",
        SequenceNode { Items.Length: 1 } when !type.HasFlag(JsonObjectType.Object) => "write the value without the list around it",
        _ => "change the value",
    };

    private static Diagnostic BadText(SchemaFault fault, Node node)
    {
        if (node is not ScalarNode { Kind: ScalarKind.String } scalar)
        {
            return WrongType(fault, node);
        }

        if (Means(fault.Schema, "sri"))
        {
            return SchemaDiagnostics.NotSri(scalar.Span, scalar.Text);
        }

        if (scalar.Text.Length == 0 || fault.Kind == ValidationErrorKind.StringTooShort)
        {
            return SchemaDiagnostics.NoText(fault.Place, Extension(fault.Schema, "x-expected") ?? "text");
        }

        return fault.Kind == ValidationErrorKind.StringTooLong
            ? SchemaDiagnostics.TooLong(fault.Place, scalar, fault.Schema.MaxLength ?? 0)
            : SchemaDiagnostics.Malformed(fault.Place, scalar, Extension(fault.Schema, "x-expected") ?? $"text like {fault.Schema.Pattern}");
    }

    private static Diagnostic Repeated(Node node)
    {
        var seen = new Dictionary<string, Node>(StringComparer.Ordinal);
        foreach (var item in (node as SequenceNode)?.Items ?? [])
        {
            if (item is ScalarNode scalar && !seen.TryAdd(scalar.Text, item))
            {
                return SchemaDiagnostics.RepeatedItem(scalar, seen[scalar.Text].Span);
            }
        }

        return SchemaDiagnostics.WrongCount(node, "the list holds an item twice", "each item once", "remove one");
    }

    private static string Range(JsonSchema schema) => (schema.Minimum, schema.Maximum) switch
    {
        ({ } least, { } most) => $"a whole number from {least} to {most}",
        ({ } least, null) => $"a whole number of at least {least}",
        (null, { } most) => $"a whole number of at most {most}",
        _ => "a whole number",
    };

    private static string? Description(JsonSchema schema, string property) =>
        schema.Properties.TryGetValue(property, out var known) ? known.ActualSchema.Description ?? known.Description : null;

    private static bool Means(JsonSchema schema, string meaning) => Extension(schema, "x-means") == meaning;

    private static string? Extension(JsonSchema schema, string name) =>
        schema.ExtensionData is { } data && data.TryGetValue(name, out var value) ? value as string : null;
}

using System.Text;
using NixGen.Diagnostics;
using NixGen.Manifest.Tree;
using NJsonSchema;
using NJsonSchema.Validation;

namespace NixGen.Manifest.Schema;

/// <summary>Checks a tree against the manifest's schema with NJsonSchema, and tells its findings in the manifest's own places and words.</summary>
internal sealed class SchemaValidator
{
    private readonly JsonSchema _schema;

    /// <summary>Loads the schema from its bytes; costs about a tenth of a second.</summary>
    public SchemaValidator(ReadOnlySpan<byte> schema)
    {
        // JavaScript's `$` is the end of the text, as the schema means it; .NET's also stands before a last line feed.
        var text = Encoding.UTF8.GetString(schema).Replace("$\"", "\\\\z\"", StringComparison.Ordinal);
        _schema = JsonSchema.FromJsonAsync(text).GetAwaiter().GetResult();
    }

    /// <summary>Adds one diagnostic for each fault.</summary>
    public void Validate(Node root, DiagnosticBag diagnostics)
    {
        var (token, places) = NodeJsonReader.Load(root);
        var faults = new List<SchemaFault>();
        foreach (var error in new JsonSchemaValidator().Validate(token, _schema))
        {
            Flatten(error, places, faults);
        }

        diagnostics.AddRange(SchemaFaultWords.Explain(faults));
    }

    // Errors of a named property come wrapped in one, and a value of several possible types gets the errors of each.
    private static void Flatten(ValidationError error, List<PlacedNode> places, List<SchemaFault> faults)
    {
        switch (error)
        {
            case MultiTypeValidationError several:
                faults.AddRange(MultipleTypes(several, Place(several, places)));
                break;
            // What each of the alternatives lacks is no news: exactly one of them was to fit.
            case ChildSchemaValidationError { Kind: ValidationErrorKind.NotOneOf }:
                faults.Add(new(error.Kind, error.Property ?? "", error.Schema, Place(error, places)));
                break;
            case ChildSchemaValidationError wrapped:
                foreach (var inner in wrapped.Errors.Values.SelectMany(errors => errors))
                {
                    Flatten(inner, places, faults);
                }

                break;
            default:
                faults.Add(new(error.Kind, error.Property ?? "", error.Schema, Place(error, places)));
                break;
        }
    }

    private static IEnumerable<SchemaFault> MultipleTypes(MultiTypeValidationError error, PlacedNode place)
    {
        var isAllowed = SchemaFaultWords.Allows(error.Schema.Type, place.Node);
        if (!isAllowed)
        {
            return [new(ValidationErrorKind.NoTypeValidates, error.Property ?? "", error.Schema, place)];
        }

        return error.Errors.Values
            .SelectMany(errors => errors)
            .Where(inner => !inner.Kind.ToString().EndsWith("Expected", StringComparison.Ordinal))
            .DistinctBy(inner => inner.Kind)
            .Select(inner => new SchemaFault(inner.Kind, inner.Property ?? "", inner.Schema, place));
    }

    private static PlacedNode Place(ValidationError error, List<PlacedNode> places) =>
        places[Math.Clamp(error.LineNumber, 1, places.Count) - 1];
}

/// <summary>One fault that the schema library found, with its place.</summary>
/// <param name="Kind">What is wrong.</param>
/// <param name="Property">The property's name, or empty.</param>
/// <param name="Schema">The part of the schema that refuses it.</param>
/// <param name="Place">What it refuses.</param>
internal sealed record SchemaFault(ValidationErrorKind Kind, string Property, JsonSchema Schema, PlacedNode Place);

using System.Collections.Immutable;
using NixGen.Diagnostics;
using NixGen.Manifest;
using NixGen.Manifest.Tree;

namespace NixGen.Sources.Fields;

/// <summary>Reads the fields of a source's long form. The schema has checked their shape; this holds what it can't be told, such as a field that a template brings in another form.</summary>
/// <param name="source">The long form.</param>
/// <param name="diagnostics">Where faults go; nothing that is faulty is returned.</param>
public sealed class FieldReader(LongSource source, DiagnosticBag diagnostics)
{
    /// <summary>Where a field's value stands, or the whole source where it lacks the field.</summary>
    public SourceSpan At(string key) => source.Fields[key]?.Span ?? source.Span;

    /// <summary>Whether the source has a field.</summary>
    public bool Has(string key) => source.Fields[key] is not null;

    /// <summary>A field's value as the tree has it, or null.</summary>
    public Node? Node(string key) => source.Fields[key];

    /// <summary>A field's text, or null where the source lacks it or it isn't text.</summary>
    public string? Text(string key)
    {
        switch (source.Fields[key])
        {
            case null:
                return null;
            case ScalarNode scalar when scalar.Kind != ScalarKind.Null:
                return scalar.Text;
            case { } other:
                diagnostics.Add(FieldDiagnostics.IsNotText(other.Span, key));
                return null;
        }
    }

    /// <summary>A field's text; a source that lacks it gets a diagnostic.</summary>
    /// <param name="key">The field.</param>
    /// <param name="example">How it is written, such as <c>bucket: my-models</c>.</param>
    public string? Required(string key, string example)
    {
        if (source.Fields[key] is null)
        {
            diagnostics.Add(FieldDiagnostics.Lacks(source, key, example));
        }

        return Text(key);
    }

    /// <summary>Text that must have a form; what hasn't gets a diagnostic.</summary>
    /// <param name="key">The field.</param>
    /// <param name="problemOf">What is wrong with a text, as it goes on a sentence (<c>holds a space</c>), or null.</param>
    /// <param name="example">How it is written.</param>
    public string? Checked(string key, Func<string, string?> problemOf, string example)
    {
        var text = Text(key);
        if (text is null || problemOf(text) is not { } problem)
        {
            return text;
        }

        diagnostics.Add(FieldDiagnostics.HasBadValue(At(key), key, text, problem, example));
        return null;
    }

    /// <summary>Patterns, in the order of the manifest; none where the source lacks the field.</summary>
    public ImmutableArray<string> Patterns(string key)
    {
        switch (source.Fields[key])
        {
            case null:
                return [];
            case SequenceNode list:
                var patterns = ImmutableArray.CreateBuilder<string>();
                foreach (var item in list.Items)
                {
                    if (item is ScalarNode { Text.Length: > 0 } scalar)
                    {
                        patterns.Add(scalar.Text);
                    }
                    else
                    {
                        diagnostics.Add(FieldDiagnostics.HasBadPattern(item.Span, key));
                    }
                }

                return patterns.ToImmutable();
            case { } other:
                diagnostics.Add(FieldDiagnostics.HasBadPattern(other.Span, key));
                return [];
        }
    }
}

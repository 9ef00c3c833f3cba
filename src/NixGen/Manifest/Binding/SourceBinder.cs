using System.Collections.Immutable;
using NixGen.Diagnostics;
using NixGen.Manifest.Tree;

namespace NixGen.Manifest.Binding;

/// <summary>Completes sources: finds the template that <c>from</c> names, and lays the source's own fields over it.</summary>
internal sealed class SourceBinder(Definitions templates, bool isWellFormed, DiagnosticBag diagnostics)
{
    /// <summary>The declaration that a <c>source</c> value makes, or null, with a diagnostic, where it makes none.</summary>
    public SourceDeclaration? Bind(Node source)
    {
        if (NodeValues.AsText(source) is { } spec)
        {
            return new ShortSpec(spec, source.Span);
        }

        if (source is not MappingNode mapping)
        {
            return null;
        }

        var auth = mapping.Mapping("auth");
        SettingsRelations.CheckAuth(auth, diagnostics);
        var bound = BindFields(mapping.Find("auth") is { } entry ? mapping with { Entries = mapping.Entries.Remove(entry) } : mapping, source.Span);
        return auth is null ? bound : bound is null ? null : bound with { Auth = SettingsBinder.Auth(auth) };
    }

    private LongSource? BindFields(MappingNode mapping, SourceSpan at)
    {
        if (mapping.Find("from") is { } from)
        {
            return BindFrom(mapping, from);
        }

        var kinds = mapping.Entries.Where(entry => SourceVocabulary.Find(entry.Key) is not null).ToImmutableArray();
        if (kinds.Length != 1 || mapping.Entries.Length != 1)
        {
            ReportShape(mapping, kinds);
            return null;
        }

        var kind = SourceVocabulary.Find(kinds[0].Key)?.Kind ?? kinds[0].Key;
        return kinds[0].Value switch
        {
            MappingNode fields => new LongSource(kind, fields, at),
            // A kind that is called like the field that matters may be that field alone.
            ScalarNode when SourceVocabulary.Find(kind)?.All.Contains(kind) == true =>
                new LongSource(kind, mapping with { Entries = [kinds[0] with { Key = kind }] }, at),
            _ => null,
        };
    }

    private LongSource? BindFrom(MappingNode mapping, MappingEntry from)
    {
        if (NodeValues.AsText(from.Value) is not { } name)
        {
            return null;
        }

        if (templates.Find(name) is not { } template)
        {
            diagnostics.Add(BindingDiagnostics.NoSuchTemplate(from.Value.Span, name, Spelling.Nearest(name, templates.Names)));
            return null;
        }

        if (!isWellFormed || template.Entry.Value is not MappingNode body || body.Entries is not [{ Value: MappingNode lower } kind])
        {
            return null;
        }

        var fields = SourceVocabulary.Find(kind.Key) ?? new SourceFields(kind.Key, [], []);
        var own = mapping with { Entries = mapping.Entries.Remove(from) };
        if (!OnlyFieldsOf(fields, own, name))
        {
            return null;
        }

        var merged = MappingMerge.Over(lower, own);
        var missing = fields.Required.Where(required => merged.Find(required) is null).ToImmutableArray();
        foreach (var field in missing)
        {
            diagnostics.Add(BindingDiagnostics.FieldMissing(mapping.Span, field, name, template.Entry.KeySpan));
        }

        return missing.IsEmpty ? new LongSource(fields.Kind, merged, mapping.Span) : null;
    }

    private bool OnlyFieldsOf(SourceFields fields, MappingNode own, string template)
    {
        var fits = true;
        foreach (var entry in own.Entries)
        {
            if (!fields.All.Contains(entry.Key))
            {
                fits = false;
                diagnostics.Add(BindingDiagnostics.ForeignField(entry.KeySpan, entry.Key, fields, template));
            }
        }

        return fits;
    }

    private void ReportShape(MappingNode mapping, ImmutableArray<MappingEntry> kinds)
    {
        if (isWellFormed)
        {
            var second = kinds.Length > 1 ? kinds[1] : mapping.Entries.FirstOrDefault(entry => !kinds.Contains(entry));
            diagnostics.Add(kinds.Length == 0
                ? BindingDiagnostics.NoKind(mapping.Via ?? mapping.Span)
                : BindingDiagnostics.SeveralKinds(second?.KeySpan ?? mapping.Span, mapping));
        }
    }
}

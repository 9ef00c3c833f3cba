using System.Collections.Immutable;
using NixGen.Diagnostics;
using NixGen.Manifest.Tree;

namespace NixGen.Manifest.Binding;

/// <summary>Makes records of models that are composed of others.</summary>
/// <param name="models">All models of the manifest, by name.</param>
/// <param name="diagnostics">Where faults go.</param>
internal sealed class CompositionBinder(Definitions models, DiagnosticBag diagnostics)
{
    private static readonly ImmutableHashSet<string> _keys = ["compose", "meta"];

    /// <summary>Whether a model is composed of others.</summary>
    public static bool IsComposition(Definition model) => (model.Entry.Value as MappingNode)?.Find("compose") is not null;

    /// <summary>The composition; what it names that isn't there is told of.</summary>
    /// <param name="model">Its definition.</param>
    /// <param name="bound">The models that have sources.</param>
    public Composition Bind(Definition model, IReadOnlyDictionary<string, ModelRequest> bound)
    {
        var own = model.Entry.Value as MappingNode;
        foreach (var entry in own?.Entries ?? [])
        {
            if (!_keys.Contains(entry.Key))
            {
                diagnostics.Add(BindingDiagnostics.CompositionForeign(entry.KeySpan, entry.Key));
            }
        }

        ImmutableArray<CompositionPart> parts =
        [
            .. (own.Mapping("compose")?.Entries ?? [])
                .Select(entry => Part(entry, bound))
                .OfType<CompositionPart>()
                .OrderBy(part => part.Name, StringComparer.Ordinal),
        ];
        return new(model.Entry.Key, model.Entry.KeySpan, parts) { Meta = SettingsBinder.Meta(own.Mapping("meta")) };
    }

    private CompositionPart? Part(MappingEntry entry, IReadOnlyDictionary<string, ModelRequest> bound)
    {
        var stated = entry.Value as MappingNode;
        if ((stated is null ? entry.Value : stated["model"]) is not ScalarNode { Kind: ScalarKind.String } name)
        {
            return null;
        }

        if (models.Find(name.Text) is not { } model)
        {
            diagnostics.Add(BindingDiagnostics.NoSuchPart(name.Span, name.Text, Spelling.Nearest(name.Text, models.Names)));
        }
        else if (IsComposition(model))
        {
            diagnostics.Add(BindingDiagnostics.PartUnfit(name.Span, name.Text, "is composed of others itself", "name its parts here", model.Entry.KeySpan));
        }
        else if (bound.GetValueOrDefault(name.Text) is { Impure: true } or { Lazy: true })
        {
            diagnostics.Add(BindingDiagnostics.PartUnfit(name.Span, name.Text, "is impure or lazy, so it has no files that links could lead to", "define it without `impure` and `lazy` under another name", model.Entry.KeySpan));
        }

        return new(entry.Key, name.Text, stated.Text("into"));
    }
}

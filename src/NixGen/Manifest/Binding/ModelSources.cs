using System.Collections.Immutable;
using NixGen.Diagnostics;
using NixGen.Manifest.Tree;

namespace NixGen.Manifest.Binding;

/// <summary>Where a model says that it comes from: one source, or several that hold the same content.</summary>
/// <param name="sources">Binds each.</param>
/// <param name="diagnostics">Where faults go.</param>
internal sealed class ModelSources(SourceBinder sources, DiagnosticBag diagnostics)
{
    private static readonly ImmutableArray<string> _keys = ["source", "sources"];

    /// <summary>The sources in order of preference; none, with a diagnostic, where they are of no use.</summary>
    public ImmutableArray<SourceDeclaration> Bind(MappingEntry model)
    {
        if (model.Value is not MappingNode own)
        {
            return Bind([model.Value]);
        }

        switch (own.Find("source"), own.Find("sources"))
        {
            case ({ } one, { } several):
                diagnostics.Add(BindingDiagnostics.OneAndSeveralSources(several.KeySpan, one.KeySpan));
                return [];
            case ({ } one, null):
                return Bind([one.Value]);
            case (null, { } several):
                return several.Value is SequenceNode list ? Bind(list.Items) : [];
            default:
                // A misspelt key and one in the wrong place are told of already, and so is what the text's faults left out.
                if (!own.Entries.Any(entry => IsMeantAsSource(entry.Key)) && !diagnostics.Items.Any(item => TreeDiagnostics.All.Contains(item.Descriptor)))
                {
                    diagnostics.Add(BindingDiagnostics.SourceMissing(own.Via ?? own.Span, model.Key));
                }

                return [];
        }
    }

    private ImmutableArray<SourceDeclaration> Bind(ImmutableArray<Node> nodes)
    {
        ImmutableArray<SourceDeclaration> bound = [.. nodes.Select(sources.Bind).OfType<SourceDeclaration>()];
        return bound.Length == nodes.Length ? bound : [];
    }

    // A version is a model's own as well.
    private static bool IsMeantAsSource(string key) =>
        key != "version"
        && (Spelling.Nearest(key, _keys) is not null
            || SourceVocabulary.Kinds.Any(kind => kind.Kind == key || kind.OtherName == key || kind.All.Contains(key)));
}

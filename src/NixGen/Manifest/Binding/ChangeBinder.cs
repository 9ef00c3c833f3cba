using System.Collections.Immutable;
using NixGen.Diagnostics;
using NixGen.Manifest.Tree;

namespace NixGen.Manifest.Binding;

/// <summary>Makes records of <c>transform.steps</c> and <c>postDownload.scripts</c>.</summary>
internal sealed class ChangeBinder(ScriptFiles scriptFiles, DiagnosticBag diagnostics)
{
    // What stands in defaults is bound for every model.
    private readonly Dictionary<Node, ChangeRequest?> _bound = new(ReferenceEqualityComparer.Instance);

    /// <summary>The steps or scripts of a list.</summary>
    public ImmutableArray<ChangeRequest> Bind(Node? list) =>
        list is SequenceNode sequence ? [.. sequence.Items.OfType<MappingNode>().Select(Change).OfType<ChangeRequest>()] : [];

    private ChangeRequest? Change(MappingNode mapping)
    {
        if (!_bound.TryGetValue(mapping, out var change))
        {
            change = Read(mapping);
            _bound.Add(mapping, change);
        }

        return change;
    }

    private ChangeRequest? Read(MappingNode mapping)
    {
        ImmutableArray<MappingEntry> scripts = [.. mapping.Entries.Where(entry => ScriptFiles.Keys.Contains(entry.Key))];
        if (scripts is not [var script])
        {
            diagnostics.Add(BindingDiagnostics.ChangeUnclear(mapping.Span, [.. scripts.Select(entry => entry.Key)]));
            return null;
        }

        return mapping.Text("name") is { } name && scriptFiles.Read(script) is { } text
            ? new(name, text)
            {
                BuildInputs = mapping.Texts("buildInputs") ?? [],
                OutputHash = HashNodes.Read(mapping["outputHash"], diagnostics),
                OnFailure = mapping.Text("onFailure"),
            }
            : null;
    }
}

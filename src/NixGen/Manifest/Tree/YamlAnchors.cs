using NixGen.Diagnostics;

namespace NixGen.Manifest.Tree;

/// <summary>Knows the anchors of a document and what each stands for. Counts how much aliases multiply, without multiplying it.</summary>
internal sealed class YamlAnchors(TreeProblems problems)
{
    private readonly Dictionary<string, Anchor> _anchors = new(StringComparer.Ordinal);
    private long _nodes;
    private long _aliased;
    private int _deepest;

    /// <summary>Notes the begin of a node.</summary>
    public Mark Begin(string? name, SourceSpan span, int depth)
    {
        var mark = new Mark(name, _nodes, _deepest);
        _nodes++;
        _deepest = depth;
        if (name is not null)
        {
            _anchors[name] = new(span, null, 0, 0);
        }

        return mark;
    }

    /// <summary>Notes the end of a node.</summary>
    public void End(Mark mark, Node? node, int depth)
    {
        if (mark.Name is { } name && _anchors.TryGetValue(name, out var anchor))
        {
            _anchors[name] = anchor with { Node = node, IsClosed = true, Size = _nodes - mark.Nodes, Height = _deepest - depth };
        }

        _deepest = Math.Max(_deepest, mark.Deepest);
    }

    /// <summary>What an alias stands for; null, with a diagnostic, where that can't be had.</summary>
    public Node? Resolve(string name, SourceSpan at, int depth)
    {
        if (!_anchors.TryGetValue(name, out var anchor))
        {
            problems.Add(TreeDiagnostics.AliasWithoutAnchor(at, name, Spelling.Nearest(name, _anchors.Keys)));
            return null;
        }

        if (!anchor.IsClosed)
        {
            problems.Add(TreeDiagnostics.AliasOfItself(at, name, anchor.Span));
            return null;
        }

        _nodes += anchor.Size;
        _aliased += anchor.Size;
        _deepest = Math.Max(_deepest, depth + anchor.Height);
        if (_aliased > TreeLimits.AliasedNodes)
        {
            problems.Stop(TreeDiagnostics.Expands(at));
            return null;
        }

        if (depth + anchor.Height > TreeLimits.Depth)
        {
            problems.Stop(TreeDiagnostics.Deep(at));
            return null;
        }

        return anchor.Node is null ? null : anchor.Node with { Via = at };
    }

    /// <summary>What was known when a node began.</summary>
    internal readonly record struct Mark(string? Name, long Nodes, int Deepest);

    private sealed record Anchor(SourceSpan Span, Node? Node, long Size, int Height)
    {
        public bool IsClosed { get; init; }
    }
}

using System.Collections.Immutable;
using NixGen.Diagnostics;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace NixGen.Manifest.Tree;

/// <summary>Reads one YAML document from the parser's events, which keep positions. Works in time linear in the text: aliased content is shared, and only counted.</summary>
internal sealed class YamlTreeReader(SourceText source, TreeProblems problems)
{
    private readonly YamlAnchors _anchors = new(problems);
    private readonly Parser _parser = new(new Scanner(new StringReader(source.Text), skipComments: true));
    private readonly List<SourceSpan> _openFlows = [];
    private int _position;

    /// <summary>The document's root, as far as it can be read.</summary>
    public Node? Read()
    {
        try
        {
            return ReadStream();
        }
        catch (YamlException exception)
        {
            problems.Stop(YamlSyntax.Explain(source, exception, _openFlows));
        }
        catch (ArgumentException)
        {
            // The parser makes a tag of text that isn't a URI.
            problems.Stop(YamlSyntax.MalformedTag(source, _position));
        }
        catch (InvalidOperationException)
        {
            // The parser loses its state where a bracket is never closed.
            problems.Stop(YamlSyntax.Unfinished(source, _position, _openFlows));
        }

        return null;
    }

    private Node? ReadStream()
    {
        Next();
        if (Next() is not DocumentStart)
        {
            return new ScalarNode("", ScalarKind.Null, At(source.Text.Length, source.Text.Length));
        }

        Next();
        var root = ReadNode(0);
        if (!problems.Stopped)
        {
            Next();
            if (Next() is DocumentStart second)
            {
                problems.Add(TreeDiagnostics.SecondDocument(Span(second)));
            }
        }

        return root;
    }

    // Reads the node at the current event and leaves the parser on its last event; null where reading stopped or the node is refused.
    private Node? ReadNode(int depth)
    {
        if (depth > TreeLimits.Depth)
        {
            problems.Stop(TreeDiagnostics.Deep(Span(Current)));
            return null;
        }

        if (Current is AnchorAlias alias)
        {
            return _anchors.Resolve(alias.Value.Value, Span(alias), depth);
        }

        if (Current is not NodeEvent start)
        {
            problems.Stop(YamlSyntax.NoKey(Span(Current)));
            return null;
        }

        var mark = _anchors.Begin(start.Anchor.IsEmpty ? null : start.Anchor.Value, Span(start), depth);
        Node? node = start switch
        {
            Scalar scalar => YamlTags.Scalar(scalar, Span(scalar), problems),
            SequenceStart sequence => ReadSequence(sequence, depth),
            MappingStart mapping => ReadMapping(mapping, depth),
            _ => null,
        };
        _anchors.End(mark, node, depth);
        return node;
    }

    private SequenceNode? ReadSequence(SequenceStart start, int depth)
    {
        var span = Open(start, start.Style == SequenceStyle.Flow);
        YamlTags.Collection(start, "seq", span, problems);
        var items = ImmutableArray.CreateBuilder<Node>();
        while (!problems.Stopped && Next() is not SequenceEnd)
        {
            if (ReadNode(depth + 1) is { } item)
            {
                items.Add(item);
            }
        }

        return problems.Stopped
            ? null
            : new(items.ToImmutable(), Close(start, start.Style == SequenceStyle.Flow, items.Count == 0 ? null : items[^1].Span));
    }

    private MappingNode? ReadMapping(MappingStart start, int depth)
    {
        var span = Open(start, start.Style == MappingStyle.Flow);
        YamlTags.Collection(start, "map", span, problems);
        var mapping = new MappingBuilder(problems);
        SourceSpan? last = null;
        while (!problems.Stopped && Next() is not MappingEnd)
        {
            last = ReadEntry(mapping, depth) ?? last;
        }

        return problems.Stopped ? null : mapping.Build(Close(start, start.Style == MappingStyle.Flow, last));
    }

    private SourceSpan? ReadEntry(MappingBuilder mapping, int depth)
    {
        var isMerge = Current is Scalar { Value: "<<", Style: ScalarStyle.Plain };
        var key = ReadNode(depth + 1);
        if (problems.Stopped)
        {
            return null;
        }

        if (key is ScalarNode { Kind: ScalarKind.Null, Text: "", Span.Span.Length: 0 })
        {
            // The parser mistakes what follows: it is not worth reading.
            problems.Stop(YamlSyntax.NoKey(key.Span));
            return null;
        }

        Next();
        var value = ReadNode(depth + 1);
        if (key is not ScalarNode { Kind: ScalarKind.String } text)
        {
            if (key is not null)
            {
                problems.Add(TreeDiagnostics.NonTextKey(key.Span, NodeWords.Describe(key), (key as ScalarNode)?.Text));
            }

            return value?.Span;
        }

        if (!mapping.Declare(text.Text, text.Span) || value is null)
        {
            return value?.Span;
        }

        if (isMerge)
        {
            YamlMergeKey.Apply(mapping, value, problems);
        }
        else
        {
            mapping.Add(text.Text, text.Span, value);
        }

        return value.Via ?? value.Span;
    }

    private SourceSpan Open(NodeEvent start, bool isFlow)
    {
        var span = Span(start);
        if (isFlow)
        {
            _openFlows.Add(At(span.Span.End, span.Span.End + 1));
        }

        return span;
    }

    // A flow collection ends behind its bracket; a block ends where its last value does, not where the next token begins.
    private SourceSpan Close(NodeEvent start, bool isFlow, SourceSpan? last)
    {
        if (isFlow)
        {
            _openFlows.RemoveAt(_openFlows.Count - 1);
            return At((int)start.Start.Index, _position + 1);
        }

        var end = last is null ? (int)start.End.Index : last.Span.End;
        return At((int)start.Start.Index, end);
    }

    private ParsingEvent Current => _parser.Current ?? throw new InvalidOperationException("The parser has no event.");

    private ParsingEvent Next()
    {
        if (!_parser.MoveNext())
        {
            throw new InvalidOperationException("The parser has no further event.");
        }

        _position = (int)Current.End.Index;
        return Current;
    }

    private SourceSpan Span(ParsingEvent at) => At((int)at.Start.Index, (int)at.End.Index);

    private SourceSpan At(int start, int end)
    {
        var text = source.Text;
        start = Math.Clamp(start, 0, text.Length);
        end = Math.Clamp(end, start, text.Length);
        while (end > start && char.IsWhiteSpace(text[end - 1]))
        {
            end--;
        }

        return source.At(new(start, end - start));
    }
}

using Newtonsoft.Json;
using Newtonsoft.Json.Linq;
using NixGen.Manifest.Binding;
using NixGen.Manifest.Tree;

namespace NixGen.Manifest.Schema;

/// <summary>Shows a tree to the JSON library. Each token's "line" is the number of the node or entry that it stands for, so that whatever the library says of a token leads back to its place.</summary>
internal sealed class NodeJsonReader : JsonReader, IJsonLineInfo
{
    private readonly IEnumerator<(JsonToken Token, object? Value)> _tokens;
    private readonly List<PlacedNode> _places = [];

    private NodeJsonReader(Node root)
    {
        MaxDepth = null;
        DateParseHandling = DateParseHandling.None;
        _tokens = Tokens(root, null).GetEnumerator();
    }

    /// <inheritdoc/>
    public int LineNumber => _places.Count;

    /// <inheritdoc/>
    public int LinePosition => 1;

    /// <summary>The tree as the library's own, and the places by "line", counted from 1.</summary>
    public static (JToken Token, List<PlacedNode> Places) Load(Node root)
    {
        using var reader = new NodeJsonReader(root);
        return (JToken.Load(reader), reader._places);
    }

    /// <inheritdoc/>
    public bool HasLineInfo() => true;

    /// <inheritdoc/>
    public override bool Read()
    {
        if (!_tokens.MoveNext())
        {
            return false;
        }

        SetToken(_tokens.Current.Token, _tokens.Current.Value);
        return true;
    }

    private IEnumerable<(JsonToken Token, object? Value)> Tokens(Node node, string? label)
    {
        _places.Add(new(node, null, label));
        switch (node)
        {
            case MappingNode mapping:
                yield return (JsonToken.StartObject, null);
                foreach (var entry in mapping.Entries)
                {
                    _places.Add(new(entry.Value, entry, label));
                    yield return (JsonToken.PropertyName, entry.Key);
                    foreach (var token in Tokens(entry.Value, entry.Key))
                    {
                        yield return token;
                    }
                }

                yield return (JsonToken.EndObject, null);
                break;
            case SequenceNode sequence:
                yield return (JsonToken.StartArray, null);
                foreach (var item in sequence.Items)
                {
                    foreach (var token in Tokens(item, label))
                    {
                        yield return token;
                    }
                }

                yield return (JsonToken.EndArray, null);
                break;
            case ScalarNode scalar:
                yield return Scalar(scalar);
                break;
        }
    }

    private static (JsonToken Token, object? Value) Scalar(ScalarNode scalar) => scalar.Kind switch
    {
        ScalarKind.Integer => (JsonToken.Integer, NodeValues.AsNumber(scalar)),
        // No setting takes a fraction: its type is all that matters.
        ScalarKind.Float => (JsonToken.Float, 0.5),
        ScalarKind.Boolean => (JsonToken.Boolean, scalar.Text[0] is 't' or 'T'),
        ScalarKind.Null => (JsonToken.Null, null),
        _ => (JsonToken.String, scalar.Text),
    };
}

/// <summary>What a token of the JSON library stands for.</summary>
/// <param name="Node">The value.</param>
/// <param name="Entry">The entry whose key this is, or null for a value.</param>
/// <param name="Label">The key that the value stands under, or null at the top; items of a list have the list's.</param>
internal sealed record PlacedNode(Node Node, MappingEntry? Entry, string? Label);

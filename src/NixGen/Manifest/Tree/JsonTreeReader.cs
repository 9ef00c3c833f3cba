using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using NixGen.Diagnostics;

namespace NixGen.Manifest.Tree;

/// <summary>Reads a JSON document (RFC 8259: no comments, no trailing commas) into the same tree as YAML.</summary>
internal sealed class JsonTreeReader(SourceText source, TreeProblems problems)
{
    private static readonly JsonReaderOptions Options = new() { MaxDepth = 4 * TreeLimits.Depth };

    private readonly byte[] _bytes = Encoding.UTF8.GetBytes(source.Text);
    private int _byteMark;
    private int _charMark;

    /// <summary>The document's root, or null where it can't be read.</summary>
    public Node? Read()
    {
        if (_bytes.AsSpan().IndexOfAnyExcept(" \t\r\n"u8) < 0)
        {
            return new ScalarNode("", ScalarKind.Null, source.At(new(source.Text.Length, 0)));
        }

        var reader = new Utf8JsonReader(_bytes, Options);
        try
        {
            reader.Read();
            var root = ReadNode(ref reader, 0);
            if (!problems.Stopped)
            {
                reader.Read();
            }

            return root;
        }
        catch (JsonException exception)
        {
            problems.Stop(TreeDiagnostics.BrokenSyntax(Place(exception), JsonSyntax.Words(exception.Message)));
            return null;
        }
    }

    private Node? ReadNode(ref Utf8JsonReader reader, int depth)
    {
        if (depth > TreeLimits.Depth)
        {
            problems.Stop(TreeDiagnostics.Deep(Token(ref reader)));
            return null;
        }

        return reader.TokenType switch
        {
            JsonTokenType.StartObject => ReadObject(ref reader, depth),
            JsonTokenType.StartArray => ReadArray(ref reader, depth),
            JsonTokenType.Null => new ScalarNode("null", ScalarKind.Null, Token(ref reader)),
            JsonTokenType.True => new ScalarNode("true", ScalarKind.Boolean, Token(ref reader)),
            JsonTokenType.False => new ScalarNode("false", ScalarKind.Boolean, Token(ref reader)),
            JsonTokenType.Number => ReadNumber(ref reader),
            _ => ReadText(ref reader),
        };
    }

    private ScalarNode ReadText(ref Utf8JsonReader reader)
    {
        var (text, span) = ReadString(ref reader);
        return new(text, ScalarKind.String, span);
    }

    private MappingNode? ReadObject(ref Utf8JsonReader reader, int depth)
    {
        var start = Token(ref reader).Span.Start;
        var mapping = new MappingBuilder(problems);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var (key, span) = ReadString(ref reader);
            reader.Read();
            var value = ReadNode(ref reader, depth + 1);
            if (problems.Stopped)
            {
                return null;
            }

            if (mapping.Declare(key, span) && value is not null)
            {
                mapping.Add(key, span, value);
            }
        }

        return mapping.Build(From(start, ref reader));
    }

    private SequenceNode? ReadArray(ref Utf8JsonReader reader, int depth)
    {
        var start = Token(ref reader).Span.Start;
        var items = ImmutableArray.CreateBuilder<Node>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (ReadNode(ref reader, depth + 1) is { } item)
            {
                items.Add(item);
            }

            if (problems.Stopped)
            {
                return null;
            }
        }

        return new(items.ToImmutable(), From(start, ref reader));
    }

    private ScalarNode ReadNumber(ref Utf8JsonReader reader)
    {
        var text = Encoding.UTF8.GetString(reader.ValueSpan);
        var isWhole = text.AsSpan().IndexOfAny('.', 'e', 'E') < 0;
        return new(text, isWhole ? ScalarKind.Integer : ScalarKind.Float, Token(ref reader));
    }

    private (string Text, SourceSpan Span) ReadString(ref Utf8JsonReader reader)
    {
        var span = Token(ref reader);
        string text;
        try
        {
            text = reader.GetString() ?? "";
        }
        catch (InvalidOperationException)
        {
            // An escape that is half of a surrogate pair.
            text = "\ud800";
        }

        if (TextFaults.Find(text) is { } fault)
        {
            problems.Add(TreeDiagnostics.CharacterThatIsNotText(span, fault));
        }

        return (text, span);
    }

    private SourceSpan Token(ref Utf8JsonReader reader)
    {
        // What the reader has consumed of a key includes the colon.
        var isQuoted = reader.TokenType is JsonTokenType.PropertyName or JsonTokenType.String;
        var end = isQuoted ? (int)reader.TokenStartIndex + reader.ValueSpan.Length + 2 : (int)reader.BytesConsumed;
        var start = ToChars((int)reader.TokenStartIndex);
        return source.At(new(start, ToChars(end) - start));
    }

    private SourceSpan From(int start, ref Utf8JsonReader reader) =>
        source.At(new(start, ToChars((int)reader.BytesConsumed) - start));

    private SourceSpan Place(JsonException exception)
    {
        var lineStart = 0;
        for (var line = exception.LineNumber ?? 0; line > 0; line--)
        {
            lineStart += _bytes.AsSpan(lineStart).IndexOf((byte)'\n') + 1;
        }

        var offset = Math.Min(lineStart + (int)(exception.BytePositionInLine ?? 0), _bytes.Length);
        var start = Encoding.UTF8.GetCharCount(_bytes, 0, offset);
        return source.At(new(start, start < source.Text.Length ? 1 : 0));
    }

    // Offsets are asked for in ascending order, save for a token's own start: counting goes on from the last one.
    private int ToChars(int offset)
    {
        if (_bytes.Length == source.Text.Length)
        {
            return offset;
        }

        if (offset < _byteMark)
        {
            _charMark -= Encoding.UTF8.GetCharCount(_bytes, offset, _byteMark - offset);
        }
        else
        {
            _charMark += Encoding.UTF8.GetCharCount(_bytes, _byteMark, offset - _byteMark);
        }

        _byteMark = offset;
        return _charMark;
    }
}

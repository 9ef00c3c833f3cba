using System.Collections.Immutable;
using System.Text.Json;

namespace NixGen.Lock;

/// <content>The parts of a model's entry.</content>
internal ref partial struct LockJsonReader
{
    private CanonicalRequest? ReadRequest(string model)
    {
        var what = $"The request of {model}";
        if (!BeginObject(what))
        {
            return null;
        }

        var keys = new HashSet<string>(StringComparer.Ordinal);
        CanonicalRequest? request = null;
        while (NextKey(what, keys) is { } kind)
        {
            if (keys.Count > 1)
            {
                Unknown(what, kind);
                continue;
            }

            request = ReadFields(kind, what);
        }

        if (keys.Count == 0)
        {
            Report(LockDiagnostics.HasWrongShape(Here, what, "an object with one key, the source's kind", null));
        }

        return request;
    }

    private CanonicalRequest? ReadFields(string kind, string what)
    {
        if (!BeginObject(what))
        {
            return null;
        }

        var keys = new HashSet<string>(StringComparer.Ordinal);
        var fields = ImmutableSortedDictionary.CreateBuilder<string, RequestValue>(StringComparer.Ordinal);
        while (NextKey(what, keys) is { } key)
        {
            if (ReadValue($"'{LockDiagnostics.Printable(key)}' in {what}") is { } value)
            {
                fields[key] = value;
            }
        }

        return new(kind, fields.ToImmutable());
    }

    private RequestValue? ReadValue(string what)
    {
        if (_json.TokenType != JsonTokenType.StartArray)
        {
            return Text(what) is { } text ? new RequestValue.Text(text) : null;
        }

        var items = ImmutableArray.CreateBuilder<string>();
        while (_json.Read() && _json.TokenType != JsonTokenType.EndArray)
        {
            if (Text($"An item of {what}") is { } item)
            {
                items.Add(item);
            }
        }

        return new RequestValue.List(items.ToImmutable());
    }
}

using System.Collections.Immutable;
using System.Text.Json;

namespace NixGen.Lock;

/// <content>The further sources of a model's entry.</content>
internal ref partial struct LockJsonReader
{
    private ImmutableArray<LockedAlternate> ReadAlternates(string model)
    {
        var what = $"'alternates' of model '{LockDiagnostics.Printable(model)}'";
        if (_json.TokenType != JsonTokenType.StartArray)
        {
            WrongShape(what, "an array");
            return [];
        }

        var at = HereInBytes;
        var alternates = ImmutableArray.CreateBuilder<LockedAlternate>();
        var count = 0;
        while (_json.Read() && _json.TokenType != JsonTokenType.EndArray)
        {
            count++;
            if (ReadAlternate(model, $"An item of {what}") is { } alternate)
            {
                alternates.Add(alternate);
            }
        }

        // The key is left out where there is nothing to say.
        if (count == 0)
        {
            Report(LockDiagnostics.HasWrongShape(_text.At(at), what, "at least one source", null));
        }

        return alternates.ToImmutable();
    }

    private LockedAlternate? ReadAlternate(string model, string what)
    {
        var at = HereInBytes;
        if (!BeginObject(what))
        {
            return null;
        }

        var keys = new HashSet<string>(StringComparer.Ordinal);
        CanonicalRequest? request = null;
        ResolvedRevision? resolved = null;
        ImmutableArray<LockedFile>? files = null;
        while (NextKey(what, keys) is { } key)
        {
            switch (key)
            {
                case "files":
                    files = ReadFiles(model);
                    break;
                case "request":
                    request = ReadRequest(what);
                    break;
                case "resolved":
                    resolved = ReadResolved(what);
                    break;
                default:
                    Unknown(what, key);
                    break;
            }
        }

        RequireParts(keys, at, what);
        return request is null || resolved is null || files is null
            ? null
            : new() { Request = request, Resolved = resolved, Files = files.Value };
    }

    private void RequireParts(HashSet<string> keys, ByteSpan at, string what)
    {
        foreach (var required in (ReadOnlySpan<string>)["files", "request", "resolved"])
        {
            if (!keys.Contains(required))
            {
                Report(LockDiagnostics.Lacks(_text.At(at), what, required));
            }
        }
    }
}

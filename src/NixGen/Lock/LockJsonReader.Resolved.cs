namespace NixGen.Lock;

/// <content>What a model's request resolved to.</content>
internal ref partial struct LockJsonReader
{
    private ResolvedRevision? ReadResolved(string model)
    {
        var what = $"'resolved' of {model}";
        var at = HereInBytes;
        if (!BeginObject(what))
        {
            return null;
        }

        var keys = new HashSet<string>(StringComparer.Ordinal);
        string? id = null, revision = null;
        var read = new ResolvedRevision("", "");
        while (NextKey(what, keys) is { } key)
        {
            switch (key)
            {
                case "id":
                    id = ShortText($"'id' in {what}");
                    break;
                case "revision":
                    revision = Token($"'revision' in {what}");
                    break;
                default:
                    read = ReadFact(read, key, what);
                    break;
            }
        }

        foreach (var required in (ReadOnlySpan<string>)["id", "revision"])
        {
            if (!keys.Contains(required))
            {
                Report(LockDiagnostics.Lacks(_text.At(at), what, required));
            }
        }

        return id is null || revision is null ? null : read with { Id = id, Revision = revision };
    }

    private ResolvedRevision ReadFact(ResolvedRevision read, string key, string what)
    {
        var place = $"'{LockDiagnostics.Printable(key)}' in {what}";
        switch (key)
        {
            case "commitDate":
                return read with { CommitDate = Token(place) };
            case "digest":
                return read with { Digest = Digest(place) };
            case "endpoint":
                return read with { Endpoint = Endpoint(place) };
            case "gated":
                return read with { Gated = Token(place) };
            case "license":
                return read with { License = ShortText(place) };
            case "region":
                return read with { Region = Token(place) };
            case "scan":
                return read with { Scan = Token(place) };
            case "storage":
                return read with { Storage = ShortText(place) };
            case "version":
                return read with { Version = ShortText(place) };
            default:
                Unknown(what, key);
                return read;
        }
    }

    private string? Digest(string what)
    {
        var text = ShortText(what);
        if (text is null || (text.Length == 71 && text.StartsWith("sha256:", StringComparison.Ordinal) && text.Skip(7).All(char.IsAsciiHexDigitLower)))
        {
            return text;
        }

        WrongShape(what, "'sha256:' and 64 lower-case hexadecimal digits");
        return null;
    }

    // A word that becomes part of names and URLs: no spaces, no slashes, no quotes.
    private string? Token(string what)
    {
        var text = ShortText(what);
        if (text is null || (text.Length <= 200 && text.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '.' or ':' or '+')))
        {
            return text;
        }

        WrongShape(what, "a word of ASCII letters, digits and '-_.:+'");
        return null;
    }

    private string? Endpoint(string what)
    {
        var text = ShortText(what);
        if (text is null
            || (Uri.TryCreate(text, UriKind.Absolute, out var url)
                && url.Scheme is "https" or "http"
                && url.UserInfo.Length == 0
                && url.Query.Length == 0
                && url.Fragment.Length == 0
                && !text.EndsWith('/')))
        {
            return text;
        }

        WrongShape(what, "an http(s) URL without user, query, fragment and trailing slash");
        return null;
    }
}

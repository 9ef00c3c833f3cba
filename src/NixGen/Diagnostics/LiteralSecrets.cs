using System.Buffers;
namespace NixGen.Diagnostics;

/// <summary>Recognises secrets that were written into a manifest, so that they can be refused without being shown.</summary>
public static class LiteralSecrets
{
    private const int ShortestToken = 16;
    private const string KeyStarts = " \t\"'{,[?-";

    private static readonly SearchValues<char> AuthorityEnds = SearchValues.Create("/?# \t\r\n\"'");

    // What well-known tokens begin with.
    private static readonly string[] Prefixes = ["hf_", "api_org_", "ghp_", "gho_", "github_pat_", "glpat-", "AKIA", "ASIA", "xoxb-", "sk-", "hvs.", "Bearer "];

    /// <summary>Marks everything in a text that looks like a secret, before any diagnostic can show it.</summary>
    public static void Conceal(SourceText source)
    {
        var text = source.Text.AsSpan();
        foreach (var (start, length) in Find(text))
        {
            source.Conceal(new(start, length));
        }

        for (var i = 0; i < text.Length;)
        {
            var end = text[i..].IndexOf('\n');
            end = end < 0 ? text.Length : i + end;
            ConcealKeyedValue(source, text[i..end], i);
            i = end + 1;
        }
    }

    /// <summary>Whether a key asks for a secret in clear.</summary>
    public static bool IsSecretKey(string key) => key.ToLowerInvariant() is
        "token" or "hftoken" or "hf_token" or "accesstoken" or "access_token" or "apikey" or "api_key" or "apitoken" or "api_token"
        or "password" or "passwd" or "secret" or "secretkey" or "secret_key" or "secretaccesskey" or "authorization" or "bearer";

    /// <summary>What kind of secret a text holds, in words, or null.</summary>
    public static string? Describe(string text)
    {
        foreach (var (start, _) in Find(text))
        {
            return text.AsSpan(start) switch
            {
                ['h', 'f', '_', ..] => "a Hugging Face token",
                ['-', ..] => "a private key",
                _ => IsUserInfo(text, start) ? "a user name or password in a URL" : "an access token",
            };
        }

        return null;
    }

    /// <summary>The text with an asterisk for each character of what looks like a secret.</summary>
    public static string Mask(string text)
    {
        var found = Find(text);
        if (found.Count == 0)
        {
            return text;
        }

        var masked = text.ToCharArray();
        foreach (var (start, length) in found)
        {
            masked.AsSpan(start, length).Fill('*');
        }

        return new(masked);
    }

    private static bool IsUserInfo(string text, int start) =>
        start >= 3 && text.AsSpan(start - 3, 3) is "://";

    private static List<(int Start, int Length)> Find(ReadOnlySpan<char> text)
    {
        var found = new List<(int, int)>();
        foreach (var prefix in Prefixes)
        {
            for (var at = 0; Next(text, prefix, at) is var start and >= 0;)
            {
                var end = start + prefix.Length;
                while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] is '_' or '-'))
                {
                    end++;
                }

                var isWord = prefix != "hf_" && start > 0 && (char.IsAsciiLetterOrDigit(text[start - 1]) || text[start - 1] is '_' or '-');
                if (!isWord && end - start >= prefix.Length + ShortestToken && LooksRandom(text[(start + prefix.Length)..end]))
                {
                    found.Add((start, end - start));
                }

                at = end;
            }
        }

        for (var at = 0; Next(text, "://", at) is var start and >= 0;)
        {
            at = start + 3;
            var length = text[at..].IndexOfAny(AuthorityEnds);
            var authority = length < 0 ? text[at..] : text.Slice(at, length);
            var sign = authority.LastIndexOf('@');
            if (sign > 0 && !IsLoginName(text[..start], authority[..sign]))
            {
                found.Add((at, sign));
            }
        }

        FindKeys(text, found);
        return found;
    }

    // SSH addresses name who logs in ('ssh://git@host'), and those of Azure's drivers the container
    // ('abfss://container@account…'), which are no secrets; with a password it is.
    private static bool IsLoginName(ReadOnlySpan<char> before, ReadOnlySpan<char> user)
    {
        var schemeStart = before.Length;
        while (schemeStart > 0 && char.IsAsciiLetter(before[schemeStart - 1]))
        {
            schemeStart--;
        }

        var scheme = before[schemeStart..];
        foreach (var known in (ReadOnlySpan<string>)["ssh", "abfs", "abfss", "wasb", "wasbs"])
        {
            if (scheme.Equals(known, StringComparison.OrdinalIgnoreCase))
            {
                return !user.Contains(':');
            }
        }

        return false;
    }

    // Keys as PEM has them, which a service account's JSON file holds too.
    private static void FindKeys(ReadOnlySpan<char> text, List<(int Start, int Length)> found)
    {
        const string Begin = "-----BEGIN ";
        const string End = "-----END ";
        for (var at = 0; Next(text, Begin, at) is var start and >= 0;)
        {
            at = start + Begin.Length;
            var title = text[at..Math.Min(text.Length, at + 40)];
            if (title.Contains("PRIVATE KEY-----", StringComparison.Ordinal))
            {
                at = Next(text, End, at) is var end and >= 0 ? end : text.Length;
                found.Add((start, at - start));
            }
        }
    }

    // Tokens mix letters and digits; words joined by dashes don't.
    private static bool LooksRandom(ReadOnlySpan<char> text)
    {
        var run = 0;
        var longest = 0;
        foreach (var character in text)
        {
            run = char.IsAsciiLetterOrDigit(character) ? run + 1 : 0;
            longest = Math.Max(longest, run);
        }

        return longest >= ShortestToken;
    }

    private static int Next(ReadOnlySpan<char> text, string word, int from)
    {
        var index = text[from..].IndexOf(word);
        return index < 0 ? -1 : from + index;
    }

    private static int ValueLength(ReadOnlySpan<char> value, bool isFlow)
    {
        if (value is ['"' or '\'', ..])
        {
            var quote = value[1..].IndexOf(value[0]);
            return quote < 0 ? value.TrimEnd().Length : quote + 2;
        }

        var end = isFlow ? value.IndexOfAny(',', '}') : -1;
        return (end < 0 ? value : value[..end]).TrimEnd().Length;
    }

    // `token: …` in YAML and `"token": …` in JSON, on one line.
    private static void ConcealKeyedValue(SourceText source, ReadOnlySpan<char> line, int offset)
    {
        var from = 0;
        while (line[from..].IndexOf(':') is var colon and >= 0)
        {
            var at = from + colon;
            var key = line[from..at].TrimEnd("\"' \t");
            var word = key.Length;
            while (word > 0 && !KeyStarts.Contains(key[word - 1]))
            {
                word--;
            }

            if (key.Length - word is > 0 and < 20 && IsSecretKey(key[word..].ToString()))
            {
                var value = line[(at + 1)..].TrimStart();
                var length = ValueLength(value, isFlow: line[..at].Contains('{'));
                if (length > 0)
                {
                    source.Conceal(new(offset + line.Length - value.Length, length));
                }
            }

            from = at + 1;
        }
    }
}

using System.Collections.Immutable;
using System.Text.Json;
using NixGen.Nix.Hashing;

namespace NixGen.Lock;

/// <content>The files of a model's entry.</content>
internal ref partial struct LockJsonReader
{
    private ImmutableArray<LockedFile>? ReadFiles(string model)
    {
        var what = $"'files' of model '{LockDiagnostics.Printable(model)}'";
        if (_json.TokenType != JsonTokenType.StartArray)
        {
            WrongShape(what, "an array");
            return null;
        }

        var at = HereInBytes;
        var files = ImmutableArray.CreateBuilder<LockedFile>();
        var keys = new HashSet<string>(4, StringComparer.Ordinal);
        while (_json.Read() && _json.TokenType != JsonTokenType.EndArray)
        {
            keys.Clear();
            if (ReadFile(model, keys) is { } file)
            {
                files.Add(file);
            }
        }

        foreach (var clash in PathClash.Find(files.Select(file => file.Path).ToArray()))
        {
            if (clash.Kind != PathClashKind.CaseOnly)
            {
                Report(LockDiagnostics.HasPathClash(_text.At(at), model, clash));
            }
        }

        files.Sort((left, right) => string.CompareOrdinal(left.Path, right.Path));
        return files.ToImmutable();
    }

    private LockedFile? ReadFile(string model, HashSet<string> keys)
    {
        const string What = "A file";
        var at = HereInBytes;
        if (!BeginObject(What))
        {
            return null;
        }

        string? path = null, blob = null, name = null, text = null, url = null, version = null;
        SriHash? sha256 = null;
        long? size = null;
        while (NextKey(What, keys) is { } key)
        {
            switch (key)
            {
                case "path":
                    path = ReadPath(model);
                    break;
                case "size":
                    size = ReadSize();
                    break;
                case "sha256":
                    sha256 = ReadSha256();
                    break;
                case "blob":
                    blob = ReadBlob();
                    break;
                case "object":
                    name = ShortText("A file's 'object'");
                    break;
                case "text":
                    text = Text("A file's 'text'");
                    break;
                case "url":
                    url = ReadUrl();
                    break;
                case "version":
                    version = ShortText("A file's 'version'");
                    break;
                default:
                    Unknown(What, key);
                    break;
            }
        }

        foreach (var required in (ReadOnlySpan<string>)["path", "size", "sha256", "blob"])
        {
            if (!keys.Contains(required))
            {
                Report(LockDiagnostics.Lacks(_text.At(at), What, required));
            }
        }

        if (path is null || size is null || sha256 is null || blob is null)
        {
            return null;
        }

        if (blob.Length == 64 && !string.Equals(blob, sha256.Hex, StringComparison.Ordinal))
        {
            Report(LockDiagnostics.HasBadHash(_text.At(at), $"'blob' of '{LockDiagnostics.Printable(path)}'", "the SHA-256 beside it", blob));
        }

        if (text is not null && !IsContent(text, size.Value, sha256))
        {
            Report(LockDiagnostics.HasBadHash(_text.At(at), $"'sha256' of '{LockDiagnostics.Printable(path)}'", "the SHA-256 of the text beside it", sha256.Text));
        }

        return new(path, size.Value, sha256, blob) { Object = name, Text = text, Url = url, Version = version };
    }

    private static bool IsContent(string text, long size, SriHash sha256)
    {
        var content = System.Text.Encoding.UTF8.GetBytes(text);
        return content.Length == size && SriHash.FromBytes(System.Security.Cryptography.SHA256.HashData(content)).Equals(sha256);
    }

    private string? ReadPath(string model)
    {
        var at = HereInBytes;
        var path = Text("A file's 'path'");
        if (path is null || LockedPath.Problem(path) is not { } problem)
        {
            return path;
        }

        Report(LockDiagnostics.HasUnsafePath(_text.At(at), model, path, problem));
        return null;
    }

    private string? ReadUrl()
    {
        var text = ShortText("A file's 'url'");
        if (text is null
            || (Uri.TryCreate(text, UriKind.Absolute, out var url)
                && url.Scheme is "https" or "http"
                && url.UserInfo.Length == 0
                && url.Fragment.Length == 0))
        {
            return text;
        }

        WrongShape("A file's 'url'", "an http(s) URL without user and fragment");
        return null;
    }

    private long? ReadSize()
    {
        if (_json.TokenType == JsonTokenType.Number && _json.TryGetInt64(out var size) && size >= 0)
        {
            return size;
        }

        WrongShape("A file's 'size'", "a whole number of bytes");
        return null;
    }

    private SriHash? ReadSha256()
    {
        var at = HereInBytes;
        var text = Text("A file's 'sha256'");
        if (text is null)
        {
            return null;
        }

        if (SriHash.TryParse(text, out var hash))
        {
            return hash;
        }

        Report(LockDiagnostics.HasBadHash(_text.At(at), "A file's 'sha256'", "'sha256-' and 44 characters of base64", text));
        return null;
    }

    private string? ReadBlob()
    {
        var at = HereInBytes;
        var text = Text("A file's 'blob'");
        if (text is null || (text.Length is 40 or 64 && text.All(char.IsAsciiHexDigitLower)))
        {
            return text;
        }

        Report(LockDiagnostics.HasBadHash(_text.At(at), "A file's 'blob'", "40 or 64 lower-case hexadecimal digits", text));
        return null;
    }
}

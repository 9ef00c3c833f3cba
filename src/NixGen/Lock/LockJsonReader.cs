using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using NixGen.Diagnostics;

namespace NixGen.Lock;

/// <summary>Reads the current format: one pass, everything checked, everything unknown refused. A lock may come from anybody's pull request.</summary>
internal ref partial struct LockJsonReader
{
    // A damaged file can hold a problem per line; the first ones tell enough.
    private const int MaxProblems = 20;

    private readonly LockText _text;
    private readonly DiagnosticBag _diagnostics;
    private readonly DoubtfulEntries _doubtful;
    private Utf8JsonReader _json;
    private int _problems;

    private LockJsonReader(LockText text, DiagnosticBag diagnostics, DoubtfulEntries doubtful)
    {
        _doubtful = doubtful;
        _text = text;
        _diagnostics = diagnostics;
        _json = new(text.Bytes.Span, LockVersions.ReaderOptions);
    }

    private readonly SourceSpan Here => _text.At(HereInBytes);

    // Kept instead of a place where a problem may turn up later: to count characters costs a pass over the file.
    private readonly ByteSpan HereInBytes => new(_json.TokenStartIndex, _json.BytesConsumed - _json.TokenStartIndex);

    /// <summary>Gives the lock, or null after adding diagnostics.</summary>
    /// <param name="text">The lock's text.</param>
    /// <param name="diagnostics">Where problems go.</param>
    /// <param name="doubtful">Takes the models whose entries can't be trusted; those with different entries are left out.</param>
    public static LockFile? Read(LockText text, DiagnosticBag diagnostics, DoubtfulEntries doubtful)
    {
        var reader = new LockJsonReader(text, diagnostics, doubtful);
        try
        {
            reader._json.Read();
            var read = reader.ReadRoot();
            reader._json.Read();
            return reader._problems == 0 ? read : null;
        }
        catch (JsonException exception)
        {
            diagnostics.Add(LockDiagnostics.IsNotJson(Place(text, exception)));
            return null;
        }
    }

    /// <summary>Where a JSON reader gave up.</summary>
    public static SourceSpan Place(LockText text, JsonException exception)
    {
        var bytes = text.Bytes.Span;
        var offset = 0;
        for (var line = exception.LineNumber ?? 0; line > 0; line--)
        {
            offset += bytes[offset..].IndexOf((byte)'\n') + 1;
        }

        return text.At(offset + (exception.BytePositionInLine ?? 0), 1);
    }

    private LockFile? ReadRoot()
    {
        const string What = "The lock";
        if (!BeginObject(What))
        {
            return null;
        }

        var keys = new HashSet<string>(StringComparer.Ordinal);
        ImmutableSortedDictionary<string, LockedModel>? models = null;
        var hasVersion = false;
        while (NextKey(What, keys) is { } key)
        {
            switch (key)
            {
                case "models":
                    models = ReadModels();
                    break;
                case "version":
                    hasVersion = ReadVersion();
                    break;
                default:
                    Unknown(What, key);
                    break;
            }
        }

        if (!keys.Contains("version"))
        {
            Report(LockDiagnostics.Lacks(Here, What, "version"));
        }

        if (!keys.Contains("models"))
        {
            Report(LockDiagnostics.Lacks(Here, What, "models"));
        }

        return hasVersion && models is not null ? new(models) : null;
    }

    private bool ReadVersion()
    {
        if (_json.TokenType == JsonTokenType.Number && _json.TryGetInt64(out var version) && version == LockFile.CurrentVersion)
        {
            return true;
        }

        WrongShape("'version'", "a whole number");
        return false;
    }

    private ImmutableSortedDictionary<string, LockedModel>? ReadModels()
    {
        const string What = "'models'";
        if (!BeginObject(What))
        {
            return null;
        }

        var keys = new HashSet<string>(StringComparer.Ordinal);
        var models = ImmutableSortedDictionary.CreateBuilder<string, LockedModel>(StringComparer.Ordinal);
        while (NextKey(What, keys, mayRepeat: true) is { } name)
        {
            if (!IsModelName(name))
            {
                Report(LockDiagnostics.HasWrongShape(Here, $"The model name '{LockDiagnostics.Printable(name)}'", "letters, digits and '_+.-', beginning with a letter, digit or '_'", null));
            }

            var at = HereInBytes;
            if (ReadModel(name) is not { } model)
            {
                continue;
            }

            if (models.TryGetValue(name, out var other))
            {
                _doubtful.AddRepeated(name, at, isSame: other.Equals(model));
            }

            models[name] = model;
        }

        models.RemoveRange(_doubtful.Doubled.Keys);
        return models.ToImmutable();
    }

    private LockedModel? ReadModel(string name)
    {
        var what = $"Model '{LockDiagnostics.Printable(name)}'";
        var at = HereInBytes;
        if (!BeginObject(what))
        {
            return null;
        }

        var keys = new HashSet<string>(StringComparer.Ordinal);
        CanonicalRequest? request = null;
        ResolvedRevision? resolved = null;
        string? seal = null;
        ImmutableArray<LockedFile>? files = null;
        ImmutableArray<LockedAlternate> alternates = [];
        while (NextKey(what, keys) is { } key)
        {
            switch (key)
            {
                case "alternates":
                    alternates = ReadAlternates(name);
                    break;
                case "files":
                    files = ReadFiles(name);
                    break;
                case "request":
                    request = ReadRequest(what);
                    break;
                case "resolved":
                    resolved = ReadResolved(what);
                    break;
                case "seal":
                    seal = ShortText("A model's 'seal'");
                    break;
                default:
                    Unknown(what, key);
                    break;
            }
        }

        RequireParts(keys, at, what);
        if (request is null || resolved is null || files is null)
        {
            return null;
        }

        var model = new LockedModel { Name = name, Request = request, Resolved = resolved, Files = files.Value, Alternates = alternates };
        if (seal is null)
        {
            _doubtful.AddWithoutSeal(name, at);
        }
        else if (string.Equals(seal, LockJsonWriter.SealOf(model), StringComparison.Ordinal))
        {
            _doubtful.AddSealed();
        }
        else
        {
            _doubtful.AddUnsealed(name, at);
        }

        return model;
    }

    // The rule of the manifest: an attribute name, and the stem of file names.
    private static bool IsModelName(string name) =>
        name.Length is > 0 and <= 207
        && (char.IsAsciiLetterOrDigit(name[0]) || name[0] == '_')
        && name.All(character => char.IsAsciiLetterOrDigit(character) || character is '_' or '.' or '+' or '-');

    private bool BeginObject(string what)
    {
        if (_json.TokenType == JsonTokenType.StartObject)
        {
            return true;
        }

        WrongShape(what, "an object");
        return false;
    }

    // Stands on the value of the key that it gives; null at the end of the object.
    private string? NextKey(string what, HashSet<string> keys, bool mayRepeat = false)
    {
        while (_json.Read() && _json.TokenType == JsonTokenType.PropertyName)
        {
            var key = Text($"A key of {what}");
            if (key is not null && !keys.Add(key) && !mayRepeat)
            {
                Report(LockDiagnostics.HasDuplicateKey(Here, what, LockDiagnostics.Printable(key)));
            }

            _json.Read();
            if (key is not null)
            {
                return key;
            }

            _json.Skip();
        }

        return null;
    }

    private string? Text(string what)
    {
        if (_json.TokenType is not (JsonTokenType.String or JsonTokenType.PropertyName))
        {
            WrongShape(what, "text");
            return null;
        }

        try
        {
            return _json.GetString();
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair, written as an escape.
            WrongShape(what, "Unicode text");
            return null;
        }
    }

    private string? ShortText(string what)
    {
        var text = Text(what);
        if (text is null || (text.Length is > 0 and <= 2000 && !text.Any(char.IsControl)))
        {
            return text;
        }

        WrongShape(what, "one line of at most 2000 characters");
        return null;
    }

    private void Unknown(string what, string key)
    {
        Report(LockDiagnostics.HasUnknownKey(Here, what, LockDiagnostics.Printable(key)));
        _json.Skip();
    }

    private void WrongShape(string what, string expected)
    {
        var token = _json.ValueSpan;
        Report(LockDiagnostics.HasWrongShape(
            Here, what, expected, LockDiagnostics.Printable(Encoding.UTF8.GetString(token[..Math.Min(token.Length, 60)]))));
        _json.Skip();
    }

    private void Report(Diagnostic diagnostic)
    {
        if (_problems++ < MaxProblems)
        {
            _diagnostics.Add(diagnostic);
        }
    }
}

using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using NixGen.Diagnostics;

namespace NixGen.Lock;

/// <summary>Looks at a lock's format version and reads it by that.</summary>
internal static class LockVersions
{
    internal static readonly JsonReaderOptions ReaderOptions = new() { MaxDepth = 16 };

    /// <summary>Reads a lock without conflict markers. Differing entries of one model are left out, and doubtful ones reported.</summary>
    public static LockReading? ReadWhole(LockText text, DiagnosticBag diagnostics, LockUpgraders upgraders)
    {
        var doubtful = new DoubtfulEntries();
        if (Read(text, diagnostics, upgraders, doubtful) is not { } reading)
        {
            return null;
        }

        foreach (var (name, at) in doubtful.Doubled)
        {
            diagnostics.Add(LockDiagnostics.HasConflictingEntry(text.At(at), name));
        }

        var unsealed = doubtful.Unsealed.Where(entry => !doubtful.Doubled.ContainsKey(entry.Key)).ToArray();
        foreach (var (name, at) in unsealed)
        {
            diagnostics.Add(LockDiagnostics.IsUnsealed(text.At(at), name));
        }

        var again = doubtful.Doubled.Keys.Concat(unsealed.Select(entry => entry.Key)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
        return reading with
        {
            ToLockAgain = [.. again],
            IsCurrent = reading.IsCurrent && !doubtful.AnyRepeated && unsealed.Length == 0,
        };
    }

    /// <summary>Reads one side of a merge, or a whole lock.</summary>
    /// <param name="text">The lock's text.</param>
    /// <param name="diagnostics">Where problems go.</param>
    /// <param name="upgraders">How older formats are brought up to date.</param>
    /// <param name="doubtful">As for <see cref="LockJsonReader.Read"/>.</param>
    public static LockReading? Read(
        LockText text, DiagnosticBag diagnostics, LockUpgraders upgraders, DoubtfulEntries doubtful)
    {
        long version;
        SourceSpan? at;
        try
        {
            (version, at) = FindVersion(text);
        }
        catch (JsonException exception)
        {
            diagnostics.Add(LockDiagnostics.IsNotJson(LockJsonReader.Place(text, exception)));
            return null;
        }

        if (at is null || version == LockFile.CurrentVersion)
        {
            // Without a version the reader says what is missing.
            return LockJsonReader.Read(text, diagnostics, doubtful) is { } current ? new(current, [], true) : null;
        }

        if (version > LockFile.CurrentVersion)
        {
            diagnostics.Add(LockDiagnostics.IsNewer(at, version));
            return null;
        }

        if (!upgraders.Reach(version))
        {
            diagnostics.Add(LockDiagnostics.HasNoUpgrade(at, version));
            return null;
        }

        return ReadOlder(text, diagnostics, upgraders, (int)version, at);
    }

    private static LockReading? ReadOlder(
        LockText text, DiagnosticBag diagnostics, LockUpgraders upgraders, int version, SourceSpan at)
    {
        JsonObject document;
        try
        {
            document = JsonNode.Parse(text.Bytes.Span, null, new() { MaxDepth = ReaderOptions.MaxDepth })?.AsObject() ?? [];
            upgraders.Upgrade(document, version);
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException or FormatException)
        {
            // A doubled key, or a value that the step didn't expect.
            diagnostics.Add(LockDiagnostics.HasNoUpgrade(at, version));
            return null;
        }

        // Places in the upgraded text are places in no file; what is wrong in it points at the old version.
        var upgraded = new LockText(text.Path, Encoding.UTF8.GetBytes(document.ToJsonString()));
        var problems = new DiagnosticBag();
        var read = LockJsonReader.Read(upgraded, problems, new());
        diagnostics.AddRange(problems.Items.Select(item => item with { Location = at }));
        return read is null ? null : new(read, [], false);
    }

    private static (long Version, SourceSpan? At) FindVersion(LockText text)
    {
        var json = new Utf8JsonReader(text.Bytes.Span, ReaderOptions);
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
        {
            return (0, null);
        }

        (long, SourceSpan?) found = (0, null);
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            // As bytes: comparing text throws where the key holds half of a surrogate pair.
            var isVersion = json.ValueSpan.SequenceEqual("version"u8);
            json.Read();
            if (isVersion && json.TokenType == JsonTokenType.Number && json.TryGetInt64(out var version))
            {
                found = (version, text.At(json.TokenStartIndex, json.BytesConsumed - json.TokenStartIndex));
            }

            json.Skip();
        }

        return found;
    }
}

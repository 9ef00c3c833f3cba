using System.Collections.Immutable;
using System.Text.Json;

namespace NixGen.Sources.HuggingFace;

/// <summary>What the Hub's own scanners say of a repository (<c>securityRepoStatus</c> of its description).</summary>
/// <param name="IsDone">Whether all files were looked at; if not, no finding means nothing.</param>
/// <param name="Levels">The words for files that something was found in, by path.</param>
internal sealed record ScanReport(bool IsDone, ImmutableDictionary<string, string> Levels)
{
    /// <summary>What stands for files without findings.</summary>
    public const string Safe = "safe";

    /// <summary>What stands for a scan that isn't finished.</summary>
    public const string Pending = "pending";

    private const int LongestWord = 40;

    // The Hub's words that are known, the gravest first; another one is graver than any.
    private static readonly ImmutableArray<string> Known = ["unsafe", "suspicious", "caution"];

    /// <summary>Reads it of a repository's description; null where the Hub says nothing.</summary>
    public static ScanReport? Of(JsonElement repository)
    {
        if (!repository.TryGetProperty("securityRepoStatus", out var status) || status.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        var levels = ImmutableDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        if (status.TryGetProperty("filesWithIssues", out var files) && files.ValueKind == JsonValueKind.Array)
        {
            foreach (var file in files.EnumerateArray())
            {
                if (file.ValueKind == JsonValueKind.Object && Text(file, "path") is { } path)
                {
                    levels[path] = Word(Text(file, "level"));
                }
            }
        }

        return new(status.TryGetProperty("scansDone", out var done) && done.ValueKind == JsonValueKind.True, levels.ToImmutable());
    }

    /// <summary>One word for some of the files: the gravest of theirs, <see cref="Pending"/>, or <see cref="Safe"/>.</summary>
    public string StatusOf(IEnumerable<string> paths)
    {
        var words = Flagged(paths).Select(path => Levels[path]).OrderBy(word => Known.IndexOf(word)).ToList();
        return words.Count > 0 ? words[0] : IsDone ? Safe : Pending;
    }

    /// <summary>Those of the files that something was found in, ordered ordinally.</summary>
    public ImmutableArray<string> Flagged(IEnumerable<string> paths) =>
        [.. paths.Where(path => Levels.TryGetValue(path, out var word) && word != Safe).Order(StringComparer.Ordinal)];

    // It comes from outside and goes into the lock as a word.
    private static string Word(string? level) =>
        level is { Length: > 0 and <= LongestWord } && level.All(char.IsAsciiLetter) ? level.ToLowerInvariant() : "unsafe";

    private static string? Text(JsonElement element, string key) =>
        element.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}

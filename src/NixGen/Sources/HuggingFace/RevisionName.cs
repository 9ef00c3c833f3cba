using System.Buffers;
using NixGen.Lock;

namespace NixGen.Sources.HuggingFace;

/// <summary>The rules for revisions: what git takes as a reference (git-check-ref-format) or a commit, and what can be a file under <c>refs/</c>.</summary>
public static class RevisionName
{
    private const int MaxLength = 200;
    private static readonly SearchValues<char> _forbidden = SearchValues.Create(" ~^:?*[");

    /// <summary>Says which rule a revision breaks, as the end of a sentence that begins with the revision, or null where it is good.</summary>
    public static string? Problem(string revision)
    {
        if (revision.Length > MaxLength)
        {
            return $"is longer than {MaxLength} characters";
        }

        if (LockedPath.Problem(revision) is { } problem)
        {
            return problem;
        }

        if (revision.AsSpan().IndexOfAny(_forbidden) is var index and >= 0)
        {
            return $"holds '{revision[index]}', which no reference of git can";
        }

        if (revision.Contains("..", StringComparison.Ordinal) || revision.Contains("@{", StringComparison.Ordinal))
        {
            return "holds '..' or '@{', which no reference of git can";
        }

        if (revision[0] == '-' || revision is "@" || revision[^1] == '.')
        {
            return "is not a name that git gives to a reference";
        }

        return revision.Split('/').Any(part => part[0] == '.' || part.EndsWith(".lock", StringComparison.Ordinal))
            ? "has a part that begins with '.' or ends with '.lock'"
            : null;
    }

    /// <summary>Whether a revision is a whole commit: 40 lower-case hexadecimal digits.</summary>
    public static bool IsCommit(string revision) => revision.Length == 40 && revision.All(char.IsAsciiHexDigitLower);
}

using System.Text;

namespace NixGen.Sources.S3;

/// <summary>What names may be. Each gives what is wrong with one, as it goes on a sentence, or null.</summary>
internal static class S3Names
{
    private const int MaxKeyBytes = 1024;

    /// <summary>Of buckets ("General purpose buckets naming rules"); letters of either case and underscores are what older ones and other servers have.</summary>
    public static string? BucketProblem(string name)
    {
        if (name.Length is < 2 or > 255)
        {
            return "is too short or too long for a bucket";
        }

        return !char.IsAsciiLetterOrDigit(name[0]) || !name.All(character => char.IsAsciiLetterOrDigit(character) || character is '.' or '-' or '_')
            ? "isn't the name of a bucket: letters, digits, '.', '-' and '_'"
            : null;
    }

    /// <summary>Of keys and their beginnings.</summary>
    public static string? PrefixProblem(string prefix)
    {
        if (prefix.StartsWith('/'))
        {
            return "begins with a slash, as keys hardly ever do";
        }

        if (prefix.Any(char.IsControl))
        {
            return "holds a control character";
        }

        // Neither is kept in URLs.
        if (prefix.Split('/').Any(segment => segment is "." or ".."))
        {
            return "has '.' or '..' for a folder";
        }

        return Encoding.UTF8.GetByteCount(prefix) > MaxKeyBytes ? $"has more than {MaxKeyBytes} bytes" : null;
    }

    /// <summary>Of regions.</summary>
    public static string? RegionProblem(string region) =>
        region.Length is 0 or > 40 || !region.All(character => char.IsAsciiLetterLower(character) || char.IsAsciiDigit(character) || character == '-')
            ? "isn't the name of a region"
            : null;

    /// <summary>Of version ids: opaque, but made for URLs.</summary>
    public static string? VersionProblem(string version) =>
        version.Length is 0 or > 1024 || !version.All(character => char.IsAsciiLetterOrDigit(character) || character is '.' or '_' or '~' or '+' or '/' or '=' or '-')
            ? "isn't a version id, as S3 states it"
            : null;
}

using System.Text;

namespace NixGen.Sources.Gcs;

/// <summary>The rules for names of buckets and objects (Cloud Storage, "About buckets" and "About objects").</summary>
internal static class BucketName
{
    private const int MaxObjectBytes = 1024;

    /// <summary>What is wrong with a bucket's name, as it goes on a sentence; or null.</summary>
    public static string? Problem(string name)
    {
        if (name.Length is < 3 or > 222)
        {
            return "is not 3 to 222 characters long";
        }

        if (!name.All(character => char.IsAsciiLetterLower(character) || char.IsAsciiDigit(character) || character is '-' or '_' or '.'))
        {
            return "holds other characters than lower-case letters, digits, '-', '_' and '.'";
        }

        return char.IsAsciiLetterOrDigit(name[0]) && char.IsAsciiLetterOrDigit(name[^1]) ? null : "doesn't begin and end with a letter or a digit";
    }

    /// <summary>What is wrong with a prefix of objects' names, as it goes on a sentence; or null.</summary>
    public static string? PrefixProblem(string prefix)
    {
        if (prefix.StartsWith('/'))
        {
            return "begins with a slash";
        }

        if (prefix is "." or "..")
        {
            return "is a name that no object has";
        }

        if (prefix.Any(char.IsControl))
        {
            return "holds a control character";
        }

        return Encoding.UTF8.GetByteCount(prefix) > MaxObjectBytes ? $"is longer than {MaxObjectBytes} bytes" : null;
    }

    /// <summary>What is wrong with a generation, as it goes on a sentence; or null.</summary>
    public static string? GenerationProblem(string text) =>
        text.Length is > 0 and <= 19 && text[0] != '0' && text.All(char.IsAsciiDigit) ? null : "is no generation: a whole number";
}

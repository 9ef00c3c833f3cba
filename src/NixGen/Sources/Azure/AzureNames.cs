
namespace NixGen.Sources.Azure;

/// <summary>The rules for names (Azure Storage, "Naming and referencing containers, blobs, and metadata").</summary>
internal static class AzureNames
{
    private const int MaxBlobCharacters = 1024;

    /// <summary>What is wrong with an account's name, as it goes on a sentence; or null.</summary>
    public static string? AccountProblem(string name) =>
        name.Length is >= 3 and <= 24 && name.All(character => char.IsAsciiLetterLower(character) || char.IsAsciiDigit(character))
            ? null
            : "isn't 3 to 24 lower-case letters and digits";

    /// <summary>What is wrong with a container's name, as it goes on a sentence; or null. Three names begin with a dollar sign.</summary>
    public static string? ContainerProblem(string name)
    {
        if (name is "$root" or "$web" or "$logs")
        {
            return null;
        }

        return name.Length is >= 3 and <= 63
            && name.All(character => char.IsAsciiLetterLower(character) || char.IsAsciiDigit(character) || character == '-')
            && name[0] != '-' && name[^1] != '-' && !name.Contains("--", StringComparison.Ordinal)
                ? null
                : "isn't 3 to 63 lower-case letters, digits and single '-'";
    }

    /// <summary>What is wrong with a prefix of blobs' names, as it goes on a sentence; or null.</summary>
    public static string? PrefixProblem(string prefix)
    {
        if (prefix.StartsWith('/'))
        {
            return "begins with a slash";
        }

        if (prefix.Any(char.IsControl))
        {
            return "holds a control character";
        }

        if (prefix.Split('/').Any(part => part is "." or ".."))
        {
            return "has a part that is '.' or '..'";
        }

        return prefix.EnumerateRunes().Count() > MaxBlobCharacters ? $"is longer than {MaxBlobCharacters} characters" : null;
    }

    /// <summary>A blob's name as it stands in a URL: every part escaped.</summary>
    public static string Escape(string name) => string.Join('/', name.Split('/').Select(Uri.EscapeDataString));
}

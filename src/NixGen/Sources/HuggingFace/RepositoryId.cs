namespace NixGen.Sources.HuggingFace;

/// <summary>The Hub's rules for repository ids (huggingface_hub, <c>validate_repo_id</c>), held to ASCII.</summary>
public static class RepositoryId
{
    private const int MaxLength = 96;

    /// <summary>Says which rule an id breaks, as the end of a sentence that begins with the id, or null where it is good.</summary>
    public static string? Problem(string id)
    {
        if (id.Length == 0)
        {
            return "is empty";
        }

        var parts = id.Split('/');
        if (parts.Length > 2)
        {
            return "has more than one slash; an id is 'name' or 'organisation/name'";
        }

        foreach (var part in parts)
        {
            if (SegmentProblem(part) is { } problem)
            {
                return problem;
            }
        }

        return id.EndsWith(".git", StringComparison.OrdinalIgnoreCase) ? "ends with '.git'" : null;
    }

    /// <summary>The same for the organisation or the name alone.</summary>
    public static string? SegmentProblem(string segment)
    {
        if (segment.Length is 0 or > MaxLength)
        {
            return $"has a part that is empty or longer than {MaxLength} characters";
        }

        foreach (var character in segment)
        {
            if (!char.IsAsciiLetterOrDigit(character) && character is not ('-' or '_' or '.'))
            {
                return "holds a character other than ASCII letters, digits, '-', '_' and '.'";
            }
        }

        if (segment[0] is '-' or '.' || segment[^1] is '-' or '.')
        {
            return "has a part that begins or ends with '-' or '.'";
        }

        return segment.Contains("--", StringComparison.Ordinal) || segment.Contains("..", StringComparison.Ordinal)
            ? "holds '--' or '..'"
            : null;
    }
}

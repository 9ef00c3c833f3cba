namespace NixGen.Sources;

/// <summary>Finds the name that somebody probably meant.</summary>
internal static class ClosestName
{
    /// <summary>The candidate with the fewest edits, if those are few enough to be a slip; ties go to the first by ordinal order.</summary>
    public static string? Among(IEnumerable<string> candidates, string written)
    {
        string? best = null;
        var bestDistance = Math.Max(1, written.Length / 3) + 1;
        foreach (var candidate in candidates)
        {
            // The length alone rules most of a long list out.
            if (Math.Abs(candidate.Length - written.Length) >= bestDistance || candidate.Length > 256)
            {
                continue;
            }

            var distance = Distance(candidate, written);
            if (distance < bestDistance || (distance == bestDistance && best is not null && string.CompareOrdinal(candidate, best) < 0))
            {
                best = candidate;
                bestDistance = distance;
            }
        }

        return best;
    }

    // Levenshtein, with letters compared without case.
    private static int Distance(string left, string right)
    {
        var row = new int[right.Length + 1];
        for (var j = 0; j <= right.Length; j++)
        {
            row[j] = j;
        }

        for (var i = 1; i <= left.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var same = char.ToLowerInvariant(left[i - 1]) == char.ToLowerInvariant(right[j - 1]);
                var cost = Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (same ? 0 : 1));
                diagonal = row[j];
                row[j] = cost;
            }
        }

        return row[^1];
    }
}

namespace NixGen.Manifest.Tree;

/// <summary>Finds what a string of a manifest can't hold.</summary>
internal static class TextFaults
{
    /// <summary>The first such character in words, or null.</summary>
    public static string? Find(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\0')
            {
                return "a NUL character";
            }

            if (!char.IsSurrogate(text[i]))
            {
                continue;
            }

            if (!char.IsHighSurrogate(text[i]) || i + 1 == text.Length || !char.IsLowSurrogate(text[i + 1]))
            {
                return "half of a surrogate pair";
            }

            i++;
        }

        return null;
    }
}

using System.Globalization;

namespace NixGen.Manifest.Schema;

/// <summary>Names control characters for messages.</summary>
internal static class ControlCharacters
{
    /// <summary>The first control character of a text in words, or null.</summary>
    public static string? First(string text)
    {
        foreach (var character in text)
        {
            switch (character)
            {
                case '\n' or '\r':
                    return "a line break";
                case '\t':
                    return "a tab";
                case < ' ' or '\u007f':
                    return string.Create(CultureInfo.InvariantCulture, $"the control character U+{(int)character:X4}");
            }
        }

        return null;
    }
}

using System.Globalization;
using System.Text;

namespace NixGen.Diagnostics.Rendering;

/// <summary>How many cells of a terminal a character takes.</summary>
internal static class CharacterWidth
{
    // East Asian Wide and Fullwidth (UAX #11), and emoji, in coarse blocks.
    private static ReadOnlySpan<int> WideRanges =>
    [
        0x1100, 0x115f, 0x231a, 0x231b, 0x23e9, 0x23ec, 0x2e80, 0x303e, 0x3041, 0xa4cf, 0xa960, 0xa97f, 0xac00, 0xd7a3,
        0xf900, 0xfaff, 0xfe30, 0xfe6f, 0xff00, 0xff60, 0xffe0, 0xffe6, 0x1f300, 0x1f64f, 0x1f680, 0x1f6ff,
        0x1f900, 0x1faff, 0x20000, 0x3fffd,
    ];

    /// <summary>0 for combining marks, 2 for wide characters, 1 for others.</summary>
    public static int Of(Rune rune)
    {
        if (rune.IsAscii)
        {
            return 1;
        }

        if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark)
        {
            return 0;
        }

        for (var i = 0; i < WideRanges.Length; i += 2)
        {
            if (rune.Value >= WideRanges[i] && rune.Value <= WideRanges[i + 1])
            {
                return 2;
            }
        }

        return 1;
    }
}

using FsCheck;
using FsCheck.Fluent;

namespace NixGen.Tests.Nix;

/// <summary>Text made of what breaks quoting: every delimiter and escape of Nix, and pieces that would run if they got out.</summary>
internal static class NastyText
{
    private static readonly string[] Pieces =
    [
        "\"", "'", "''", "'''", "''''", "$", "$$", "${", "$${", "''${", "''$", "''\\", "''\\n", "}", "{", "\\", "\\\\", "\\n", "\\\"", "\\$", "\n", "\n\n", "\r", "\r\n", "\t",
        " ", "  ", "    ", "\n ", "\n    ", " \n", ";", "=", "#", "/*", "*/", "//", "<nixpkgs>", "./.", "~", "%", "@", ":", "?", "or", "let", "in",
        "${builtins.abort \"x\"}", "\"; ${builtins.abort \"x\"}", "''; builtins.abort \"x\"", "$(touch /tmp/pwned)", "`id`",
        "a", "Z", "0", "é", "漢字", "\u202Eevil\u202C", "\u2066", "\u200F", "😀", "👩‍👩‍👧", "\uFEFF", "\u0001", "\u0007", "\u001B[31m", "\u007F", "\u0085", "\u2028", "\u2029", "\u000B", "\f",
        new string('x', 4096),
    ];

    /// <summary>Texts of up to some ten pieces.</summary>
    public static Gen<string> Generator { get; } =
        from length in Gen.Choose(0, 12)
        from pieces in Gen.Elements(Pieces).ArrayOf(length)
        select string.Concat(pieces);

    /// <summary>Some texts at once, so that one run of Nix judges them all; shrinks to the fewest and shortest that fail.</summary>
    public static Arbitrary<string[]> Many { get; } = Arb.From(Generator.ArrayOf(60), ShrinkMany);

    /// <summary>How often to draw: each draw is one run of Nix over many values.</summary>
    public static Config Draws { get; } = Config.QuickThrowOnFailure.WithMaxTest(12);

    private static IEnumerable<string[]> ShrinkMany(string[] texts)
    {
        if (texts.Length > 1)
        {
            yield return texts[..(texts.Length / 2)];
            yield return texts[(texts.Length / 2)..];
        }
        else if (texts is [{ Length: > 1 } only])
        {
            var half = Math.Max(1, only.Length / 2);
            for (var index = 0; index < only.Length; index += only.Length > 32 ? half : 1)
            {
                var shorter = only.Remove(index, only.Length > 32 ? Math.Min(half, only.Length - index) : 1);
                if (NixGen.Nix.Expressions.NixText.IsRepresentable(shorter))
                {
                    yield return [shorter];
                }
            }
        }
    }
}

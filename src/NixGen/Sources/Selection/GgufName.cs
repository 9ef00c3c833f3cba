using System.Globalization;
using System.Text.RegularExpressions;

namespace NixGen.Sources.Selection;

/// <summary>What the path of a GGUF file says of it, by the naming that llama.cpp's tools and those who publish quantizations have.</summary>
/// <param name="Path">The path.</param>
/// <param name="Stem">The path without what tells its parts apart, so that the parts of one model have it in common.</param>
/// <param name="Role">What the file is for.</param>
/// <param name="Prefix">What stands before the quantization with a hyphen, in upper case, such as <c>UD</c>; or empty.</param>
/// <param name="Quant">The quantization in upper case, such as <c>Q4_K_M</c>; or null where the path names none.</param>
/// <param name="Part">Number of the part, from 1; 1 where the model is one file.</param>
/// <param name="Parts">How many parts there are.</param>
public sealed partial record GgufName(string Path, string Stem, GgufRole Role, string Prefix, string? Quant, int Part, int Parts)
{
    /// <summary>The whole label, such as <c>UD-Q4_K_XL</c>; or null.</summary>
    public string? Label => Quant is null ? null : Prefix.Length == 0 ? Quant : $"{Prefix}-{Quant}";

    /// <summary>Understands a path; null where it isn't a GGUF file.</summary>
    public static GgufName? Parse(string path)
    {
        if (!path.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var stem = path[..^".gguf".Length];
        var (part, parts) = (1, 1);
        if (Split().Match(stem) is { Success: true } split)
        {
            part = int.Parse(split.Groups["part"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);
            parts = int.Parse(split.Groups["parts"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);
            stem = stem[..split.Index];
        }

        // The file's own name first; a folder may be called like the quantization in it.
        var slash = stem.LastIndexOf('/');
        var label = Labels().Match(stem[(slash + 1)..]);
        if (!label.Success && slash >= 0)
        {
            label = Labels().Match(stem[..slash]);
        }

        return new(
            path,
            stem,
            RoleOf(stem[(slash + 1)..]),
            label.Groups["prefix"].Value.ToUpperInvariant(),
            label.Success ? label.Groups["quant"].Value.ToUpperInvariant() : null,
            part,
            parts);
    }

    private static GgufRole RoleOf(string name) => Roles().Match(name).Value.ToUpperInvariant() switch
    {
        "MMPROJ" => GgufRole.Projector,
        "MTP" => GgufRole.Draft,
        "IMATRIX" => GgufRole.Calibration,
        _ => GgufRole.Model,
    };

    [GeneratedRegex(
        "(?<![A-Za-z0-9])(mmproj|mtp|imatrix)(?![A-Za-z0-9])",
        RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Roles();

    // What llama.cpp's gguf-split writes.
    [GeneratedRegex("-(?<part>[0-9]{5})-of-(?<parts>[0-9]{5})$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Split();

    // The types of llama.cpp's quantize tool and the sizes that publishers add to them (L, XL); the last one in a name counts.
    [GeneratedRegex(
        "(?<![A-Za-z0-9])((?<prefix>UD|i1)-)?(?<quant>IQ[1-4]_(XXS|XS|S|M|NL|L|XL)|TQ[12]_0|Q[1-8]_(K(_(XXS|XS|S|M|L|XL))?|[01](_[48]_[48])?)|MXFP4(_MOE)?|NVFP4|BF16|FP?16|FP?32)(?![A-Za-z0-9_])",
        RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase | RegexOptions.RightToLeft | RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Labels();
}

/// <summary>What a GGUF file is for.</summary>
public enum GgufRole
{
    /// <summary>A model.</summary>
    Model,

    /// <summary>What turns images or sound into the model's own input (<c>mmproj</c>).</summary>
    Projector,

    /// <summary>What predicts several tokens at once for a model (<c>mtp</c>).</summary>
    Draft,

    /// <summary>Statistics that quantizing needs (<c>imatrix</c>); nothing that runs needs them.</summary>
    Calibration,
}

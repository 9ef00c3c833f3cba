using System.Collections.Immutable;
using NixGen.Lock;

namespace NixGen.Sources.Selection;

/// <summary>Which weights a request takes where a source holds the same model several times.</summary>
/// <param name="Gguf">One quantization of GGUF files, or null for all of them.</param>
/// <param name="Format">One format, or null for all of them.</param>
public sealed record WeightChoice(GgufChoice? Gguf, WeightFormat? Format)
{
    /// <summary>All weights.</summary>
    public static WeightChoice All { get; } = new(null, null);

    /// <summary>Adds what decides which files are locked to the fields of a canonical request.</summary>
    public void AddTo(ImmutableSortedDictionary<string, RequestValue>.Builder fields)
    {
        if (Format is { } format)
        {
            fields["format"] = new RequestValue.Text(format.Name());
        }

        if (Gguf is not { } gguf)
        {
            return;
        }

        fields["gguf"] = new RequestValue.Text(gguf.Quant.ToUpperInvariant());
        foreach (var (key, companion) in new[] { ("mmproj", gguf.Mmproj), ("mtp", gguf.Mtp) })
        {
            if (companion != GgufChoice.Auto)
            {
                fields[key] = new RequestValue.Text(companion == GgufChoice.None ? companion : companion.ToUpperInvariant());
            }
        }
    }
}

/// <summary>One quantization, and its companions.</summary>
/// <param name="Quant">The label as asked for, such as <c>Q4_K_M</c> or <c>UD-Q4_K_XL</c>; case doesn't matter.</param>
/// <param name="Mmproj">Which projector: <c>auto</c>, <c>none</c>, or a label.</param>
/// <param name="Mtp">Which draft model: <c>auto</c>, <c>none</c>, or a label.</param>
public sealed record GgufChoice(string Quant, string Mmproj = GgufChoice.Auto, string Mtp = GgufChoice.Auto)
{
    /// <summary>The companion that fits best, where there is any.</summary>
    public const string Auto = "auto";

    /// <summary>No companion.</summary>
    public const string None = "none";
}

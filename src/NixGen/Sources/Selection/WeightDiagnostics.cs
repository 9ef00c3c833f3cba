using System.Collections.Immutable;
using NixGen.Diagnostics;
using NixGen.Lock;

namespace NixGen.Sources.Selection;

/// <summary>What can be wrong with the choice of weights, and what it leaves out.</summary>
public static class WeightDiagnostics
{
    private const int MostShown = 40;

    /// <summary>NG3140.</summary>
    public static readonly DiagnosticDescriptor QuantMissing = new(
        "NG3140",
        "No GGUF file has the quantization",
        "'gguf.quant' is a label in the names of GGUF files or of their folders, such as 'Q4_K_M'. A prefix such as 'UD-' may be left out where only one file has the label.");

    /// <summary>NG3141.</summary>
    public static readonly DiagnosticDescriptor Ambiguous = new(
        "NG3141",
        "Several GGUF models fit",
        "More than one model, or companion, has the label. 'exclude' can leave the others out; 'files' with a full name picks one.");

    /// <summary>NG3142.</summary>
    public static readonly DiagnosticDescriptor PartsMissing = new(
        "NG3142",
        "Parts of a GGUF model are missing",
        "The names of a model in parts say how many there are ('-00001-of-00003'), and the source doesn't list all of them.",
        Kind: FailureKind.Upstream);

    /// <summary>NG3143.</summary>
    public static readonly DiagnosticDescriptor FormatMissing = new(
        "NG3143",
        "The source holds no weights of the format",
        "'format' prefers one format of weights where a source holds several. This one is not among them.");

    /// <summary>NG3144.</summary>
    public static readonly DiagnosticDescriptor LeftOut = new(
        "NG3144",
        "Weights of other formats are left out",
        "'format' prefers one format of weights; what the source holds in others isn't fetched.",
        Severity.Note);

    /// <summary>All of them, ordered by code.</summary>
    public static ImmutableArray<DiagnosticDescriptor> All { get; } = [QuantMissing, Ambiguous, PartsMissing, FormatMissing, LeftOut];

    internal static Diagnostic LacksQuant(Listing listing, string quant, ImmutableArray<GgufSet> offered) => Of(
        QuantMissing,
        listing,
        offered.IsEmpty
            ? $"{listing.Holder} of model '{listing.Model.Name}' holds no GGUF model."
            : $"{listing.Holder} of model '{listing.Model.Name}' holds no GGUF model with the label '{quant}'.",
        offered.IsEmpty ? $"Compare with {listing.Place}" : Candidates(offered, "It holds"));

    internal static Diagnostic LacksCompanion(Listing listing, string key, string label, ImmutableArray<GgufSet> offered) => Of(
        QuantMissing,
        listing,
        $"{listing.Holder} of model '{listing.Model.Name}' holds no '{key}' file with the label '{label}'.",
        offered.IsEmpty ? $"Write '{key}: none', or leave it out." : Candidates(offered, "It holds"));

    internal static Diagnostic IsAmbiguous(Listing listing, string key, string label, ImmutableArray<GgufSet> fitting) => Of(
        Ambiguous,
        listing,
        label == GgufChoice.Auto
            ? $"Which of {fitting.Length} files '{key}' is to be for model '{listing.Model.Name}' can't be told."
            : $"{fitting.Length} GGUF models of {listing.Lower} fit '{label}' of '{key}' (model '{listing.Model.Name}').",
        Candidates(fitting, "They are") + "\nLeave the others out with 'exclude'" + (key == "gguf.quant" ? ", or give the whole label." : ", or give a label, or 'none'."));

    internal static Diagnostic LacksParts(Listing listing, GgufSet set) => Of(
        PartsMissing,
        listing,
        $"{listing.Holder} of model '{listing.Model.Name}' lists {set.Parts.Length} of the {set.Parts[0].Parts} parts of '{LockDiagnostics.Printable(set.Stem)}'.",
        $"Look at {listing.Place}, and whether 'exclude' leaves parts out. An upload may be going on.");

    internal static Diagnostic LacksFormat(Listing listing, WeightFormat format, IReadOnlyDictionary<WeightFormat, long> held) => Of(
        FormatMissing,
        listing,
        $"{listing.Holder} of model '{listing.Model.Name}' holds no weights in the format '{format.Name()}'.",
        held.Count == 0
            ? "It holds no weights at all that nixgen knows by name. Take 'format' out."
            : $"It holds {Formats(held)}. Take 'format' out, or choose one of these.");

    internal static Diagnostic LeavesOut(Listing listing, WeightFormat format, IReadOnlyDictionary<WeightFormat, long> others) => Of(
        LeftOut,
        listing,
        $"Model '{listing.Model.Name}' takes its weights as {format.Name()}, which saves {ByteSize.Of(others.Values.Sum())}: {Formats(others)} {(others.Count == 1 ? "is" : "are")} left out.",
        "Take 'format' out to fetch all of them.");

    private static string Formats(IReadOnlyDictionary<WeightFormat, long> sizes) =>
        string.Join(", ", sizes.OrderBy(entry => entry.Key).Select(entry => $"{entry.Key.Name()} ({ByteSize.Of(entry.Value)})"));

    private static string Candidates(ImmutableArray<GgufSet> sets, string introduction) =>
        $"{introduction}:" + string.Concat(sets.Take(MostShown).Select(set =>
            $"\n  {set.Label ?? "(no label)"}  {ByteSize.Of(set.Size)}  {LockDiagnostics.Printable(set.Parts[0].Path)}{(set.Parts.Length > 1 ? $" and {set.Parts.Length - 1} more parts" : "")}"))
        + (sets.Length > MostShown ? $"\n  and {sets.Length - MostShown} more" : "");

    private static Diagnostic Of(DiagnosticDescriptor descriptor, Listing listing, string message, string help) => new()
    {
        Descriptor = descriptor,
        Message = message,
        Location = listing.Model.Source.Span,
        Help = help,
    };
}

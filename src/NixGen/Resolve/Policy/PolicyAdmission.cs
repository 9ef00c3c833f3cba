using System.Collections.Immutable;
using NixGen.Diagnostics;
using NixGen.Lock;
using NixGen.Manifest;
using NixGen.Sources;
using NixGen.Sources.Selection;

namespace NixGen.Resolve.Policy;

/// <summary>What the manifest's <c>policy</c> says of a model. It looks at what a lock holds: names, sizes and facts; content is examined when the model is built.</summary>
public sealed class PolicyAdmission(PolicySettings policy) : IAdmission
{
    /// <summary>What weights that are pickles are called; the same as <c>WEIGHTS</c> of <c>templates/validators/pickle-scan/endings.py</c>.</summary>
    internal static readonly ImmutableArray<string> PickleEndings =
        [".bin", ".ckpt", ".dill", ".joblib", ".pickle", ".pkl", ".pt", ".pth"];

    /// <inheritdoc/>
    public bool Admits(ModelRequest model, ResolvedRevision resolved, IReadOnlyCollection<ListedSize> files, DiagnosticBag diagnostics)
    {
        ImmutableArray<Diagnostic> refusals = policy.Span is null ? [] : [.. Refusals(model, resolved, files)];
        diagnostics.AddRange(refusals);
        return refusals.IsEmpty;
    }

    /// <summary>Whether a locked model may be had; adds diagnostics where not.</summary>
    public bool Admits(ModelRequest model, LockedModel locked, DiagnosticBag diagnostics) =>
        Admits(model, locked.Resolved, [.. locked.Files.Select(file => new ListedSize(file.Path, file.Size))], diagnostics);

    /// <summary>What is wrong with all models together.</summary>
    public IEnumerable<Diagnostic> OfAll(IEnumerable<LockedModel> models)
    {
        // Content that several models have is stored once.
        var total = models.SelectMany(model => model.Files).DistinctBy(file => file.Sha256).Sum(file => file.Size);
        if (policy is { MaxTotalSize: { } most, Span: { } span } && total > most)
        {
            yield return PolicyDiagnostics.AllTooLarge(span, total, most);
        }
    }

    private IEnumerable<Diagnostic> Refusals(ModelRequest model, ResolvedRevision resolved, IReadOnlyCollection<ListedSize> files)
    {
        if (LicenseRefusal(model, model.Meta.License ?? resolved.License) is { } license)
        {
            yield return license;
        }

        if (!policy.Publishers.IsEmpty && !policy.Publishers.Any(publisher => IsOf(publisher, resolved.Id)))
        {
            yield return PolicyDiagnostics.OtherPublisher(model, resolved.Id, policy);
        }

        if (!policy.Formats.IsEmpty && files.Where(file => IsOtherFormat(file.Path)).ToList() is { Count: > 0 } others)
        {
            yield return PolicyDiagnostics.OtherFormat(model, others, policy);
        }

        if (policy.MaxSize is { } most && files.Sum(file => file.Size) is var size && size > most)
        {
            yield return PolicyDiagnostics.TooLarge(model, size, most, policy);
        }

        if (policy.Refuse.Contains("pickle") && files.Where(file => IsPickle(file.Path)).ToList() is { Count: > 0 } pickles)
        {
            yield return PolicyDiagnostics.Pickles(model, pickles, policy);
        }

        if (policy.Refuse.Contains("gated") && resolved.Gated is not null)
        {
            yield return PolicyDiagnostics.IsGated(model, policy);
        }

        if (ScanRefusal(model, resolved.Scan) is { } scan)
        {
            yield return scan;
        }
    }

    private Diagnostic? LicenseRefusal(ModelRequest model, string? license)
    {
        if (license is null)
        {
            return !policy.AllowedLicenses.IsEmpty || policy.Refuse.Contains("unlicensed") ? PolicyDiagnostics.Unlicensed(model, policy) : null;
        }

        return new LicenseExpression(policy.AllowedLicenses, policy.DeniedLicenses).Accepts(license) ? null : PolicyDiagnostics.OtherLicense(model, license, policy);
    }

    private static bool IsOf(string publisher, string id) =>
        new FilePattern(publisher.Contains('/', StringComparison.Ordinal) ? publisher : publisher + "/*").Matches(id);

    private bool IsOtherFormat(string path) =>
        WeightFormats.Of(path) is { } format && !policy.Formats.Contains(format.Name(), StringComparer.Ordinal);

    private static bool IsPickle(string path) => PickleEndings.Any(ending => path.EndsWith(ending, StringComparison.OrdinalIgnoreCase));

    // Only what is said to be safe is.
    private Diagnostic? ScanRefusal(ModelRequest model, string? scan) =>
        policy.Refuse.Contains("unscanned") && scan is null or "pending" ? PolicyDiagnostics.Unscanned(model, scan, policy)
        : policy.Refuse.Contains("flagged") && scan is not (null or "pending" or "safe") ? PolicyDiagnostics.Flagged(model, scan, policy)
        : null;
}

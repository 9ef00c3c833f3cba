using System.Collections.Immutable;
using NixGen.Diagnostics;
using NixGen.Lock;
using NixGen.Sources.Selection;

namespace NixGen.Sources.HuggingFace;

/// <summary>Checks a listing and takes from it what a request selects.</summary>
internal static class ListedFiles
{
    // Below this many the Hub doesn't cut the list of the description off.
    private const int TrustedSiblings = 1000;

    /// <summary>Whether the listing has every file that the repository's description names.</summary>
    public static bool AreComplete(
        HubQuestion question, ImmutableArray<TreeEntry> listed, ImmutableArray<string> siblings, DiagnosticBag diagnostics)
    {
        if (siblings.Length >= TrustedSiblings)
        {
            return true;
        }

        var paths = listed.Select(entry => entry.Path).ToHashSet(StringComparer.Ordinal);
        var missing = siblings.Where(path => !paths.Contains(path)).ToArray();
        if (missing.Length == 0)
        {
            return true;
        }

        diagnostics.Add(HubDiagnostics.ListsTooLittle(
            question, $"{missing.Length} of {siblings.Length} files are missing, such as '{LockDiagnostics.Printable(missing[0])}'"));
        return false;
    }

    /// <summary>The selected entries, ordered ordinally by path. Adds diagnostics; gives null where something selected can't be accepted, or nothing is selected.</summary>
    public static ImmutableArray<TreeEntry>? Select(
        HubQuestion question, HuggingFaceRequest request, ImmutableArray<TreeEntry> listed, DiagnosticBag diagnostics)
    {
        var listing = new Listing(
            question.Model,
            $"The {question.Kind} '{question.Repository}'",
            $"{question.Page}/tree/{HubEndpoint.EscapePath(question.Revision)}");
        if (listing.Select(
            new(request.Files, request.Exclude) { Weights = request.Weights }, listed, entry => entry.Path, entry => entry.Size, diagnostics) is not { } selected)
        {
            return null;
        }

        if (selected.FirstOrDefault(entry => entry.IsWithheld) is { } withheld)
        {
            diagnostics.Add(HubDiagnostics.WithholdsHashes(question, withheld.Path));
            return null;
        }

        return selected;
    }
}

using System.Collections.Immutable;
using NixGen.Sources.Selection;

namespace NixGen.Sources.Civitai;

/// <summary>Which files of a version a request takes: the one with its number, the one that its traits single out, those that its patterns match, or the primary one.</summary>
internal static class CivitaiChoice
{
    /// <summary>The files, ordered ordinally by name. Adds diagnostics; gives null where nothing, or more than asked for, is chosen, or a name isn't safe.</summary>
    public static ImmutableArray<CivitaiFileInfo>? Of(CivitaiQuestion question, CivitaiRequest request, CivitaiVersionInfo info, ResolveContext context)
    {
        var chosen = info.Files;
        if (info.Files.IsEmpty)
        {
            context.Diagnostics.Add(CivitaiDiagnostics.HasNoFiles(question));
            return null;
        }

        if (request.FileId is { } id)
        {
            chosen = [.. chosen.Where(file => file.Id == id)];
        }
        else if (!request.Select.IsEmpty)
        {
            chosen = [.. chosen.Where(file => request.Select.All(wanted => Has(file, wanted.Key, wanted.Value)))];
        }
        else if (request.Files.IsEmpty && request.Exclude.IsEmpty)
        {
            chosen = chosen.Length == 1 ? chosen : [.. chosen.Where(file => file.IsPrimary)];
        }

        var isOne = request.Files.IsEmpty && request.Exclude.IsEmpty;
        if (isOne && chosen.Length != 1)
        {
            context.Diagnostics.Add(CivitaiDiagnostics.ChoosesNotOne(question, chosen.Length, info.Files));
            return null;
        }

        var listing = new Listing(context.Model, $"The version {request.VersionId}", question.Page);
        return listing.Select(new FileSelection(request.Files, request.Exclude), chosen, file => file.Name, file => file.AboutBytes, context.Diagnostics);
    }

    private static bool Has(CivitaiFileInfo file, string trait, string value) =>
        file.Traits.TryGetValue(trait, out var stated) && string.Equals(stated, value, StringComparison.OrdinalIgnoreCase);
}

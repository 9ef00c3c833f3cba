using System.Collections.Immutable;
using NixGen.Diagnostics;
using NixGen.Manifest;
using NixGen.Sources.Selection;

namespace NixGen.Sources.Objects;

/// <summary>An object, and the file of the model that it is.</summary>
/// <param name="Object">The object.</param>
/// <param name="Path">The path within the model.</param>
internal sealed record ObjectFile(StoredObject Object, string Path);

/// <summary>Which objects a model is: all whose keys lie below a prefix, as in a folder; or the one that is called exactly so.</summary>
/// <param name="store">The bucket.</param>
/// <param name="model">The model as asked for.</param>
/// <param name="diagnostics">Where faults go.</param>
internal sealed class ObjectSelection(IObjectStore store, ModelRequest model, DiagnosticBag diagnostics)
{
    /// <summary>The selected files, ordered by path; null where nothing could be selected.</summary>
    /// <param name="prefix">The prefix as asked for; empty for the whole bucket.</param>
    /// <param name="version">The version of the one object, or null.</param>
    /// <param name="selection">The patterns.</param>
    /// <param name="cancellationToken">Ends the requests.</param>
    public async Task<ImmutableArray<ObjectFile>?> SelectAsync(
        string prefix, string? version, FileSelection selection, CancellationToken cancellationToken)
    {
        var files = version is null ? await BelowAsync(Folder(prefix), cancellationToken) : [];
        if (files is { IsEmpty: true } && prefix.Length > 0 && !prefix.EndsWith('/'))
        {
            files = await ExactlyAsync(prefix, version, cancellationToken);
        }

        if (files is not { } found)
        {
            return null;
        }

        if (found.IsEmpty)
        {
            diagnostics.Add(ObjectDiagnostics.HasNothingAt(model, store, prefix));
            return null;
        }

        return new Listing(model, store.Holder, store.Place).Select(
            selection, found, file => file.Path, file => file.Object.Size, diagnostics);
    }

    /// <summary>A prefix as a folder: with a slash at its end, unless it is empty.</summary>
    public static string Folder(string prefix) => prefix.Length == 0 || prefix.EndsWith('/') ? prefix : prefix + "/";

    private async Task<ImmutableArray<ObjectFile>?> BelowAsync(string folder, CancellationToken cancellationToken) =>
        await store.ListAsync(folder, cancellationToken) is { } listed
            ? [.. listed.Where(item => !IsFolder(item)).Select(item => new ObjectFile(item, item.Key[folder.Length..]))]
            : null;

    private async Task<ImmutableArray<ObjectFile>?> ExactlyAsync(string key, string? version, CancellationToken cancellationToken) =>
        await store.FindAsync(key, version, cancellationToken) is { } found
            ? [.. found.Select(item => new ObjectFile(item, key[(key.LastIndexOf('/') + 1)..]))]
            : null;

    // What consoles make where somebody wants an empty folder.
    private static bool IsFolder(StoredObject item) => item is { Size: 0, Key: [.., '/'] };
}

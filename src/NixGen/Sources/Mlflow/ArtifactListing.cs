using System.Collections.Immutable;
using System.Text.Json;
using NixGen.Lock;

namespace NixGen.Sources.Mlflow;

/// <summary>A file as a listing names it.</summary>
/// <param name="Path">Path below the root of the store; not checked yet.</param>
/// <param name="Size">Length in bytes, or null where the listing doesn't say.</param>
internal sealed record Artifact(string Path, long? Size);

/// <summary>Lists a store folder by folder, page by page.</summary>
/// <param name="server">The tracking server.</param>
/// <param name="context">Where faults and progress go.</param>
internal sealed class ArtifactListing(MlflowServer server, ResolveContext context)
{
    private const int MostEntries = 500_000;
    private const int MostQuestions = 50_000;
    private int _entries;
    private int _questions;

    /// <summary>All files; null, with a diagnostic, where they can't be listed.</summary>
    public async Task<ImmutableArray<Artifact>?> ReadAsync(ArtifactStore store, CancellationToken cancellationToken)
    {
        var files = ImmutableArray.CreateBuilder<Artifact>();
        var folders = new Queue<string>([""]);
        while (folders.TryDequeue(out var folder))
        {
            if (await FolderAsync(store, folder, cancellationToken) is not { } entries)
            {
                return null;
            }

            foreach (var (path, isFolder, size) in entries)
            {
                // A folder whose name isn't safe is not gone into: it stands for its content, so that its name is told.
                if (isFolder && LockedPath.Problem(path) is null)
                {
                    folders.Enqueue(path);
                }
                else
                {
                    files.Add(new(path, size));
                }
            }
        }

        return files.ToImmutable();
    }

    /// <summary>The one file of a name in the root of a store: one element, or none where there is no such file.</summary>
    public async Task<ImmutableArray<Artifact>?> FileAsync(ArtifactStore store, string name, CancellationToken cancellationToken) =>
        await FolderAsync(store, "", cancellationToken) is { } entries
            ? [.. entries.Where(entry => !entry.IsFolder && entry.Path == name).Select(entry => new Artifact(entry.Path, entry.Size))]
            : null;

    private async Task<ImmutableArray<(string Path, bool IsFolder, long? Size)>?> FolderAsync(
        ArtifactStore store, string folder, CancellationToken cancellationToken)
    {
        var entries = ImmutableArray.CreateBuilder<(string, bool, long?)>();
        string? page = null;
        do
        {
            var url = store.List(folder, page);
            context.Progress.Step(context.Model.Name, $"listing files ({++_questions})");
            if (await server.AskAsync(url, $"'{store.Storage}'", cancellationToken) is not { } answer)
            {
                return null;
            }

            if (MlflowJson.List(answer, "files") is not { } files)
            {
                return Odd(url, "'files' is no list");
            }

            foreach (var entry in files)
            {
                if (Read(store, folder, entry) is not var (path, isFolder, size))
                {
                    return Odd(url, "an entry has no path in the folder that was asked for, or a size that is none");
                }

                entries.Add((path, isFolder, size));
            }

            _entries += files.Length;
            var next = MlflowJson.Text(answer, "next_page_token");
            if ((next is not null && next == page) || _entries > MostEntries || _questions > MostQuestions)
            {
                return Odd(url, "the list of files has no end");
            }

            page = next;
        }
        while (page is not null);
        return entries.ToImmutable();
    }

    private static (string Path, bool IsFolder, long? Size)? Read(ArtifactStore store, string folder, JsonElement entry)
    {
        if (MlflowJson.Text(entry, "path") is not { } listed || store.NameOf(folder, listed.TrimEnd('/')) is not { Length: > 0 } name)
        {
            return null;
        }

        var size = MlflowJson.Number(entry, "file_size");
        return size < 0 ? null : (folder.Length == 0 ? name : $"{folder}/{name}", MlflowJson.Flag(entry, "is_dir"), size);
    }

    private ImmutableArray<(string Path, bool IsFolder, long? Size)>? Odd(Uri url, string problem)
    {
        context.Diagnostics.Add(MlflowDiagnostics.AnswersOddly(server, url, problem));
        return null;
    }
}

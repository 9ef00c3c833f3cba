using System.Collections.Immutable;
using NixGen.Diagnostics;
using NixGen.Files;
using NixGen.Nix.Hashing;

namespace NixGen.Emit.Writing;

/// <summary>How a folder differs from a plan.</summary>
/// <param name="Changed">Planned paths that are missing or hold other bytes.</param>
/// <param name="Removed">Paths of the former plan that the new one hasn't.</param>
/// <param name="Kept">Planned paths that hold the right bytes already.</param>
public sealed record FolderChanges(
    ImmutableArray<string> Changed,
    ImmutableArray<string> Removed,
    ImmutableArray<string> Kept)
{
    /// <summary>Whether the folder is what the plan says.</summary>
    public bool IsEmpty => Changed.IsEmpty && Removed.IsEmpty;

    /// <summary>Compares a folder with a plan. Null with diagnostics where the folder must not be written.</summary>
    /// <param name="folder">Absolute path.</param>
    /// <param name="plan">What the folder should hold, its own list of files included.</param>
    /// <param name="diagnostics">Where refusals go.</param>
    public static FolderChanges? Find(string folder, OutputPlan plan, DiagnosticBag diagnostics)
    {
        if (OutputFolder.Read(folder, diagnostics) is not { } former)
        {
            return null;
        }

        var refusals = new DiagnosticBag();
        var changed = ImmutableArray.CreateBuilder<string>();
        var kept = ImmutableArray.CreateBuilder<string>();
        foreach (var (path, content) in plan.Files)
        {
            var full = Path.Combine(folder, path);
            if (LinkOnTheWay(folder, path) is { } link)
            {
                refusals.Add(EmitDiagnostics.IsLink(link));
            }
            else if (Path.Exists(full) && FileKinds.Of(full) == FileKind.Other)
            {
                refusals.Add(EmitDiagnostics.FileIsForeign(full));
            }
            else if (AtomicFile.HasContent(full, content.Span))
            {
                kept.Add(path);
            }
            else if (Path.Exists(full) && !former.Files.Contains(path) && path != OutputFolder.ListName)
            {
                refusals.Add(EmitDiagnostics.FileIsForeign(full));
            }
            else
            {
                changed.Add(path);
            }
        }

        var removed = former.Files
            .Where(path => !plan.Files.ContainsKey(path) && LinkOnTheWay(folder, path) is null && File.Exists(Path.Combine(folder, path)))
            .ToImmutableArray();
        diagnostics.AddRange(refusals.Items);
        return refusals.HasErrors ? null : new(changed.ToImmutable(), removed, kept.ToImmutable());
    }

    private static string? LinkOnTheWay(string folder, string path)
    {
        var current = folder;
        foreach (var segment in path.Split('/'))
        {
            current = Path.Combine(current, segment);
            if (new FileInfo(current).LinkTarget is not null)
            {
                return current;
            }
        }

        return null;
    }
}

using System.Collections.Immutable;
using NixGen.Cli.Projects;
using NixGen.Cli.Reporting;
using NixGen.Diagnostics;
using NixGen.Emit;
using NixGen.Emit.SingleFile;
using NixGen.Emit.Tree;
using NixGen.Emit.Writing;
using NixGen.Files;

namespace NixGen.Cli.Output;

/// <summary>Where output goes or is checked in.</summary>
internal abstract record OutputTarget
{
    /// <summary>One self-contained file.</summary>
    /// <param name="Path">Absolute path.</param>
    /// <param name="Shown">The path as the user wrote it.</param>
    internal sealed record SingleFile(string Path, string Shown) : OutputTarget;

    /// <summary>A whole flake.</summary>
    /// <param name="Path">Absolute path.</param>
    /// <param name="Shown">The path as the user wrote it.</param>
    internal sealed record Folder(string Path, string Shown) : OutputTarget;

    /// <summary>Checked-in output: what the user names, or the file that is called like the manifest.</summary>
    public static OutputTarget Of(string? file, string? folder, Project project, Terminal terminal)
    {
        if (folder is not null)
        {
            return new Folder(terminal.Absolute(folder), folder);
        }

        var path = file ?? System.IO.Path.GetRelativePath(terminal.Folder, System.IO.Path.ChangeExtension(project.Paths.First, ".nix"));
        return new SingleFile(terminal.Absolute(path), path);
    }

    /// <summary>The command that would write it.</summary>
    /// <param name="manifests">The manifests as the user named them.</param>
    public string Remedy(IEnumerable<string> manifests)
    {
        var build = "nixgen build" + string.Concat(manifests.Select(manifest => " " + manifest));
        return this switch
        {
            Folder folder => $"{build} --out {folder.Shown}",
            SingleFile file => $"{build} -o {file.Shown}",
            _ => build,
        };
    }

    /// <summary>Writes what differs, under the target's lock. Gives whether anything did, or null with diagnostics where it can't.</summary>
    public async Task<bool?> WriteAsync(Emission emission, CommandRun run, CancellationToken cancellationToken)
    {
        try
        {
            switch (this)
            {
                case SingleFile file:
                    using (await AdvisoryLock.AcquireAsync(file.Path, Project.GuardFolder(run.Terminal), cancellationToken))
                    {
                        return SingleFileWriter.Write(file.Path, SingleFileEmitter.Emit(emission), run.Diagnostics);
                    }

                case Folder folder:
                    using (await AdvisoryLock.AcquireAsync(folder.Path, Project.GuardFolder(run.Terminal), cancellationToken))
                    {
                        return FolderWriter.Write(folder.Path, TreeEmitter.Emit(emission), run.Diagnostics) is { } changes ? !changes.IsEmpty : null;
                    }

                default:
                    throw new InvalidOperationException($"{GetType()} is not a target.");
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            run.Diagnostics.Add(EmitDiagnostics.CannotWrite(run.Terminal.Folder, exception.Message));
            return null;
        }
    }

    /// <summary>How the target differs from what would be written; null with diagnostics where it can't be compared.</summary>
    public ImmutableArray<FileDifference>? Compare(Emission emission, DiagnosticBag diagnostics)
    {
        try
        {
            return Differences(emission, diagnostics);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            diagnostics.Add(CommandLineDiagnostics.CannotRead(this is Folder { Shown: var folder } ? folder : ((SingleFile)this).Shown, exception.Message));
            return null;
        }
    }

    private ImmutableArray<FileDifference>? Differences(Emission emission, DiagnosticBag diagnostics)
    {
        if (this is SingleFile file)
        {
            if (!SingleFileWriter.CanCompare(file.Path))
            {
                diagnostics.Add(EmitDiagnostics.FileIsForeign(file.Path));
                return null;
            }

            return FileDifference.Of(file.Path, file.Shown, SingleFileEmitter.Emit(emission)) is { } difference ? [difference] : [];
        }

        var folder = (Folder)this;
        var plan = TreeEmitter.Emit(emission);
        return FolderChanges.Find(folder.Path, plan, diagnostics) is not { } changes ? null
            : [.. changes.Changed.Concat(changes.Removed)
                .Select(path => FileDifference.Of(
                    Path.Combine(folder.Path, path),
                    $"{folder.Shown.TrimEnd('/')}/{path}",
                    plan.Files.TryGetValue(path, out var content) ? content : null))
                .OfType<FileDifference>()];
    }
}

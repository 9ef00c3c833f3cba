using NixGen.Cli.Store;
using NixGen.Diagnostics;
using NixGen.Lock;
using NixGen.Resolve;

namespace NixGen.Cli.Reporting;

/// <summary>One line for each model that a run locked or asked about.</summary>
internal static class LockReport
{
    /// <summary>Writes the lines to standard error.</summary>
    public static void Write(LockOutcome outcome, ModelStore store, CommandRun run)
    {
        foreach (var change in outcome.Diff.Changes)
        {
            run.Say(Describe(change, store, outcome.Models.Any(model => model.Kind == ModelOutcomeKind.Unlockable && model.Name == change.Name)));
        }

        foreach (var model in outcome.Models.Where(model => model is { Kind: ModelOutcomeKind.Unchanged, Locked: not null }))
        {
            run.Say($"{VisibleText.Escape(model.Name)}: unchanged");
        }
    }

    /// <summary>A change in one line.</summary>
    /// <param name="change">The change.</param>
    /// <param name="store">What the machine has.</param>
    /// <param name="isImpure">Whether the model is impure, which is why the lock holds it no longer.</param>
    private static string Describe(ModelChange change, ModelStore store, bool isImpure)
    {
        var name = VisibleText.Escape(change.Name);
        return change switch
        {
            { Before: null, After: { } after } => $"{name}: locked at {Short(after)}, {Contents(after, store)}",
            { Before: { } before, After: { } after } => $"{name}: {Short(before)} -> {Short(after)}, {Delta(change)}, {Contents(after, store)}",
            _ when isImpure => $"{name}: impure, removed from the lock",
            _ => $"{name}: no longer in the manifest, removed from the lock",
        };
    }

    private static string Short(LockedModel model) =>
        VisibleText.Escape(model.Resolved.Revision.Length == 40 ? model.Resolved.Revision[..12] : model.Resolved.Revision);

    private static string Delta(ModelChange change)
    {
        var files = change.AddedFiles.Length - change.RemovedFiles.Length;
        var growth = change.Growth;
        return $"{Count(change.ChangedFiles.Length)} changed, {files:+0;-0;0}, {(growth < 0 ? "-" : "+")}{ByteSize.Of(Math.Abs(growth))}";
    }

    private static string Contents(LockedModel model, ModelStore store)
    {
        var (_, bytes, missing) = store.Measure(model);
        var files = Count(model.Files.Length);
        var present = missing == 0 ? "all in the Nix store"
            : missing == bytes ? "none in the Nix store yet"
            : $"{ByteSize.Of(missing)} not in the Nix store yet";
        return $"{files}, {ByteSize.Of(bytes)}, {present}";
    }

    private static string Count(int files) => files == 1 ? "1 file" : $"{files} files";
}

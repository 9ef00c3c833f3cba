using System.Collections.Immutable;
using NixGen.Diagnostics;

namespace NixGen.Emit;

/// <summary>What can be wrong when output is rendered, compared or written.</summary>
public static class EmitDiagnostics
{
    /// <summary>NG4001.</summary>
    public static readonly DiagnosticDescriptor ForeignFolder = new(
        "NG4001",
        "The output folder was not written by nixgen",
        "nixgen deletes files of its own former output, so it writes only into a folder that is new, empty, or holds its own list of files. Choose another folder, or empty this one.");

    /// <summary>NG4002.</summary>
    public static readonly DiagnosticDescriptor ForeignFile = new(
        "NG4002",
        "A file in the way was not written by nixgen",
        "The output would replace a file that nixgen did not write. Move it away, or choose another place for the output.");

    /// <summary>NG4003.</summary>
    public static readonly DiagnosticDescriptor NotWritable = new(
        "NG4003",
        "The output can't be written",
        "The disk is full, or the folder may not be written. Nothing that was there has been lost: free space or change the permissions, and run the command again.");

    /// <summary>NG4004.</summary>
    public static readonly DiagnosticDescriptor Stale = new(
        "NG4004",
        "The checked-in output is not what would be written",
        "The manifest, the lock or the output was edited since the output was generated. Run the build that made it again and check the result in.",
        Severity.Error,
        FailureKind.Stale);

    /// <summary>NG4005.</summary>
    public static readonly DiagnosticDescriptor LinkInTheWay = new(
        "NG4005",
        "A symbolic link stands where the output goes",
        "Writing through the link would leave the output folder. Remove the link.");

    /// <summary>NG4006.</summary>
    public static readonly DiagnosticDescriptor BrokenFileList = new(
        "NG4006",
        "The output folder's list of files can't be read",
        "nixgen deletes only files that its own list names, and the list is damaged. Restore it from version control, or remove the folder and build again.");

    /// <summary>All of this stage.</summary>
    public static ImmutableArray<DiagnosticDescriptor> All { get; } =
        [ForeignFolder, ForeignFile, NotWritable, Stale, LinkInTheWay, BrokenFileList];

    /// <summary>The folder has files, and no list of nixgen's.</summary>
    public static Diagnostic FolderIsForeign(string folder) => new()
    {
        Descriptor = ForeignFolder,
        Message = $"'{folder}' is not empty and nixgen did not write it",
        Expected = $"a new or empty folder, or one that holds {OutputFolder.ListName}",
        Help = "choose another folder with --out, or empty this one",
    };

    /// <summary>A file stands where output goes, and nixgen did not write it.</summary>
    public static Diagnostic FileIsForeign(string path) => new()
    {
        Descriptor = ForeignFile,
        Message = $"'{path}' exists and nixgen did not write it",
        Help = "move the file away, or write the output elsewhere",
    };

    /// <summary>The operating system refused.</summary>
    public static Diagnostic CannotWrite(string path, string reason) => new()
    {
        Descriptor = NotWritable,
        Message = $"can't write '{path}': {reason}",
        Help = "nothing was lost: the former output still stands; free space or change the permissions, and run again",
    };

    /// <summary>What is on disk differs from the plan.</summary>
    /// <param name="path">The file as the user wrote it.</param>
    /// <param name="command">The command that renews it.</param>
    /// <param name="place">Where the difference begins, or null where the file is missing.</param>
    public static Diagnostic IsStale(string path, string command, SourceSpan? place) => new()
    {
        Descriptor = Stale,
        Message = $"'{path}' is not what nixgen would write",
        Location = place,
        Help = $"run `{command}` and check the result in",
    };

    /// <summary>A link on the way to an output file.</summary>
    public static Diagnostic IsLink(string path) => new()
    {
        Descriptor = LinkInTheWay,
        Message = $"'{path}' is a symbolic link, so writing below it would leave the output folder",
        Help = "remove the link and run again",
    };

    /// <summary>The list doesn't parse, or names a path that leaves the folder.</summary>
    public static Diagnostic ListIsBroken(string path, string reason) => new()
    {
        Descriptor = BrokenFileList,
        Message = $"'{path}' can't be read: {reason}",
        Help = "restore it from version control, or remove the folder and build again",
    };
}

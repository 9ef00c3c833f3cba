using System.Collections.Immutable;
using NixGen.Diagnostics;

namespace NixGen.Lock;

/// <summary>What can be wrong with a lock file.</summary>
public static class LockDiagnostics
{
    private const string Restore =
        "Restore the file from version control, or delete it and run 'nixgen lock', which resolves every model again.";

    /// <summary>NG2001.</summary>
    public static readonly DiagnosticDescriptor NotJson = new(
        "NG2001",
        "The lock is not JSON",
        "The lock file is cut off, was edited by hand, or is another file. nixgen reads strict JSON (RFC 8259): no comments, no trailing commas, at most 16 levels.");

    /// <summary>NG2002.</summary>
    public static readonly DiagnosticDescriptor NotUtf8 = new(
        "NG2002",
        "The lock is not UTF-8",
        "The lock file holds bytes that are not UTF-8. An editor or a conversion damaged it.");

    /// <summary>NG2003.</summary>
    public static readonly DiagnosticDescriptor WrongShape = new(
        "NG2003",
        "The lock holds a value that can't be",
        "A value of the lock file has the wrong type, is missing, or is outside of what nixgen writes. The lock is checked strictly because its values name files and URLs.");

    /// <summary>NG2004.</summary>
    public static readonly DiagnosticDescriptor UnknownKey = new(
        "NG2004",
        "The lock holds an unknown key",
        "The lock file holds a key that this format version doesn't have. It was edited by hand, or written by another program.");

    /// <summary>NG2005.</summary>
    public static readonly DiagnosticDescriptor DuplicateKey = new(
        "NG2005",
        "The lock holds a key twice",
        "JSON readers disagree on what a doubled key means, so nixgen refuses it. A merge by hand is the usual cause.");

    /// <summary>NG2006.</summary>
    public static readonly DiagnosticDescriptor NewerVersion = new(
        "NG2006",
        "The lock was written by a newer nixgen",
        "The lock file's format version is higher than the highest one that this nixgen reads. Guessing would lose data, so nothing is done.");

    /// <summary>NG2007.</summary>
    public static readonly DiagnosticDescriptor NoUpgrade = new(
        "NG2007",
        "The lock's format version is unknown",
        "The lock file's format version is lower than any that this nixgen can bring up to date.");

    /// <summary>NG2008.</summary>
    public static readonly DiagnosticDescriptor UnsafePath = new(
        "NG2008",
        "The lock holds an unsafe file path",
        "File paths are relative, with '/', without empty, '.', '..' and '.git' segments, backslashes and control characters, at most 1024 bytes in all and 255 between two slashes. Anything else could leave the model's folder, or not exist on some system.");

    /// <summary>NG2009.</summary>
    public static readonly DiagnosticDescriptor PathClash = new(
        "NG2009",
        "Two files of a locked model can't lie in one folder",
        "A model's lock entry names the same path twice, or names a file that is also a folder of another file.");

    /// <summary>NG2010.</summary>
    public static readonly DiagnosticDescriptor BadHash = new(
        "NG2010",
        "The lock holds a hash that is none",
        "'sha256' is a SHA-256 in the form 'sha256-<base64>', and 'blob' is 40 hexadecimal digits, or the 64 of the same SHA-256.");

    /// <summary>NG2011.</summary>
    public static readonly DiagnosticDescriptor ConflictingEntry = new(
        "NG2011",
        "A merge left two entries for a model",
        "Both sides of a git merge locked the model, each otherwise, be it between conflict markers or as an entry that stands there twice. Neither can be known to be right, so the entry is left out and the model is locked again.",
        Severity.Warning);

    /// <summary>NG2012.</summary>
    public static readonly DiagnosticDescriptor BrokenConflict = new(
        "NG2012",
        "Conflict markers don't add up",
        "The lock file holds markers of a git merge, but not as git writes them: '<<<<<<<', optionally '|||||||', '=======', '>>>>>>>', in this order.");

    /// <summary>NG2013.</summary>
    public static readonly DiagnosticDescriptor CannotRead = new(
        "NG2013",
        "The lock can't be read",
        "The lock file exists, but the system doesn't let nixgen read it.");

    /// <summary>NG2014.</summary>
    public static readonly DiagnosticDescriptor CannotWrite = new(
        "NG2014",
        "The lock can't be written",
        "The new lock is written beside the old one and renamed over it. That failed, so the old lock stands unchanged.");

    /// <summary>NG2015.</summary>
    public static readonly DiagnosticDescriptor Unsealed = new(
        "NG2015",
        "A lock entry isn't as nixgen wrote it",
        "Every entry is sealed with a hash over itself. Where the seal is wrong the entry was edited, or git joined it of two others, which it does without a conflict where their lines are alike. The entry is locked again; until then '--locked' fails.",
        Severity.Warning);

    /// <summary>All of them, ordered by code.</summary>
    public static ImmutableArray<DiagnosticDescriptor> All { get; } =
    [
        NotJson, NotUtf8, WrongShape, UnknownKey, DuplicateKey, NewerVersion, NoUpgrade,
        UnsafePath, PathClash, BadHash, ConflictingEntry, BrokenConflict, CannotRead, CannotWrite, Unsealed,
    ];

    internal static Diagnostic IsNotJson(SourceSpan at) => new()
    {
        Descriptor = NotJson,
        Message = "From here on the lock is not JSON, or it is nested deeper than a lock can be.",
        Location = at,
        Help = Restore,
    };

    internal static Diagnostic IsNotUtf8(string path) => new()
    {
        Descriptor = NotUtf8,
        Message = $"The lock '{path}' holds bytes that are not UTF-8.",
        Help = Restore,
    };

    internal static Diagnostic HasWrongShape(SourceSpan at, string what, string expected, string? actual) => new()
    {
        Descriptor = WrongShape,
        Message = $"{what} is not {expected}.",
        Location = at,
        Expected = expected,
        Actual = actual,
        Help = Restore,
    };

    internal static Diagnostic Lacks(SourceSpan at, string what, string key) => new()
    {
        Descriptor = WrongShape,
        Message = $"{what} lacks the key '{key}'.",
        Location = at,
        Help = Restore,
    };

    internal static Diagnostic HasUnknownKey(SourceSpan at, string what, string key) => new()
    {
        Descriptor = UnknownKey,
        Message = $"{what} has the unknown key '{key}'.",
        Location = at,
        Help = "Remove the key. If a newer nixgen wrote it, use that nixgen.",
    };

    internal static Diagnostic HasDuplicateKey(SourceSpan at, string what, string key) => new()
    {
        Descriptor = DuplicateKey,
        Message = $"{what} has the key '{key}' twice.",
        Location = at,
        Help = Restore,
    };

    internal static Diagnostic IsNewer(SourceSpan at, long version) => new()
    {
        Descriptor = NewerVersion,
        Message = $"The lock has format version {version}; this nixgen reads up to {LockFile.CurrentVersion}.",
        Location = at,
        Help = "Update nixgen.",
    };

    internal static Diagnostic HasNoUpgrade(SourceSpan at, long version) => new()
    {
        Descriptor = NoUpgrade,
        Message = $"The lock has format version {version}, which nixgen can't bring up to version {LockFile.CurrentVersion}.",
        Location = at,
        Help = Restore,
    };

    internal static Diagnostic HasUnsafePath(SourceSpan at, string model, string path, string problem) => new()
    {
        Descriptor = UnsafePath,
        Message = $"The path '{Printable(path)}' of model '{model}' {problem}.",
        Location = at,
        Help = Restore,
    };

    internal static Diagnostic HasPathClash(SourceSpan at, string model, PathClash clash) => new()
    {
        Descriptor = PathClash,
        Message = clash.Kind == PathClashKind.Same
            ? $"Model '{model}' names the file '{Printable(clash.Path)}' twice."
            : $"Model '{model}' names '{Printable(clash.Other)}' as a file, and as the folder of '{Printable(clash.Path)}'.",
        Location = at,
        Help = Restore,
    };

    internal static Diagnostic HasBadHash(SourceSpan at, string what, string expected, string actual) => new()
    {
        Descriptor = BadHash,
        Message = $"{what} is not {expected}.",
        Location = at,
        Expected = expected,
        Actual = Printable(actual),
        Help = Restore,
    };

    internal static Diagnostic HasConflictingEntry(SourceSpan at, string model) => new()
    {
        Descriptor = ConflictingEntry,
        Message = $"The two sides of a merge locked '{model}' otherwise; it is to be locked again.",
        Location = at,
        Help = $"Run 'nixgen lock'. To take one side instead: 'git checkout --ours' or '--theirs' for the lock, then 'nixgen lock'.",
    };

    internal static Diagnostic IsUnsealed(SourceSpan at, string model) => new()
    {
        Descriptor = Unsealed,
        Message = $"The lock's entry of '{model}' is not as nixgen wrote it; it is to be locked again.",
        Location = at,
        Help = $"Run 'nixgen lock'. If nobody edited the entry, a merge joined it of two: look at the lock's history.",
    };

    internal static Diagnostic InConflict(Diagnostic problem) => problem with
    {
        Help = "The two sides of the merge can't be told apart. Take one with 'git checkout --ours' or 'git checkout --theirs' for the lock, then run 'nixgen lock', which adds what it lacks.",
    };

    internal static Diagnostic HasBrokenConflict(SourceSpan at, string marker) => new()
    {
        Descriptor = BrokenConflict,
        Message = $"The conflict marker '{marker}' doesn't belong here.",
        Location = at,
        Help = Restore,
    };

    internal static Diagnostic FailsToRead(string path, string reason) => new()
    {
        Descriptor = CannotRead,
        Message = $"The lock '{path}' can't be read: {reason}",
        Help = "Give yourself the right to read it, or name another lock.",
    };

    internal static Diagnostic FailsToWrite(string path, string reason) => new()
    {
        Descriptor = CannotWrite,
        Message = $"The lock '{path}' can't be written: {reason}",
        Help = "Make room on the disk, or give yourself the right to write in its folder, and run the command again. The old lock is unchanged.",
    };

    // Hostile text in a message must not move the cursor or reorder the line.
    internal static string Printable(string text)
    {
        var output = new System.Text.StringBuilder();
        JsonText.Append(output, text.Length <= 200 ? text : text[..200] + "…");
        return output.ToString(1, output.Length - 2);
    }
}

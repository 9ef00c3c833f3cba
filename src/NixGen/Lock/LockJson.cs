using System.Collections.Immutable;
using NixGen.Diagnostics;

namespace NixGen.Lock;

/// <summary>The lock's JSON: one spelling out, strict and positioned in.</summary>
public static class LockJson
{
    /// <summary>The canonical bytes of a lock: UTF-8, LF, keys ordered ordinally, one file a line, one final line feed.</summary>
    public static byte[] Write(LockFile lockFile) => LockJsonWriter.Write(lockFile);

    /// <summary>Reads a lock of any known format version, with or without the conflict markers of a git merge. Adds diagnostics NG2xxx and returns null where it is wrong; never throws for what the bytes hold.</summary>
    /// <param name="path">The path that diagnostics show.</param>
    /// <param name="utf8">The file's bytes.</param>
    /// <param name="diagnostics">Where problems go.</param>
    /// <param name="upgraders">How older formats are brought up to date; null for <see cref="LockUpgraders.Known"/>.</param>
    public static LockReading? Read(
        string path,
        ReadOnlyMemory<byte> utf8,
        DiagnosticBag diagnostics,
        LockUpgraders? upgraders = null)
    {
        var text = new LockText(path, utf8);
        if (!text.IsUtf8)
        {
            diagnostics.Add(LockDiagnostics.IsNotUtf8(path));
            return null;
        }

        return MergeConflict.HasMarkers(text.Bytes.Span)
            ? MergeConflict.Read(text, diagnostics, upgraders ?? LockUpgraders.Known)
            : LockVersions.ReadWhole(text, diagnostics, upgraders ?? LockUpgraders.Known);
    }
}

/// <summary>What a lock file held.</summary>
/// <param name="Lock">Its models.</param>
/// <param name="ToLockAgain">Models that are to be locked again whatever they are locked to: those that a merge left open, which <paramref name="Lock"/> lacks, and those whose entry isn't as nixgen wrote it. Ordered ordinally.</param>
/// <param name="IsCurrent">Whether the file can stay as it is; false after a merge, an edit or an upgrade of the format.</param>
public sealed record LockReading(LockFile Lock, ImmutableArray<string> ToLockAgain, bool IsCurrent)
{
    /// <summary>What a missing file holds.</summary>
    public static LockReading Missing { get; } = new(LockFile.Empty, [], true);
}

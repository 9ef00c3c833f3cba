using NixGen.Diagnostics;

namespace NixGen.Lock;

/// <summary>Reads a lock in which git left conflict markers (styles merge, diff3 and zdiff3): both sides are parsed, and joined by model.</summary>
internal static class MergeConflict
{
    private const int MarkerLength = 7;

    private enum Region
    {
        Common,
        Ours,
        Base,
        Theirs,
    }

    /// <summary>Whether a line begins as git begins a conflict or goes on in one. No line of a lock that nixgen wrote begins so.</summary>
    public static bool HasMarkers(ReadOnlySpan<byte> text)
    {
        foreach (var range in text.Split((byte)'\n'))
        {
            if (Marker(text[range]) != 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Reads both sides. Entries that are equal, or that only one side has, are kept; those that differ are left out and reported.</summary>
    public static LockReading? Read(LockText text, DiagnosticBag diagnostics, LockUpgraders upgraders)
    {
        if (Split(text, diagnostics) is not var (ours, theirs))
        {
            return null;
        }

        var doubtful = new DoubtfulEntries();
        var problems = new DiagnosticBag();
        var left = LockVersions.Read(text.With(ours), problems, upgraders, doubtful);
        var right = LockVersions.Read(text.With(theirs), problems, upgraders, doubtful);
        if (left is null || right is null)
        {
            diagnostics.AddRange(problems.Items.Distinct().Select(LockDiagnostics.InConflict));
            return null;
        }

        return Join(text, left.Lock, right.Lock, doubtful.Doubled.Concat(doubtful.Unsealed).Select(entry => entry.Key), diagnostics);
    }

    private static LockReading Join(LockText text, LockFile left, LockFile right, IEnumerable<string> doubtful, DiagnosticBag diagnostics)
    {
        var joined = left.Models.ToBuilder();
        var again = new SortedSet<string>(doubtful, StringComparer.Ordinal);
        foreach (var (name, model) in right.Models)
        {
            if (!left.Models.TryGetValue(name, out var other))
            {
                joined.Add(name, model);
            }
            else if (!model.Equals(other))
            {
                again.Add(name);
            }
        }

        joined.RemoveRange(again);
        var at = text.At(FirstMarker(text.Bytes.Span), MarkerLength);
        diagnostics.AddRange(again.Select(name => LockDiagnostics.HasConflictingEntry(at, name)));
        return new(new(joined.ToImmutable()), [.. again], false);
    }

    // Each side is the whole file with everything else blanked: offsets, and so positions, stay those of the file.
    private static (byte[] Ours, byte[] Theirs)? Split(LockText text, DiagnosticBag diagnostics)
    {
        var bytes = text.Bytes.Span;
        var ours = bytes.ToArray();
        var theirs = bytes.ToArray();
        var region = Region.Common;
        foreach (var range in bytes.Split((byte)'\n'))
        {
            var line = bytes[range];
            var marker = Marker(line);
            if (marker != 0)
            {
                if (Next(region, marker) is not { } next)
                {
                    diagnostics.Add(LockDiagnostics.HasBrokenConflict(
                        text.At(range.Start.Value, MarkerLength), new string((char)marker, MarkerLength)));
                    return null;
                }

                region = next;
                ours.AsSpan(range).Fill((byte)' ');
                theirs.AsSpan(range).Fill((byte)' ');
                continue;
            }

            if (region is Region.Theirs or Region.Base)
            {
                ours.AsSpan(range).Fill((byte)' ');
            }

            if (region is Region.Ours or Region.Base)
            {
                theirs.AsSpan(range).Fill((byte)' ');
            }
        }

        if (region == Region.Common)
        {
            return (ours, theirs);
        }

        diagnostics.Add(LockDiagnostics.HasBrokenConflict(text.At(bytes.Length, 0), "end of file"));
        return null;
    }

    private static Region? Next(Region region, byte marker) => (region, marker) switch
    {
        (Region.Common, (byte)'<') => Region.Ours,
        (Region.Ours, (byte)'|') => Region.Base,
        (Region.Ours or Region.Base, (byte)'=') => Region.Theirs,
        (Region.Theirs, (byte)'>') => Region.Common,
        _ => null,
    };

    private static int FirstMarker(ReadOnlySpan<byte> bytes)
    {
        foreach (var range in bytes.Split((byte)'\n'))
        {
            if (Marker(bytes[range]) != 0)
            {
                return range.Start.Value;
            }
        }

        return 0;
    }

    // Exactly seven of one character, then the end of the line or a space: longer ones belong to conflicts within a merge base.
    private static byte Marker(ReadOnlySpan<byte> line)
    {
        if (line.Length < MarkerLength || line[0] is not ((byte)'<' or (byte)'|' or (byte)'=' or (byte)'>'))
        {
            return 0;
        }

        return !line[..MarkerLength].ContainsAnyExcept(line[0])
            && (line.Length == MarkerLength || line[MarkerLength] is (byte)' ' or (byte)'\r')
                ? line[0]
                : (byte)0;
    }
}

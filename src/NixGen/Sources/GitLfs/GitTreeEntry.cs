using System.Collections.Immutable;
using System.Text;

namespace NixGen.Sources.GitLfs;

/// <summary>What an entry of a tree is.</summary>
internal enum GitEntryKind
{
    /// <summary>A file, executable or not.</summary>
    File,

    /// <summary>A symbolic link; its object holds the target.</summary>
    Link,

    /// <summary>A submodule: a commit of another repository.</summary>
    Submodule,
}

/// <summary>An entry of a commit's tree.</summary>
/// <param name="Path">The path from the repository's root. Bytes that are not UTF-8 stand as U+FFFD.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Oid">git's name of the object, in hex.</param>
/// <param name="IsText">Whether the path is UTF-8.</param>
internal sealed record GitTreeEntry(string Path, GitEntryKind Kind, string Oid, bool IsText)
{
    private static readonly UTF8Encoding _strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The entries in the output of <c>git ls-tree -r -z</c>: <c>MODE TYPE OID TAB PATH NUL</c>; null where it is something else.</summary>
    public static ImmutableArray<GitTreeEntry>? ParseAll(ReadOnlySpan<byte> output)
    {
        var entries = ImmutableArray.CreateBuilder<GitTreeEntry>();
        while (!output.IsEmpty)
        {
            var end = output.IndexOf((byte)0);
            if (end < 0 || Parse(output[..end]) is not { } entry)
            {
                return null;
            }

            entries.Add(entry);
            output = output[(end + 1)..];
        }

        return entries.ToImmutable();
    }

    private static GitTreeEntry? Parse(ReadOnlySpan<byte> line)
    {
        var tab = line.IndexOf((byte)'\t');
        if (tab < 0 || Encoding.ASCII.GetString(line[..tab]).Split(' ') is not [var mode, _, { Length: 40 } oid] || !oid.All(char.IsAsciiHexDigitLower))
        {
            return null;
        }

        GitEntryKind? kind = mode switch
        {
            "120000" => GitEntryKind.Link,
            "160000" => GitEntryKind.Submodule,
            _ when mode.StartsWith("100", StringComparison.Ordinal) => GitEntryKind.File,
            _ => null,
        };
        return kind is { } known ? new(TextOf(line[(tab + 1)..], out var isText), known, oid, isText) : null;
    }

    private static string TextOf(ReadOnlySpan<byte> path, out bool isText)
    {
        try
        {
            isText = true;
            return _strict.GetString(path);
        }
        catch (DecoderFallbackException)
        {
            isText = false;
            return Encoding.UTF8.GetString(path);
        }
    }
}

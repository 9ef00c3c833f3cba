using System.Text;

namespace NixGen.Lock;

/// <summary>The rules for paths within a model, in one place. A path that breaks one could leave the model's folder, hide in it, or not exist on some system.</summary>
public static class LockedPath
{
    /// <summary>The longest path, in bytes of UTF-8.</summary>
    public const int MaxBytes = 1024;

    /// <summary>The longest name between two slashes, in bytes of UTF-8 (NAME_MAX of Linux and macOS).</summary>
    public const int MaxSegmentBytes = 255;

    /// <summary>Says which rule a path breaks, as the end of a sentence that begins with the path (<c>is absolute</c>), or null where it is good.</summary>
    public static string? Problem(string path)
    {
        if (path.Length == 0)
        {
            return "is empty";
        }

        if (CharacterProblem(path) is { } problem)
        {
            return problem;
        }

        if (path[0] == '/')
        {
            return "is absolute";
        }

        if (path.Length >= 2 && path[1] == ':' && char.IsAsciiLetter(path[0]))
        {
            return "begins with a drive letter";
        }

        return Encoding.UTF8.GetByteCount(path) > MaxBytes ? $"is longer than {MaxBytes} bytes" : SegmentProblem(path);
    }

    private static string? CharacterProblem(string path)
    {
        for (var i = 0; i < path.Length; i++)
        {
            var character = path[i];
            if (character == '\\')
            {
                return "holds a backslash";
            }

            if (char.IsControl(character))
            {
                return $"holds the control character U+{(int)character:X4}";
            }

            if (char.IsHighSurrogate(character) && i + 1 < path.Length && char.IsLowSurrogate(path[i + 1]))
            {
                i++;
            }
            else if (char.IsSurrogate(character))
            {
                return "holds half of a surrogate pair, which no file name can";
            }
        }

        return null;
    }

    private static string? SegmentProblem(string path)
    {
        foreach (var range in path.AsSpan().Split('/'))
        {
            var segment = path.AsSpan(range);
            if (segment.IsEmpty)
            {
                return "has an empty segment";
            }

            if (segment is "." or "..")
            {
                return $"has the segment '{segment}'";
            }

            if (segment.Equals(".git", StringComparison.OrdinalIgnoreCase))
            {
                return $"has the segment '{segment}', which belongs to git";
            }

            if (Encoding.UTF8.GetByteCount(segment) > MaxSegmentBytes)
            {
                return $"has a segment longer than {MaxSegmentBytes} bytes";
            }
        }

        return null;
    }
}

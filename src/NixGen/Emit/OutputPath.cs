namespace NixGen.Emit;

/// <summary>Paths inside an output folder.</summary>
public static class OutputPath
{
    /// <summary>Whether a path stays inside the folder it is relative to: no root, no empty, <c>.</c> or <c>..</c> segment, no backslash, no NUL.</summary>
    public static bool IsSafe(string path) =>
        path.Length > 0
        && path.IndexOfAny(['\\', '\0', '\n']) < 0
        && !path.Split('/').Any(segment => segment is "" or "." or "..");
}

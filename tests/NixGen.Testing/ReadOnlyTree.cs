namespace NixGen.Testing;

/// <summary>Takes away folders whose owner made them read-only, as Nix does.</summary>
internal static class ReadOnlyTree
{
    public static void Delete(string path)
    {
        MakeWritable(new DirectoryInfo(path));
        Directory.Delete(path, recursive: true);
    }

    private static void MakeWritable(DirectoryInfo folder)
    {
        if (OperatingSystem.IsWindows())
            throw new PlatformNotSupportedException("Nix does not run on Windows.");
        folder.UnixFileMode |= UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        foreach (var child in folder.EnumerateDirectories())
        {
            if (child.LinkTarget is null)
                MakeWritable(child);
        }
    }
}

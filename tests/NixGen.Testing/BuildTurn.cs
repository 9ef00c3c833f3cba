namespace NixGen.Testing;

/// <summary>
/// One build at a time, over all test processes of this machine. Run by root, every Nix lets its builds run as the same
/// few users, and before a build it kills whatever runs as that user; versions don't see each other's locks.
/// </summary>
internal static class BuildTurn
{
    private static readonly string LockFile = Path.Combine(Path.GetTempPath(), "nixgen-tests-build.lock");

    /// <summary>Waits for the turn; it ends when the result is disposed of.</summary>
    public static async Task<IDisposable> TakeAsync()
    {
        while (true)
        {
            try
            {
                return new FileStream(LockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException)
            {
                await Task.Delay(20);
            }
        }
    }
}

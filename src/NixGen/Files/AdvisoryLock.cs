using System.Security.Cryptography;
using System.Text;

namespace NixGen.Files;

/// <summary>Keeps two runs from writing the same file at once. The lock lies outside the project, so it leaves nothing to check in.</summary>
public sealed class AdvisoryLock : IDisposable
{
    // EWOULDBLOCK of Linux and of macOS, and ERROR_SHARING_VIOLATION: somebody else holds the lock.
    private const int LinuxWouldBlock = 11;
    private const int DarwinWouldBlock = 35;
    private const int SharingViolation = unchecked((int)0x80070020);

    private readonly FileStream _stream;

    private AdvisoryLock(FileStream stream) => _stream = stream;

    /// <summary>Waits for the lock that guards <paramref name="path"/> and takes it. A killed run's lock is free at once.</summary>
    /// <param name="path">Absolute path of the file or folder to guard.</param>
    /// <param name="folder">Folder of lock files; made where it is missing.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="IOException">The lock file can't be made.</exception>
    /// <exception cref="UnauthorizedAccessException">The lock file may not be made.</exception>
    public static async Task<AdvisoryLock> AcquireAsync(string path, string folder, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        var name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(path)))[..32];
        var lockPath = Path.Combine(folder, name + ".lock");
        while (true)
        {
            try
            {
                // FileShare.None is flock(LOCK_EX | LOCK_NB) on Unix.
                return new(new FileStream(lockPath, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            }
            catch (IOException exception)
                when (exception.HResult is LinuxWouldBlock or DarwinWouldBlock or SharingViolation)
            {
                await Task.Delay(20, cancellationToken);
            }
        }
    }

    /// <summary>Gives the lock back.</summary>
    public void Dispose() => _stream.Dispose();
}

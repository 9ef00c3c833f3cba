namespace NixGen.Testing;

/// <summary>A folder of a test's own that is gone after it.</summary>
public sealed class TemporaryFolder : IDisposable
{
    /// <summary>Absolute path.</summary>
    public string Path { get; } = Directory.CreateTempSubdirectory("nixgen-test-").FullName;

    /// <summary>Absolute path of something below it.</summary>
    public string At(string relative) => System.IO.Path.Combine(Path, relative);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}

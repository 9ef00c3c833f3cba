namespace NixGen.Manifest;

/// <summary>Where manifests are read from: a disk, standard input, or a test's memory.</summary>
public interface IManifestFiles
{
    /// <summary>Reads a file whole, or says why it can't be read.</summary>
    /// <param name="path">As the user wrote it, or the including file's folder and an include's path joined.</param>
    ManifestFile Read(string path);

    /// <summary>One name for one file, however it is written and whatever links lead to it, so that cycles are seen.</summary>
    string Identity(string path);
}

/// <summary>What reading a file gave.</summary>
public abstract record ManifestFile
{
    private ManifestFile()
    {
    }

    /// <summary>The file's bytes.</summary>
    public sealed record Content(ReadOnlyMemory<byte> Bytes) : ManifestFile;

    /// <summary>It can't be read.</summary>
    /// <param name="Reason">Why, in words that end a sentence: <c>no such file</c>.</param>
    public sealed record Unreadable(string Reason) : ManifestFile;
}

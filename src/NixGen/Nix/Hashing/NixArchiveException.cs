namespace NixGen.Nix.Hashing;

/// <summary>A tree can't be archived: it holds something that a Nix store can't.</summary>
/// <param name="path">The path of the thing.</param>
/// <param name="reason">What it is, as the rest of a sentence that begins with the path.</param>
public sealed class NixArchiveException(string path, string reason) : IOException($"'{path}' {reason}.")
{
    /// <summary>The path of the thing.</summary>
    public string Path { get; } = path;
}

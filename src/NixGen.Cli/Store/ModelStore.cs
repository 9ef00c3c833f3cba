using NixGen.Lock;
using NixGen.Nix.Hashing;

namespace NixGen.Cli.Store;

/// <summary>Which files of a model this machine's Nix store has: their paths follow from the lock alone.</summary>
/// <param name="folder">The store's folder, without a final slash.</param>
internal sealed class ModelStore(string folder)
{
    private const UnixFileMode Writable = UnixFileMode.UserWrite | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    /// <summary>The store of this machine: <c>$NIX_STORE_DIR</c>, or <c>/nix/store</c>.</summary>
    public static ModelStore Of(Terminal terminal) =>
        new((terminal.Variable("NIX_STORE_DIR") ?? StorePath.DefaultStoreDirectory).TrimEnd('/'));

    /// <summary>The store path that the emitted Nix gives a file.</summary>
    public StorePath PathOf(LockedFile file) => StorePath.Flat(DerivationName.ForFile(file.Sha256), file.Sha256, folder);

    /// <summary>Whether the store has a file. What a killed or failed build left under the file's name doesn't count: it is short, or not yet read-only as Nix makes everything that it keeps.</summary>
    public bool Has(LockedFile file)
    {
        var found = new FileInfo(PathOf(file).ToString());
        return found.Exists && found.Length == file.Size && (OperatingSystem.IsWindows() || (found.UnixFileMode & Writable) == UnixFileMode.None);
    }

    /// <summary>How many different contents a model has, their length in bytes, and what of it is still to be fetched.</summary>
    public (int Contents, long Bytes, long Missing) Measure(LockedModel model)
    {
        var contents = model.Files.DistinctBy(file => file.Sha256).ToList();
        return (contents.Count, LockedFile.TotalSize(contents), LockedFile.TotalSize(contents.Where(file => !Has(file))));
    }
}

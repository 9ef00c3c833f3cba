using System.Security.Cryptography;
using System.Text;

namespace NixGen.Nix.Hashing;

/// <summary>
/// The path of a fixed-output derivation's output. It depends only on the store's folder, the name, the hash and the mode, so it is known
/// before anything is fetched (Nix manual, "Complete store path calculation"; nix: <c>src/libstore/store-dir-config.cc</c>, <c>makeFixedOutputPath</c>).
/// </summary>
public sealed record StorePath
{
    /// <summary>Where nearly every store is.</summary>
    public const string DefaultStoreDirectory = "/nix/store";

    private StorePath(string storeDirectory, string digest, DerivationName name) =>
        (StoreDirectory, Digest, Name) = (storeDirectory, digest, name);

    /// <summary>The store's folder, without a final slash.</summary>
    public string StoreDirectory { get; }

    /// <summary>The 32 characters of <see cref="NixBase32"/> before the name.</summary>
    public string Digest { get; }

    /// <summary>The derivation's name.</summary>
    public DerivationName Name { get; }

    /// <summary>The output of a derivation with <c>outputHashMode = "flat"</c>: one plain file that isn't executable.</summary>
    /// <param name="name">The derivation's name.</param>
    /// <param name="contentHash">The SHA-256 of the file's content.</param>
    /// <param name="storeDirectory">The store's folder; an absolute path.</param>
    public static StorePath Flat(DerivationName name, SriHash contentHash, string storeDirectory = DefaultStoreDirectory)
    {
        var description = SHA256.HashData(Encoding.ASCII.GetBytes($"fixed:out:sha256:{contentHash.Hex}:"));
        return Make("output:out", Convert.ToHexStringLower(description), name, storeDirectory);
    }

    /// <summary>The output of a derivation with <c>outputHashMode = "recursive"</c>, and the path of a source added to the store: any tree.</summary>
    /// <param name="name">The derivation's name.</param>
    /// <param name="narHash">The SHA-256 of the tree's archive, see <see cref="NixArchive"/>.</param>
    /// <param name="storeDirectory">The store's folder; an absolute path.</param>
    public static StorePath Recursive(DerivationName name, SriHash narHash, string storeDirectory = DefaultStoreDirectory) =>
        Make("source", narHash.Hex, name, storeDirectory);

    private static StorePath Make(string type, string innerDigest, DerivationName name, string storeDirectory)
    {
        if (storeDirectory.Length < 2 || storeDirectory[0] != '/' || storeDirectory[^1] == '/')
        {
            throw new ArgumentException($"'{storeDirectory}' is no absolute folder without a final slash.", nameof(storeDirectory));
        }

        var fingerprint = SHA256.HashData(Encoding.UTF8.GetBytes($"{type}:sha256:{innerDigest}:{storeDirectory}:{name.Text}"));
        Span<byte> folded = stackalloc byte[20];
        for (var index = 0; index < fingerprint.Length; index++)
        {
            folded[index % folded.Length] ^= fingerprint[index];
        }

        return new(storeDirectory, NixBase32.Encode(folded), name);
    }

    /// <summary>The absolute path.</summary>
    public override string ToString() => $"{StoreDirectory}/{Digest}-{Name.Text}";
}

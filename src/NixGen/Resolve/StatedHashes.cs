using NixGen.Diagnostics;
using NixGen.Lock;
using NixGen.Manifest;
using NixGen.Sources;

namespace NixGen.Resolve;

/// <summary>Compares the hashes that the manifest states with those of a lock entry.</summary>
internal static class StatedHashes
{
    /// <summary>Whether every stated hash is that of a locked file; adds diagnostics where one isn't.</summary>
    public static bool Agree(ModelRequest model, LockedModel locked, DiagnosticBag diagnostics)
    {
        if (model.FileHashes.IsEmpty)
        {
            return true;
        }

        var found = locked.Files.ToDictionary(file => file.Path, file => file.Sha256, StringComparer.Ordinal);
        var agree = true;
        foreach (var (path, stated) in model.FileHashes)
        {
            if (!found.TryGetValue(path, out var hash))
            {
                diagnostics.Add(SourceDiagnostics.LacksHashedFile(model, path, found.Keys));
                agree = false;
            }
            else if (!hash.Equals(stated))
            {
                diagnostics.Add(SourceDiagnostics.HasOtherContent(model, path, stated.Text, hash.Text));
                agree = false;
            }
        }

        return agree;
    }
}

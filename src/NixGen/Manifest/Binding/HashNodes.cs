using NixGen.Diagnostics;
using NixGen.Manifest.Schema;
using NixGen.Manifest.Tree;
using NixGen.Nix.Hashing;

namespace NixGen.Manifest.Binding;

/// <summary>Reads hashes of a tree. The schema has seen to their form; what is left is base64 with bits behind the digest's end.</summary>
internal static class HashNodes
{
    /// <summary>The hash; null where there is none, or with a diagnostic where it is none.</summary>
    public static SriHash? Read(Node? node, DiagnosticBag diagnostics)
    {
        if (node is not ScalarNode { Kind: ScalarKind.String } scalar)
        {
            return null;
        }

        if (SriHash.TryParse(scalar.Text, out var hash))
        {
            return hash;
        }

        diagnostics.Add(SchemaDiagnostics.NotSri(scalar.Span, scalar.Text));
        return null;
    }
}

using NixGen.Diagnostics;
using NixGen.Manifest.Tree;

namespace NixGen.Manifest.Schema;

/// <summary>Refuses secrets that stand in a manifest in clear, and hides them from every excerpt.</summary>
internal static class SecretCheck
{
    /// <summary>Walks a tree, shared parts once.</summary>
    public static void Run(Node root, DiagnosticBag diagnostics) =>
        Walk(root, new HashSet<Node>(ReferenceEqualityComparer.Instance), diagnostics);

    private static void Walk(Node node, HashSet<Node> seen, DiagnosticBag diagnostics)
    {
        switch (node)
        {
            case ScalarNode scalar when LiteralSecrets.Describe(scalar.Text) is { } what:
                scalar.Span.Source.Conceal(scalar.Span.Span);
                diagnostics.Add(SchemaDiagnostics.SecretValue(scalar.Span, what));
                break;
            case SequenceNode sequence when seen.Add(sequence):
                foreach (var item in sequence.Items)
                {
                    Walk(item, seen, diagnostics);
                }

                break;
            case MappingNode mapping when seen.Add(mapping):
                foreach (var entry in mapping.Entries)
                {
                    WalkEntry(entry, seen, diagnostics);
                }

                break;
        }
    }

    private static void WalkEntry(MappingEntry entry, HashSet<Node> seen, DiagnosticBag diagnostics)
    {
        if (LiteralSecrets.Describe(entry.Key) is { } what)
        {
            entry.KeySpan.Source.Conceal(entry.KeySpan.Span);
            diagnostics.Add(SchemaDiagnostics.SecretValue(entry.KeySpan, what));
        }

        if (LiteralSecrets.IsSecretKey(entry.Key) && entry.Value is ScalarNode scalar)
        {
            scalar.Span.Source.Conceal(scalar.Span.Span);
            if (LiteralSecrets.Describe(scalar.Text) is not null)
            {
                diagnostics.Add(SchemaDiagnostics.SecretKey(entry.KeySpan, entry.Key));
            }

            return;
        }

        Walk(entry.Value, seen, diagnostics);
    }
}

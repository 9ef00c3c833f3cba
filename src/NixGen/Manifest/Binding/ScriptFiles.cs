using System.Collections.Immutable;
using NixGen.Diagnostics;
using NixGen.Manifest.Loading;
using NixGen.Manifest.Schema;
using NixGen.Manifest.Tree;

namespace NixGen.Manifest.Binding;

/// <summary>Bash texts of a manifest: those that stand in it, and those of files beside it.</summary>
internal sealed class ScriptFiles(IManifestFiles files, DiagnosticBag diagnostics)
{
    private const int Longest = 100_000;

    /// <summary>The keys that state one.</summary>
    public static ImmutableHashSet<string> Keys { get; } = ["script", "command", "file"];

    /// <summary>The text of an entry with one of <see cref="Keys"/>; null, with a diagnostic, where its file can't be used.</summary>
    public string? Read(MappingEntry entry)
    {
        if (NodeValues.AsText(entry.Value) is not { } text || entry.Key != "file")
        {
            return NodeValues.AsText(entry.Value);
        }

        var path = FileGraph.Resolve(entry.Value.Span.Source.Path, text);
        switch (files.Read(path))
        {
            case ManifestFile.Content content when ManifestText.Decode(path, content.Bytes.Span, diagnostics) is { } source:
                if (LiteralSecrets.Describe(source.Text) is { } what)
                {
                    diagnostics.Add(SchemaDiagnostics.SecretValue(entry.Value.Span, what));
                    return null;
                }

                if (Problem(source.Text) is not { } problem)
                {
                    return source.Text;
                }

                diagnostics.Add(BindingDiagnostics.ScriptUnreadable(entry.Value.Span, path, problem));
                return null;
            case ManifestFile.Unreadable unreadable:
                diagnostics.Add(BindingDiagnostics.ScriptUnreadable(entry.Value.Span, path, unreadable.Reason));
                return null;
            default:
                return null;
        }
    }

    // As the schema has it for scripts that stand in the manifest.
    private static string? Problem(string script) =>
        string.IsNullOrWhiteSpace(script) ? "it is empty"
        : script.Length > Longest ? $"it is longer than {Longest} characters"
        : script.Any(character => char.IsControl(character) && character is not ('\n' or '\t')) ? "it holds a control character; lines end with a line feed alone"
        : null;
}

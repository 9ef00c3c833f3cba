using System.Runtime.CompilerServices;
using NixGen.Diagnostics;

namespace NixGen.Manifest.Tree;

/// <summary>Makes a positioned tree of a manifest's text, whichever of the two notations it is in.</summary>
public static class TreeReader
{
    /// <summary>Reads a whole file. Gives what could be read, and null where nothing could; every fault is added to <paramref name="diagnostics"/>.</summary>
    /// <param name="source">The text; its path decides the notation: <c>.json</c> is JSON, <c>.yaml</c> and <c>.yml</c> are YAML, and of anything else only what begins with a brace is JSON.</param>
    /// <param name="diagnostics">Where faults go.</param>
    public static Node? Read(SourceText source, DiagnosticBag diagnostics)
    {
        var problems = new TreeProblems(diagnostics);
        var root = IsJson(source) ? new JsonTreeReader(source, problems).Read() : ReadYaml(source, problems);
        if (root is ScalarNode { Kind: ScalarKind.Null } nothing && root.Span.Span.Length == 0)
        {
            problems.Add(TreeDiagnostics.NothingThere(nothing.Span));
            return null;
        }

        return root;
    }

    // Never inlined: a JSON manifest needn't wait for the YAML library to load.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Node? ReadYaml(SourceText source, TreeProblems problems) => new YamlTreeReader(source, problems).Read();

    private static bool IsJson(SourceText source)
    {
        if (source.Path.EndsWith(".json", StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }

        var isYaml = source.Path.EndsWith(".yaml", StringComparison.OrdinalIgnoreCase)
            || source.Path.EndsWith(".yml", StringComparison.OrdinalIgnoreCase);
        var start = source.Text.AsSpan().TrimStart();
        return !isYaml && start.Length > 1 && start[0] == '{' && start[1..].TrimStart() is ['"' or '}', ..];
    }
}

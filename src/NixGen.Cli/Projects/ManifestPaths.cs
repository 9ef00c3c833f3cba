using System.Collections.Immutable;
using NixGen.Diagnostics;

namespace NixGen.Cli.Projects;

/// <summary>Which manifests a command works on, and where their lock lies.</summary>
/// <param name="Manifests">The paths as the user wrote them.</param>
/// <param name="First">Absolute path of the first; names the lock and the output.</param>
internal sealed record ManifestPaths(ImmutableArray<string> Manifests, string First)
{
    /// <summary>Standard input as a manifest.</summary>
    public const string StandardInput = "-";

    private static readonly ImmutableArray<string> DefaultNames = ["models.yaml", "models.yml", "models.json"];

    /// <summary>File name of the first manifest; standard input counts as <c>models.yaml</c> in the working folder.</summary>
    public string Name => Path.GetFileName(First);

    /// <summary>Takes what the user named, or what lies in the working folder. Null with a diagnostic where there is nothing.</summary>
    public static ManifestPaths? Find(IReadOnlyList<string> named, Terminal terminal, DiagnosticBag diagnostics)
    {
        if (named.Count > 0)
        {
            return new([.. named], terminal.Absolute(named[0] == StandardInput ? DefaultNames[0] : named[0]));
        }

        var found = DefaultNames.FirstOrDefault(name => File.Exists(terminal.Absolute(name)));
        if (found is not null)
        {
            return new([found], terminal.Absolute(found));
        }

        diagnostics.Add(CommandLineDiagnostics.ManifestIsMissing(terminal.Folder));
        return null;
    }
}

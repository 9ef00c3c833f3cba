using System.CommandLine;

namespace NixGen.Cli.Commands;

/// <summary>Arguments that several commands share.</summary>
internal static class SharedArguments
{
    /// <summary>Manifests as positional arguments.</summary>
    public static Argument<string[]> Manifests() => new("FILE")
    {
        Description = "The manifest: YAML or JSON, '-' for standard input; several are merged. Default: models.yaml, models.yml or models.json here.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    /// <summary>Manifests as an option, for commands whose arguments are models.</summary>
    public static Option<string[]> ManifestOption() => new("--manifest", "-m")
    {
        Description = "The manifest; may be given several times. Default: models.yaml, models.yml or models.json here.",
        HelpName = "FILE",
    };
}

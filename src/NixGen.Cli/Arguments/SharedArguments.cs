using System.CommandLine;

namespace NixGen.Cli.Arguments;

/// <summary>Arguments that several commands share.</summary>
internal static class SharedArguments
{
    /// <summary>Manifests as positional arguments.</summary>
    public static Argument<string[]> Manifests() => WithoutOptions(new Argument<string[]>("FILE")
    {
        Description = "The manifest: YAML or JSON, '-' for standard input; several are merged. Default: models.yaml, models.yml or models.json here.",
        Arity = ArgumentArity.ZeroOrMore,
    });

    /// <summary>Refuses misspelt options, which would otherwise count as values of an argument that takes any number.</summary>
    public static Argument<string[]> WithoutOptions(Argument<string[]> argument)
    {
        argument.Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Where(token => token.Value is ['-', _, ..]))
            {
                result.AddError($"Unrecognized option '{token.Value}'.");
            }
        });
        return argument;
    }

    /// <summary>Manifests as an option, for commands whose arguments are models.</summary>
    public static Option<string[]> ManifestOption() => new("--manifest", "-m")
    {
        Description = "The manifest; may be given several times. Default: models.yaml, models.yml or models.json here.",
        HelpName = "FILE",
    };

    /// <summary>A single Nix file as the output.</summary>
    public static Option<string?> OutputFile(string description) => new("--output", "-o")
    {
        Description = description,
        HelpName = "FILE",
    };

    /// <summary>A folder as the output.</summary>
    public static Option<string?> OutputFolder(string description) => new("--out")
    {
        Description = description,
        HelpName = "DIR",
    };

    /// <summary>Refuses two options together.</summary>
    public static void OnlyOneOf(Command command, Option<string?> first, Option<string?> second) =>
        command.Validators.Add(result =>
        {
            if (result.GetResult(first) is not null && result.GetResult(second) is not null)
            {
                result.AddError($"{first.Name} and {second.Name} can't be given together.");
            }
        });
}

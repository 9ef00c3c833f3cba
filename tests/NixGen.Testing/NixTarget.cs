namespace NixGen.Testing;

/// <summary>What Nix is to build or evaluate.</summary>
public abstract record NixTarget
{
    /// <summary>An attribute of a file; an empty one is the file's value.</summary>
    public sealed record File(string Path, string Attribute = "") : NixTarget;

    /// <summary>An expression.</summary>
    public sealed record Expression(string Text) : NixTarget;

    /// <summary>A flake's output, with the stub as its <c>nixpkgs</c>.</summary>
    public sealed record Flake(string Reference) : NixTarget;

    /// <summary>What names it to <c>nix</c>; an expression must be in a file.</summary>
    /// <param name="stubNixpkgs">Where the stub lies for the user that runs <c>nix</c>.</param>
    internal IEnumerable<string> Arguments(string stubNixpkgs) => this switch
    {
        File file => file.Attribute.Length == 0 ? ["-f", file.Path] : ["-f", file.Path, file.Attribute],
        Flake flake => [flake.Reference, "--override-input", "nixpkgs", "path:" + stubNixpkgs, "--no-write-lock-file"],
        _ => throw new InvalidOperationException($"{this} has no name."),
    };
}

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
}

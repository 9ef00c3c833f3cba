namespace NixGen.Manifest;

/// <summary>Names that no model or group can have, because Nix reads meaning into an attribute that is called so. The schema's pattern refuses the same ones.</summary>
public static class ReservedNames
{
    /// <summary>What Nix takes an attribute of that name for, as the end of a sentence, or null where the name is free.</summary>
    public static string? Meaning(string name) => name switch
    {
        "default" => "which is the name of Nix's default output",
        "type" or "drvPath" or "outPath" => "by which Nix knows a derivation",
        "recurseForDerivations" => "which tells Nix's tools to look further",
        ['_', '_', ..] => "since such names mean something to Nix itself",
        _ => null,
    };
}

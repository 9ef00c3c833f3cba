using System.Collections.Immutable;
using NixGen.Diagnostics;

namespace NixGen.Cli;

/// <summary>What can be wrong with how a command is called.</summary>
public static class CommandLineDiagnostics
{
    /// <summary>NG5001.</summary>
    public static readonly DiagnosticDescriptor NoManifest = new(
        "NG5001",
        "There is no manifest",
        "No file was named and the folder has none of `models.yaml`, `models.yml` and `models.json`. Name a manifest, or start one.",
        Severity.Error,
        FailureKind.Usage);

    /// <summary>NG5002.</summary>
    public static readonly DiagnosticDescriptor UnknownModel = new(
        "NG5002",
        "The manifest has no model of that name",
        "A name given to the command is not a model of the manifest.",
        Severity.Error,
        FailureKind.Usage);

    /// <summary>NG5003.</summary>
    public static readonly DiagnosticDescriptor NotReadable = new(
        "NG5003",
        "A file or folder can't be read",
        "The path does not exist, or may not be read.",
        Severity.Error,
        FailureKind.Usage);

    /// <summary>NG5004.</summary>
    public static readonly DiagnosticDescriptor StoreRefused = new(
        "NG5004",
        "Nix did not take a file into its store",
        "`nix-store` is not on the PATH, or refused. Its own message follows.",
        Severity.Error,
        FailureKind.Usage);

    /// <summary>NG5005.</summary>
    public static readonly DiagnosticDescriptor UnknownName = new(
        "NG5005",
        "There is no such schema",
        "`nixgen schema` prints one of the schemas that it lists.",
        Severity.Error,
        FailureKind.Usage);

    /// <summary>NG5006.</summary>
    public static readonly DiagnosticDescriptor FetchFailed = new(
        "NG5006",
        "A file could not be fetched into the Nix store",
        "`prefetch --store` runs the fetch script that builds run; it said above what went wrong.",
        Severity.Error,
        FailureKind.Upstream);

    /// <summary>NG5007.</summary>
    public static readonly DiagnosticDescriptor Unsigned = new(
        "NG5007",
        "Nothing was signed",
        "`nixgen sign` builds models from checked-in output and signs what comes of them by `nix store sign`, with a secret key as `nix key generate-secret` writes one. Signing through Nix's daemon is for its trusted users.",
        Severity.Error,
        FailureKind.Usage);

    /// <summary>All of this stage.</summary>
    public static ImmutableArray<DiagnosticDescriptor> All { get; } =
        [NoManifest, UnknownModel, NotReadable, StoreRefused, UnknownName, FetchFailed, Unsigned];

    /// <summary>No model is to be signed.</summary>
    public static Diagnostic NothingToSign() => new()
    {
        Descriptor = Unsigned,
        Message = "no model of the manifest is to be signed",
        Help = "name models, or write `provenance: { signOutput: true }`",
    };

    /// <summary>A file isn't a secret key.</summary>
    public static Diagnostic IsNoSigningKey(string path) => new()
    {
        Descriptor = Unsigned,
        Message = $"'{path}' isn't a secret key of Nix's",
        Expected = "a name, a colon, and 64 bytes in base64",
        Help = "make one: nix key generate-secret --key-name cache.example.com-1",
    };

    /// <summary>Nix didn't build or sign.</summary>
    public static Diagnostic CannotSign(string model, string reason) => new()
    {
        Descriptor = Unsigned,
        Message = $"{model} was not signed: {reason}",
        Help = "see what Nix says above",
    };

    /// <summary>No manifest was named and none lies in the folder.</summary>
    public static Diagnostic ManifestIsMissing(string folder) => new()
    {
        Descriptor = NoManifest,
        Message = $"no manifest was named, and '{folder}' has none",
        Expected = "models.yaml, models.yml or models.json",
        Help = "name one: nixgen build path/to/models.yaml",
    };

    /// <summary>A name that the manifest lacks.</summary>
    public static Diagnostic ModelIsUnknown(string name, string? closest) => new()
    {
        Descriptor = UnknownModel,
        Message = $"the manifest has no model '{name}'",
        Help = closest is null ? "look at the names under `models:`" : $"did you mean '{closest}'?",
    };

    /// <summary>A path that can't be read.</summary>
    public static Diagnostic CannotRead(string path, string reason) => new()
    {
        Descriptor = NotReadable,
        Message = $"can't read '{path}': {reason}",
        Help = "check the path and its permissions",
    };

    /// <summary>The Nix store refused a file.</summary>
    public static Diagnostic StoreHasRefused(string file, string reason) => new()
    {
        Descriptor = StoreRefused,
        Message = $"'{file}' was not added to the Nix store: {reason}",
        Help = "check that `nix-store` is on the PATH and that the store may be written",
    };

    /// <summary>An unknown schema.</summary>
    public static Diagnostic SchemaIsUnknown(string name, IEnumerable<string> known) => new()
    {
        Descriptor = UnknownName,
        Message = $"there is no schema '{name}'",
        Expected = string.Join(", ", known),
        Help = "run `nixgen schema` for the manifest's",
    };

    /// <summary>The fetch script failed.</summary>
    public static Diagnostic FetchHasFailed(string repository, string path) => new()
    {
        Descriptor = FetchFailed,
        Message = $"'{VisibleText.Escape(path)}' of {VisibleText.Escape(repository)} could not be fetched",
        Help = "see what the fetcher says above; bash and curl must be on the PATH",
    };
}

using System.Collections.Immutable;
using NixGen.Diagnostics;
using NixGen.Sources.Registries;

namespace NixGen.Sources.Oci;

/// <summary>What can be wrong with artifacts of registries.</summary>
public static class OciDiagnostics
{
    private const int MostShown = 8;

    /// <summary>NG3460.</summary>
    public static readonly DiagnosticDescriptor SeveralManifests = new(
        "NG3460",
        "The reference leads to several manifests",
        "An index lists manifests, one for each platform for instance. nixgen follows an index of one, and leaves the choice among several to you: a model must not depend on the machine that locked it.",
        Kind: FailureKind.Upstream);

    /// <summary>NG3461.</summary>
    public static readonly DiagnosticDescriptor Container = new(
        "NG3461",
        "The reference leads to a container's image",
        "The layers of a container's image are parts of a file system, laid over each other. An artifact with a model has layers that are files, or archives of files.",
        Kind: FailureKind.Upstream);

    /// <summary>NG3462.</summary>
    public static readonly DiagnosticDescriptor NoFiles = new(
        "NG3462",
        "The artifact holds no files",
        "Its manifest has a configuration only, or only says something of another manifest, such as a signature.",
        Kind: FailureKind.Upstream);

    /// <summary>All of them, ordered by code.</summary>
    public static ImmutableArray<DiagnosticDescriptor> All { get; } = [SeveralManifests, Container, NoFiles];

    internal static Diagnostic HoldsSeveral(RegistryQuestion question, ImmutableArray<RegistryDescriptor> manifests) => new()
    {
        Descriptor = SeveralManifests,
        Message = $"'{question.Name}', which model '{question.Model.Name}' asks for, is an index of {manifests.Length} manifests.",
        Location = question.Model.Source.Span,
        Help = manifests.IsEmpty
            ? "Choose another tag."
            : $"Name one of them by its digest:\n{string.Join('\n', manifests.Take(MostShown).Select(item => $"{question.Endpoint.Name}/{question.Repository}@{item.Digest}"))}",
    };

    internal static Diagnostic IsContainer(RegistryQuestion question) => new()
    {
        Descriptor = Container,
        Message = $"'{question.Name}', which model '{question.Model.Name}' asks for, is the image of a container.",
        Location = question.Model.Source.Span,
        Help = "Look whether its publisher has the model as an artifact too. What lies in a container's image can be copied out of it by `skopeo` and `tar`, and served from another source.",
    };

    internal static Diagnostic HasNoFiles(RegistryQuestion question) => new()
    {
        Descriptor = NoFiles,
        Message = $"'{question.Name}', which model '{question.Model.Name}' asks for, has no layers.",
        Location = question.Model.Source.Span,
        Help = "Choose another tag or digest.",
    };
}

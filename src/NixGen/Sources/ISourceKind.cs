using System.Collections.Immutable;
using NixGen.Diagnostics;
using NixGen.Lock;
using NixGen.Manifest;

namespace NixGen.Sources;

/// <summary>A kind of source: everything that nixgen knows of it. Adding a kind is adding one of these to <see cref="SourceRegistry"/>.</summary>
public interface ISourceKind
{
    /// <summary>The name in manifests, locks and emitted Nix, such as <c>huggingface</c>.</summary>
    string Name { get; }

    /// <summary>Prefixes of short specs that this kind takes, such as <c>hf:</c>; the longest match over all kinds wins.</summary>
    ImmutableArray<string> ShortPrefixes { get; }

    /// <summary>Understands a declaration; adds diagnostics and returns null where it is wrong.</summary>
    SourceRequest? Bind(SourceDeclaration declaration, DiagnosticBag diagnostics);

    /// <summary>Resolves a request to an immutable revision and its files, without downloading what has a published SHA-256. Adds diagnostics and returns null where that fails.</summary>
    Task<LockedSource?> ResolveAsync(ResolveContext context, CancellationToken cancellationToken);
}

/// <summary>What a kind is given to resolve one model.</summary>
/// <param name="Model">The model as asked for.</param>
/// <param name="Request">Its source, bound by the same kind.</param>
/// <param name="Http">The only way out.</param>
/// <param name="Diagnostics">Where failures go.</param>
/// <param name="Progress">Where progress goes.</param>
public sealed record ResolveContext(
    ModelRequest Model,
    SourceRequest Request,
    IUpstream Http,
    DiagnosticBag Diagnostics,
    IResolveProgress Progress);

/// <summary>What a kind found: the part of a <see cref="LockedModel"/> that comes from upstream.</summary>
/// <param name="Resolved">The immutable revision.</param>
/// <param name="Files">The selected files, ordered ordinally by path.</param>
public sealed record LockedSource(ResolvedRevision Resolved, ImmutableArray<LockedFile> Files);

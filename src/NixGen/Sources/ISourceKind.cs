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

    /// <summary>Understands a declaration; adds diagnostics and returns null where it is wrong.</summary>
    SourceRequest? Bind(SourceDeclaration declaration, DiagnosticBag diagnostics);

    /// <summary>Resolves a request to an immutable revision and its files, without downloading what has a published SHA-256. Adds diagnostics and returns null where that fails.</summary>
    /// <exception cref="UpstreamException">No answer could be had; the caller says so.</exception>
    Task<LockedSource?> ResolveAsync(ResolveContext context, CancellationToken cancellationToken);

    /// <summary>What the kind's fetcher is told of where a model is, as the emitted adapter tells it: variables by name, tokens for standard variables among them. What is fetched (<c>fetch_path</c> and the like) isn't among them; see <see cref="FileFetch"/>. Null where the kind has no fetcher.</summary>
    /// <param name="model">The locked model.</param>
    /// <param name="request">Its request, bound by the same kind.</param>
    /// <param name="environment">The machine's variables.</param>
    ImmutableDictionary<string, string>? FetchVariables(LockedModel model, SourceRequest request, HostEnvironment environment);
}

/// <summary>What a kind is given to resolve one model.</summary>
public sealed record ResolveContext
{
    /// <summary>The model as asked for.</summary>
    public required ModelRequest Model { get; init; }

    /// <summary>Its source, bound by the same kind.</summary>
    public required SourceRequest Request { get; init; }

    /// <summary>The model's entry for the same request, which stands if upstream hasn't moved; or null.</summary>
    public required LockedModel? Existing { get; init; }

    /// <summary>The only way out.</summary>
    public required IUpstream Http { get; init; }

    /// <summary>git, for the kinds that need it.</summary>
    public required IGit Git { get; init; }

    /// <summary>Hashes of content seen before.</summary>
    public required IContentHashes Hashes { get; init; }

    /// <summary>The machine's variables.</summary>
    public required HostEnvironment Environment { get; init; }

    /// <summary>Whether the model may be had. Kinds that have to download content to hash it ask before they do; what they give is asked about once more.</summary>
    public IAdmission Admission { get; init; } = OpenAdmission.Instance;

    /// <summary>Where failures go.</summary>
    public required DiagnosticBag Diagnostics { get; init; }

    /// <summary>Where progress goes.</summary>
    public required IResolveProgress Progress { get; init; }
}

/// <summary>What a kind found: the part of a <see cref="LockedModel"/> that comes from upstream.</summary>
/// <param name="Resolved">The immutable revision.</param>
/// <param name="Files">The selected files, ordered ordinally by path.</param>
public sealed record LockedSource(ResolvedRevision Resolved, ImmutableArray<LockedFile> Files);

using System.Collections.Immutable;
using NixGen.Diagnostics;
using NixGen.Lock;
using NixGen.Manifest;

namespace NixGen.Sources.GitLfs;

/// <summary>Repositories of any git host, with large files in Git LFS or without.</summary>
public sealed class GitLfsKind : ISourceKind
{
    /// <summary>The name of this kind in manifests and locks.</summary>
    public const string KindName = "git-lfs";

    /// <inheritdoc/>
    public string Name => KindName;

    /// <inheritdoc/>
    public SourceRequest? Bind(SourceDeclaration declaration, DiagnosticBag diagnostics) => declaration switch
    {
        ShortSpec spec => GitLfsBinder.Bind(spec, diagnostics),
        LongSource source => GitLfsBinder.Bind(source, endpoint: null, diagnostics),
        _ => null,
    };

    /// <inheritdoc/>
    public Task<LockedSource?> ResolveAsync(ResolveContext context, CancellationToken cancellationToken) =>
        GitResolver.ResolveAsync(context, cancellationToken);

    /// <inheritdoc/>
    public ImmutableDictionary<string, string>? FetchVariables(LockedModel model, SourceRequest request, HostEnvironment environment) =>
        GitFetch.Variables((GitLfsRequest)request, model.Resolved, environment);
}

using System.Collections.Immutable;
using NixGen.Diagnostics;
using NixGen.Lock;
using NixGen.Manifest;

namespace NixGen.Sources.S3;

/// <summary>Objects of a bucket of S3, or of another server that speaks its protocol.</summary>
public sealed class S3Kind : ISourceKind
{
    internal const string KindName = "s3";

    /// <inheritdoc/>
    public string Name => KindName;

    /// <inheritdoc/>
    public SourceRequest? Bind(SourceDeclaration declaration, DiagnosticBag diagnostics) => declaration switch
    {
        ShortSpec spec => S3Binder.Bind(spec, diagnostics),
        LongSource source => S3Binder.Bind(source, diagnostics),
        _ => null,
    };

    /// <inheritdoc/>
    public Task<LockedSource?> ResolveAsync(ResolveContext context, CancellationToken cancellationToken) =>
        S3Resolver.ResolveAsync(context, cancellationToken);

    /// <inheritdoc/>
    public ImmutableDictionary<string, string>? FetchVariables(LockedModel model, SourceRequest request, HostEnvironment environment) =>
        S3Fetch.Variables((S3Request)request, model.Resolved, environment);
}

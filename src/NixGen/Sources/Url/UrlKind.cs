using System.Collections.Immutable;
using NixGen.Diagnostics;
using NixGen.Lock;
using NixGen.Manifest;

namespace NixGen.Sources.Url;

/// <summary>Files at any https address.</summary>
public sealed class UrlKind : ISourceKind
{
    /// <summary>The name of this kind in manifests and locks.</summary>
    public const string KindName = "url";

    /// <inheritdoc/>
    public string Name => KindName;

    /// <inheritdoc/>
    public SourceRequest? Bind(SourceDeclaration declaration, DiagnosticBag diagnostics) => declaration switch
    {
        ShortSpec spec => UrlBinder.Bind(spec, diagnostics),
        LongSource source => UrlBinder.Bind(source, diagnostics),
        _ => null,
    };

    /// <inheritdoc/>
    public Task<LockedSource?> ResolveAsync(ResolveContext context, CancellationToken cancellationToken) =>
        new UrlResolver(context).ResolveAsync(cancellationToken);

    // The address is among what is said of each file, and no token is usual.
    /// <inheritdoc/>
    public ImmutableDictionary<string, string>? FetchVariables(LockedModel model, SourceRequest request, HostEnvironment environment) =>
        ImmutableDictionary<string, string>.Empty.Add("fetch_usual_token", "");
}

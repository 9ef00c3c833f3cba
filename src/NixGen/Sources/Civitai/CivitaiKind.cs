using System.Collections.Immutable;
using NixGen.Diagnostics;
using NixGen.Lock;
using NixGen.Manifest;

namespace NixGen.Sources.Civitai;

/// <summary>Versions of models on Civitai.</summary>
public sealed class CivitaiKind : ISourceKind
{
    /// <summary>The name of this kind in manifests and locks.</summary>
    public const string KindName = "civitai";

    /// <inheritdoc/>
    public string Name => KindName;

    /// <inheritdoc/>
    public SourceRequest? Bind(SourceDeclaration declaration, DiagnosticBag diagnostics) => declaration switch
    {
        ShortSpec spec => CivitaiBinder.Bind(spec, diagnostics),
        LongSource source => CivitaiBinder.Bind(source, diagnostics),
        _ => null,
    };

    /// <inheritdoc/>
    public Task<LockedSource?> ResolveAsync(ResolveContext context, CancellationToken cancellationToken) =>
        new CivitaiResolver(context).ResolveAsync(cancellationToken);

    /// <inheritdoc/>
    public ImmutableDictionary<string, string>? FetchVariables(LockedModel model, SourceRequest request, HostEnvironment environment)
    {
        var endpoint = model.Resolved.Endpoint ?? CivitaiRequest.DefaultEndpoint;
        return ImmutableDictionary.CreateRange(StringComparer.Ordinal,
        [
            new("fetch_endpoint", endpoint),
            new("fetch_id", model.Resolved.Id),
            new("fetch_usual_token", endpoint == CivitaiRequest.DefaultEndpoint ? CivitaiCredentials.Variable : ""),
            new KeyValuePair<string, string>(CivitaiCredentials.Variable, CivitaiCredentials.Find(AuthSettings.Default, environment, endpoint).Token?.Reveal() ?? ""),
        ]);
    }
}

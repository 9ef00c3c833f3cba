using System.Collections.Immutable;
using NixGen.Diagnostics;
using NixGen.Lock;
using NixGen.Manifest;

namespace NixGen.Sources.HuggingFace;

/// <summary>Models, datasets and Spaces of the Hugging Face Hub, or of another server that speaks its protocol.</summary>
public sealed class HuggingFaceKind : ISourceKind
{
    /// <summary>The name of this kind in manifests and locks.</summary>
    public const string KindName = "huggingface";

    /// <inheritdoc/>
    public string Name => KindName;

    /// <inheritdoc/>
    public SourceRequest? Bind(SourceDeclaration declaration, DiagnosticBag diagnostics) => declaration switch
    {
        ShortSpec spec => HuggingFaceBinder.Bind(spec, diagnostics),
        LongSource source => HuggingFaceBinder.Bind(source, diagnostics),
        _ => null,
    };

    /// <inheritdoc/>
    public Task<LockedSource?> ResolveAsync(ResolveContext context, CancellationToken cancellationToken) =>
        HubResolver.ResolveAsync(context, cancellationToken);

    /// <inheritdoc/>
    public ImmutableDictionary<string, string>? FetchVariables(LockedModel model, SourceRequest request, HostEnvironment environment) =>
        HubFetch.Variables((HuggingFaceRequest)request, model.Resolved, environment);
}

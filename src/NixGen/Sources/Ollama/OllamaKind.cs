using System.Collections.Immutable;
using NixGen.Diagnostics;
using NixGen.Lock;
using NixGen.Manifest;
using NixGen.Sources.Registries;

namespace NixGen.Sources.Ollama;

/// <summary>Models of Ollama's registry, or of another one that keeps such models.</summary>
public sealed class OllamaKind : ISourceKind
{
    /// <summary>The name of this kind in manifests and locks.</summary>
    public const string KindName = "ollama";

    /// <summary>What a short spec may begin with; names of the library have no namespace on their pages either.</summary>
    internal static readonly ImmutableArray<string> Prefixes =
        ["ollama:", "ollama://", "https://ollama.com/", "https://ollama.com/library/", "https://www.ollama.com/", "https://www.ollama.com/library/"];

    /// <inheritdoc/>
    public string Name => KindName;

    /// <inheritdoc/>
    public SourceRequest? Bind(SourceDeclaration declaration, DiagnosticBag diagnostics) => declaration switch
    {
        ShortSpec spec => OllamaBinder.Bind(spec, diagnostics),
        LongSource source => OllamaBinder.Bind(source, diagnostics),
        _ => null,
    };

    /// <inheritdoc/>
    public Task<LockedSource?> ResolveAsync(ResolveContext context, CancellationToken cancellationToken) =>
        OllamaResolver.ResolveAsync(context, cancellationToken);

    /// <inheritdoc/>
    public ImmutableDictionary<string, string>? FetchVariables(LockedModel model, SourceRequest request, HostEnvironment environment) =>
        RegistryFetch.Variables(((OllamaRequest)request).Registry, model.Resolved, environment);
}

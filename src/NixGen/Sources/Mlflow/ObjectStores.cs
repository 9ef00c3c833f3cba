using NixGen.Diagnostics;
using NixGen.Lock;
using NixGen.Manifest;
using NixGen.Sources.Azure;
using NixGen.Sources.Gcs;
using NixGen.Sources.S3;

namespace NixGen.Sources.Mlflow;

/// <summary>Takes the files of a model from the object store where they lie, past the server: by the kind of source that the store is.</summary>
/// <param name="server">The tracking server, which said where they are.</param>
/// <param name="context">What is to be resolved, and where answers go.</param>
internal sealed class ObjectStores(MlflowServer server, ResolveContext context)
{
    private static readonly (string Scheme, ISourceKind Kind)[] _kinds =
        [("s3", new S3Kind()), ("s3a", new S3Kind()), ("s3n", new S3Kind()), ("gs", new GcsKind()), ("wasbs", new AzureKind()), ("abfss", new AzureKind())];

    /// <summary>The kind of source that fetches what is locked with this <see cref="ResolvedRevision.Storage"/>, or null.</summary>
    public static string? KindOf(string? storage) => storage?.Split("://")[0] switch
    {
        "s3" => S3Kind.KindName,
        "gs" => GcsKind.KindName,
        "az" => AzureKind.KindName,
        _ => null,
    };

    /// <summary>Resolves at the store; adds diagnostics and gives null where that fails.</summary>
    /// <param name="found">What the tracking server said.</param>
    /// <param name="cancellationToken">Ends the requests.</param>
    public async Task<LockedSource?> ResolveAsync(MlflowFound found, CancellationToken cancellationToken)
    {
        var uri = found.ArtifactUri.TrimEnd('/') + (found.Path.Length == 0 ? "" : "/" + found.Path);
        var scheme = uri.IndexOf("://", StringComparison.Ordinal) is var at and > 0 ? uri[..at] : "";
        if (_kinds.FirstOrDefault(known => known.Scheme == scheme).Kind is not { } kind || uri.AsSpan().ContainsAny('?', '#') || uri.Any(char.IsControl) || Bind(kind, scheme, uri) is not { } request)
        {
            context.Diagnostics.Add(MlflowDiagnostics.IsInNoBucket(server, ArtifactStores.WithoutSecrets(uri)));
            return null;
        }

        var located = await kind.ResolveAsync(context with { Request = request, Model = ForStore(kind.Name) }, cancellationToken);
        return located is null ? null : located with { Resolved = located.Resolved with { Version = found.Version, Storage = $"{Scheme(kind)}://{located.Resolved.Id}" } };
    }

    private static string Scheme(ISourceKind kind) => kind switch { S3Kind => "s3", GcsKind => "gs", _ => "az" };

    // What the server states is understood as a short spec would be, and held to the same rules.
    private SourceRequest? Bind(ISourceKind kind, string scheme, string uri)
    {
        var text = scheme is "s3a" or "s3n" ? "s3" + uri[scheme.Length..] : uri;
        if (kind is S3Kind && context.Environment.Variable("MLFLOW_S3_ENDPOINT_URL") is { } endpoint)
        {
            text += $"?endpoint={Uri.EscapeDataString(endpoint)}";
        }

        var asked = (MlflowRequest)context.Request;
        return kind.Bind(new ShortSpec(text, context.Model.Source.Span), new DiagnosticBag()) switch
        {
            S3Request s3 => s3 with { Files = asked.Files, Exclude = asked.Exclude, Weights = asked.Weights },
            GcsRequest gcs => gcs with { Files = asked.Files, Exclude = asked.Exclude, Weights = asked.Weights },
            AzureRequest azure => azure with { Files = asked.Files, Exclude = asked.Exclude, Weights = asked.Weights },
            _ => null,
        };
    }

    // The model's own credentials are for the tracking server; only what belongs to a service is for its store.
    private ModelRequest ForStore(string kind) => context.Model with { Auth = context.Model.Auth.ForService(kind) };
}

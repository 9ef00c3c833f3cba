using System.Collections.Immutable;
using NixGen.Diagnostics;
using NixGen.Lock;
using NixGen.Manifest;
using NixGen.Manifest.Tree;
using NixGen.Sources.Fields;
using NixGen.Sources.GitLfs;

namespace NixGen.Sources.GitXet;

/// <summary>Repositories whose large files are in Xet storage. They hold the pointers of Git LFS, so all but the place of the server is as for <see cref="GitLfsKind"/>.</summary>
public sealed class GitXetKind : ISourceKind
{
    /// <summary>The name of this kind in manifests and locks.</summary>
    public const string KindName = "git-xet";

    /// <inheritdoc/>
    public string Name => KindName;

    /// <inheritdoc/>
    public SourceRequest? Bind(SourceDeclaration declaration, DiagnosticBag diagnostics)
    {
        if (declaration is ShortSpec spec)
        {
            diagnostics.Add(GitLfsDiagnostics.HasXetAddress(spec.Span, spec.Text));
            return null;
        }

        if (declaration is not LongSource source)
        {
            return null;
        }

        var fields = new FieldReader(source, new DiagnosticBag());
        if (fields.Text("url") is { } url && url.StartsWith("xet://", StringComparison.OrdinalIgnoreCase))
        {
            diagnostics.Add(GitLfsDiagnostics.HasXetAddress(fields.At("url"), url));
            return null;
        }

        return Endpoint(source, diagnostics) is (true, var endpoint) ? GitLfsBinder.Bind(source, endpoint, diagnostics) : null;
    }

    /// <inheritdoc/>
    public Task<LockedSource?> ResolveAsync(ResolveContext context, CancellationToken cancellationToken) =>
        GitResolver.ResolveAsync(context, cancellationToken);

    /// <inheritdoc/>
    public ImmutableDictionary<string, string>? FetchVariables(LockedModel model, SourceRequest request, HostEnvironment environment) =>
        GitFetch.Variables((GitLfsRequest)request, model.Resolved, environment);

    private static (bool IsGood, string? Endpoint) Endpoint(LongSource source, DiagnosticBag diagnostics)
    {
        if ((source.Fields["xet"] as MappingNode)?["endpoint"] is not ScalarNode scalar)
        {
            return (true, null);
        }

        var endpoint = scalar.Text.TrimEnd('/');
        var remote = GitRemote.Parse(source.Fields["url"] is ScalarNode url ? url.Text : "").Remote;
        if (remote is null || LfsServer.Problem(endpoint, remote) is not { } problem)
        {
            return (true, endpoint);
        }

        diagnostics.Add(FieldDiagnostics.HasBadValue(scalar.Span, "xet.endpoint", scalar.Text, problem, "https://xet.example.com/models"));
        return (false, null);
    }
}

using NixGen.Lock;

namespace NixGen.Sources.Mlflow;

/// <summary>Finds the way to an artifact URI.</summary>
/// <param name="server">The tracking server.</param>
/// <param name="context">Where faults go.</param>
internal sealed class ArtifactStores(MlflowServer server, ResolveContext context)
{
    private const string ProxyRoute = "/api/2.0/mlflow-artifacts/artifacts";
    private const string ProxyAnchor = "/mlflow-artifacts/artifacts";

    /// <summary>The way; null, with a diagnostic, where nixgen knows none.</summary>
    public async Task<ArtifactStore?> OpenAsync(MlflowFound found, CancellationToken cancellationToken)
    {
        var uri = found.ArtifactUri.TrimEnd('/');
        if (ProxyOf(uri) is var (proxy, root))
        {
            var whole = root.Length == 0 ? found.Path : found.Path.Length == 0 ? root : $"{root}/{found.Path}";
            if ((whole.Length > 0 ? LockedPath.Problem(whole) : null) is { } problem)
            {
                context.Diagnostics.Add(MlflowDiagnostics.AnswersOddly(server, new Uri(server.BaseUrl), $"the artifacts' path {problem}"));
                return null;
            }

            return new ProxiedStore(proxy, whole, found.Path);
        }

        if (uri.Any(char.IsControl) || uri.Length > 2000)
        {
            context.Diagnostics.Add(MlflowDiagnostics.AnswersOddly(server, new Uri(server.BaseUrl), "the artifact URI isn't one line of at most 2000 characters"));
            return null;
        }

        var shown = WithoutSecrets(uri);
        if (found.LoggedModel is { } id)
        {
            return new LoggedModelStore(server, id, found.Path, shown);
        }

        if (found.Run is { } run)
        {
            var (below, isTold) = await BelowRunAsync(run, uri, found, cancellationToken);
            if (below is not null || isTold)
            {
                return below is null ? null : new RunStore(server, run, below, shown, found.Path);
            }
        }

        context.Diagnostics.Add(MlflowDiagnostics.IsElsewhere(server, shown));
        return null;
    }

    // The proxy that a URI means (mlflow/store/artifact/mlflow_artifacts_repo.py), and the path there.
    private (string Proxy, string Root)? ProxyOf(string uri)
    {
        const string Scheme = "mlflow-artifacts:";
        if (uri.StartsWith(Scheme, StringComparison.Ordinal))
        {
            var rest = uri[Scheme.Length..];
            if (!rest.StartsWith("//", StringComparison.Ordinal))
            {
                return (server.BaseUrl + ProxyRoute, rest.Trim('/'));
            }

            var slash = rest.IndexOf('/', 2);
            var (authority, path) = slash < 0 ? (rest[2..], "") : (rest[2..slash], rest[slash..]);
            var tracking = new Uri(server.BaseUrl);
            return MlflowAddress.Parse($"{tracking.Scheme}://{authority}{tracking.AbsolutePath.TrimEnd('/')}").BaseUrl is { } other
                ? (other + ProxyRoute, path.Trim('/'))
                : null;
        }

        var at = uri.IndexOf(ProxyAnchor, StringComparison.Ordinal);
        return at >= 0 && uri.StartsWith("http", StringComparison.Ordinal) && MlflowAddress.Parse(uri[..(at + ProxyAnchor.Length)]).BaseUrl is { } proxy
            ? (proxy, Uri.UnescapeDataString(uri[(at + ProxyAnchor.Length)..].Trim('/')))
            : null;
    }

    // The server hands out what is below the artifacts of a run, whatever store they are in. Where it has no answer,
    // that was told already.
    private async Task<(string? Below, bool IsTold)> BelowRunAsync(string run, string uri, MlflowFound found, CancellationToken cancellationToken)
    {
        if (found.Version is null)
        {
            return (found.Path, false);
        }

        if (await new MlflowFinding(server, context).RunAsync(run, "", cancellationToken) is not { } of)
        {
            return (null, true);
        }

        var root = of.ArtifactUri.TrimEnd('/');
        if (uri == root)
        {
            return ("", false);
        }

        var isBelow = uri.StartsWith(root + "/", StringComparison.Ordinal) && LockedPath.Problem(uri[(root.Length + 1)..]) is null;
        return (isBelow ? uri[(root.Length + 1)..] : null, false);
    }

    // User names and signatures have no business in an artifact URI, but may be in one.
    internal static string WithoutSecrets(string uri)
    {
        var end = uri.IndexOfAny(['?', '#']);
        var shown = end < 0 ? uri : uri[..end];
        var authority = shown.IndexOf("://", StringComparison.Ordinal);
        var at = authority < 0 ? -1 : shown.IndexOf('@', authority);
        var slash = authority < 0 ? -1 : shown.IndexOf('/', authority + 3);
        // wasbs://container@account… has its container there; what has a colon is a password.
        return at > 0 && (slash < 0 || at < slash) && shown[(authority + 3)..at].Contains(':', StringComparison.Ordinal)
            ? shown[..(authority + 3)] + shown[(at + 1)..]
            : shown;
    }
}

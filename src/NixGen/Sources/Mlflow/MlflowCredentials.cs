using System.Collections.Immutable;
using System.Text;
using NixGen.Manifest;
using NixGen.Sources.Url;

namespace NixGen.Sources.Mlflow;

/// <summary>What a tracking server is shown: the token that the manifest names, or the password that its netrc file has for the host; else, as MLflow's own client has it, <c>MLFLOW_TRACKING_USERNAME</c> and <c>_PASSWORD</c> (from <c>~/.mlflow/credentials</c> where a variable is missing), else <c>MLFLOW_TRACKING_TOKEN</c>.</summary>
/// <param name="Token">What follows the scheme, or null.</param>
/// <param name="Scheme"><c>Bearer</c>, or <c>Basic</c>.</param>
/// <param name="Looked">The places that were looked at in vain; holds no secret.</param>
internal sealed record MlflowCredentials(Secret? Token, string Scheme, ImmutableArray<string> Looked)
{
    /// <summary>Looks in every place until there is something.</summary>
    /// <param name="auth">What the manifest states.</param>
    /// <param name="environment">The machine's variables.</param>
    /// <param name="baseUrl">The server's address.</param>
    /// <param name="isOwnServer">Whether <c>MLFLOW_TRACKING_URI</c> names this server. One that only the manifest names gets only what the manifest names too: whoever writes a manifest must not be sent the password of whoever builds it.</param>
    public static MlflowCredentials Find(AuthSettings auth, HostEnvironment environment, string baseUrl, bool isOwnServer)
    {
        var looked = ImmutableArray.CreateBuilder<string>();
        if (StatedToken.Find(auth, environment, looked) is { } token)
        {
            return new(token, "Bearer", looked.ToImmutable());
        }

        if (auth.NetrcFile is { } netrc && FromNetrc(environment.Expand(netrc), baseUrl, looked) is { } stated)
        {
            return new(stated, "Basic", looked.ToImmutable());
        }

        if (isOwnServer)
        {
            return Standard(environment, looked);
        }

        if (Standard(environment, ImmutableArray.CreateBuilder<string>()).Token is { } withheld)
        {
            looked.Add($"{withheld.Origin} (not sent to a server that only the manifest names; set MLFLOW_TRACKING_URI to it)");
        }

        return new(null, "Bearer", looked.ToImmutable());
    }

    private static Secret? FromNetrc(string file, string baseUrl, ImmutableArray<string>.Builder looked)
    {
        var host = Uri.TryCreate(baseUrl, UriKind.Absolute, out var url) ? url.Host : "";
        if (StatedToken.FromFile(file, looked) is not { } text)
        {
            return null;
        }

        if (Netrc.Find(text.Reveal(), host) is var (login, password))
        {
            return new(Convert.ToBase64String(Encoding.UTF8.GetBytes($"{login}:{password}")), $"the entry of {host} in the file {file}");
        }

        looked.Add($"{file} (nothing for {host})");
        return null;
    }

    private static MlflowCredentials Standard(HostEnvironment environment, ImmutableArray<string>.Builder looked)
    {
        var path = environment.HomeFolder is { } home ? Path.Combine(home, ".mlflow", "credentials") : null;
        var file = path is not null && StatedToken.FromFile(path, looked) is { } text ? MlflowCredentialsFile.Parse(text.Reveal()) : (null, null);
        var user = environment.Variable("MLFLOW_TRACKING_USERNAME") ?? file.User;
        var password = environment.Variable("MLFLOW_TRACKING_PASSWORD") ?? file.Password;
        if (user is not null && password is not null)
        {
            var origin = environment.Variable("MLFLOW_TRACKING_PASSWORD") is null ? $"the file {path}" : "the variable MLFLOW_TRACKING_PASSWORD";
            return new(new(Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")), origin), "Basic", looked.ToImmutable());
        }

        looked.Add("MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD (not both are set)");
        return new(StatedToken.FromVariable("MLFLOW_TRACKING_TOKEN", environment, looked), "Bearer", looked.ToImmutable());
    }
}

using System.Collections.Immutable;
using NixGen.Manifest;

namespace NixGen.Sources.HuggingFace;

/// <summary>Finds the token for a Hub, in the order of the Hub's own client behind what the manifest states: <c>tokenFile</c>, <c>tokenEnvVar</c>, <c>HF_TOKEN</c>, <c>HUGGING_FACE_HUB_TOKEN</c>, then the file <c>HF_TOKEN_PATH</c>, <c>$HF_HOME/token</c> or <c>~/.cache/huggingface/token</c>.</summary>
/// <param name="Token">The token, or null.</param>
/// <param name="Looked">The places that were looked at, each with what was found there; holds no secret.</param>
/// <param name="IsOwnHub">Whether the Hub is the machine's own, to which standard tokens go.</param>
internal sealed record HubCredentials(Secret? Token, ImmutableArray<string> Looked, bool IsOwnHub)
{
    /// <summary>Looks in every place until there is a token. Text is trimmed, and empty text is no token.</summary>
    /// <param name="auth">What the manifest states.</param>
    /// <param name="environment">The machine's variables.</param>
    /// <param name="isOwnHub">Whether the user's machine names this Hub. A Hub that only the manifest names gets only a token that the manifest names too: whoever writes a manifest must not be sent the token of whoever builds it.</param>
    public static HubCredentials Find(AuthSettings auth, HostEnvironment environment, bool isOwnHub)
    {
        var looked = ImmutableArray.CreateBuilder<string>();
        var token = StatedToken.Find(auth, environment, looked);
        if (token is null && isOwnHub)
        {
            token = Standard(environment, looked);
        }
        else if (token is null && Standard(environment, ImmutableArray.CreateBuilder<string>()) is { } withheld)
        {
            looked.Add($"{withheld.Origin} (not sent to an endpoint that only the manifest names; name it in 'auth' to send it)");
        }

        return new(token, looked.ToImmutable(), isOwnHub);
    }

    private static Secret? Standard(HostEnvironment environment, ImmutableArray<string>.Builder looked)
    {
        if (IsTrue(environment.Variable("HF_HUB_DISABLE_IMPLICIT_TOKEN")))
        {
            looked.Add("HF_HUB_DISABLE_IMPLICIT_TOKEN (set: the standard places are not used)");
            return null;
        }

        var fromVariable = StatedToken.FromVariable("HF_TOKEN", environment, looked)
            ?? StatedToken.FromVariable("HUGGING_FACE_HUB_TOKEN", environment, looked);
        return fromVariable ?? (StandardFile(environment) is { } path ? StatedToken.FromFile(path, looked) : null);
    }

    private static string? StandardFile(HostEnvironment environment)
    {
        if (environment.Variable("HF_TOKEN_PATH") is { } stated)
        {
            return environment.Expand(stated);
        }

        if (environment.Variable("HF_HOME") is { } home)
        {
            return Path.Combine(environment.Expand(home), "token");
        }

        return environment.CacheFolder is { } cache ? Path.Combine(cache, "huggingface", "token") : null;
    }

    private static bool IsTrue(string? value) => value?.ToUpperInvariant() is "1" or "ON" or "YES" or "TRUE";
}

using System.Collections.Immutable;
using System.Text;
using NixGen.Manifest;

namespace NixGen.Sources;

/// <summary>Finds the token that a manifest names: the first of <c>auth.tokenFile</c> and <c>auth.tokenEnvVar</c> that holds one. What makes a token is run by builds only.</summary>
public static class StatedToken
{
    private const int MaxTokenBytes = 64 * 1024;

    /// <summary>The token, or null.</summary>
    /// <param name="auth">What the manifest states.</param>
    /// <param name="environment">The machine's variables.</param>
    /// <param name="looked">Gets the places that were looked at in vain, each with what was found there; holds no secret.</param>
    public static Secret? Find(AuthSettings auth, HostEnvironment environment, ImmutableArray<string>.Builder looked)
    {
        if (auth.TokenFile is { } file && FromFile(environment.Expand(file), looked) is { } fromFile)
        {
            return fromFile;
        }

        if (auth.TokenEnvVar is { } variable && FromVariable(variable, environment, looked) is { } fromVariable)
        {
            return fromVariable;
        }

        if (auth.MakesToken)
        {
            looked.Add($"{(auth.AuthScript is null ? "tokenRefresh.command" : "authScript")} (only builds run it)");
        }

        return null;
    }

    /// <summary>The trimmed text of a variable, or null where it is unset or empty.</summary>
    public static Secret? FromVariable(string name, HostEnvironment environment, ImmutableArray<string>.Builder looked)
    {
        var token = environment.Variable(name)?.Trim();
        if (string.IsNullOrEmpty(token))
        {
            looked.Add($"{name} ({(token is null ? "not set" : "empty")})");
            return null;
        }

        return new(token, $"the variable {name}");
    }

    /// <summary>The trimmed text of a file, at most 64 KiB of it, or null where it can't be read or is empty.</summary>
    public static Secret? FromFile(string path, ImmutableArray<string>.Builder looked)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            var buffer = new byte[MaxTokenBytes];
            var length = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            var token = Encoding.UTF8.GetString(buffer, 0, length).Trim();
            if (token.Length > 0)
            {
                return new(token, $"the file {path}");
            }

            looked.Add($"{path} (empty)");
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            looked.Add($"{path} (not there)");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            looked.Add($"{path} (can't be read)");
        }

        return null;
    }
}

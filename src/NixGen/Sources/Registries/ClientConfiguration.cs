using System.Collections.Immutable;
using System.Text;
using System.Text.Json;

namespace NixGen.Sources.Registries;

/// <summary>The files in which clients of registries keep names and passwords: <c>config.json</c> of Docker, and <c>auth.json</c> of podman, skopeo and buildah (containers-auth.json(5)).</summary>
internal static class ClientConfiguration
{
    private const int MaxBytes = 1024 * 1024;

    /// <summary>The files, in the order in which they are looked at.</summary>
    public static IEnumerable<string> FilesOf(HostEnvironment environment)
    {
        if (environment.Variable("REGISTRY_AUTH_FILE") is { } stated)
        {
            yield return stated;
        }

        if (environment.Variable("XDG_RUNTIME_DIR") is { } runtime)
        {
            yield return Path.Combine(runtime, "containers", "auth.json");
        }

        if (environment.Variable("DOCKER_CONFIG") is { } folder)
        {
            yield return Path.Combine(folder, "config.json");
        }
        else if (environment.HomeFolder is { } home)
        {
            yield return Path.Combine(home, ".docker", "config.json");
        }
    }

    /// <summary><c>name:password</c> of a registry, or null; what was looked at in vain is added.</summary>
    public static Secret? Login(string file, string host, string repository, ImmutableArray<string>.Builder looked)
    {
        if (Read(file, looked) is not { } document)
        {
            return null;
        }

        using (document)
        {
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
            {
                looked.Add($"{file} (not understood)");
                return null;
            }

            if (Entry(root, host, repository) is { } entry && LoginOf(entry) is { } login)
            {
                return new(login, $"the file {file}");
            }

            looked.Add(KeepsElsewhere(root, host) is { } program
                ? $"{file} (kept by the program docker-credential-{program}, which isn't run)"
                : $"{file} (nothing for {host})");
            return null;
        }
    }

    private static JsonDocument? Read(string file, ImmutableArray<string>.Builder looked)
    {
        try
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            var buffer = new byte[MaxBytes];
            return JsonDocument.Parse(buffer.AsMemory(0, stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false)));
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            looked.Add($"{file} (not there)");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            looked.Add($"{file} (can't be read)");
        }

        return null;
    }

    // The entry for the longest part of the name wins: `host/org` before `host`.
    private static JsonElement? Entry(JsonElement root, string host, string repository)
    {
        if (!root.TryGetProperty("auths", out var auths) || auths.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        var name = $"{host}/{repository}";
        JsonElement? best = null;
        var length = 0;
        foreach (var entry in auths.EnumerateObject())
        {
            var key = Plain(entry.Name);
            if (key.Length > length && (name == key || name.StartsWith(key + "/", StringComparison.Ordinal)))
            {
                (best, length) = (entry.Value, key.Length);
            }
        }

        return best;
    }

    private static string? LoginOf(JsonElement entry)
    {
        if (entry.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        if (RegistryDescriptor.Text(entry, "username") is { Length: > 0 } name && RegistryDescriptor.Text(entry, "password") is { Length: > 0 } password)
        {
            return $"{name}:{password}";
        }

        try
        {
            var login = Encoding.UTF8.GetString(Convert.FromBase64String(RegistryDescriptor.Text(entry, "auth") ?? ""));
            return login.IndexOf(':', StringComparison.Ordinal) > 0 ? login.TrimEnd('\0') : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static string? KeepsElsewhere(JsonElement root, string host)
    {
        if (root.TryGetProperty("credHelpers", out var helpers) && helpers.ValueKind == JsonValueKind.Object)
        {
            foreach (var helper in helpers.EnumerateObject())
            {
                if (Plain(helper.Name) == host && helper.Value.ValueKind == JsonValueKind.String)
                {
                    return helper.Value.GetString();
                }
            }
        }

        return RegistryDescriptor.Text(root, "credsStore");
    }

    // Keys were URLs once, and the Docker Hub's still is.
    private static string Plain(string key)
    {
        var at = key.IndexOf("://", StringComparison.Ordinal);
        var plain = (at < 0 ? key : key[(at + 3)..]).TrimEnd('/');
        foreach (var version in (ReadOnlySpan<string>)["/v1", "/v2"])
        {
            if (at >= 0 && plain.EndsWith(version, StringComparison.Ordinal))
            {
                plain = plain[..^version.Length];
            }
        }

        return plain is "index.docker.io" or "registry-1.docker.io" ? "docker.io" : plain;
    }
}

using System.Text.Json;

namespace NixGen.Testing.Oci;

/// <summary>Debian's <c>skopeo</c>: a client of registries that shares no code with the project.</summary>
public static class Skopeo
{
    /// <summary>The manifest's bytes as the client sees them; throws where it is refused.</summary>
    public static async Task<string> ManifestAsync(string reference, string? credentials = null) =>
        (await RunAsync(["inspect", "--raw", .. Options("", credentials), "docker://" + reference])).OrThrow("skopeo inspect").Output;

    /// <summary>Copies an artifact to a folder: <c>manifest.json</c>, and each blob under its hexadecimal digest.</summary>
    public static Task<ProcessResult> CopyAsync(string reference, string folder, string? credentials = null) =>
        RunAsync(["copy", "--quiet", .. Options("src-", credentials), "docker://" + reference, "dir:" + folder]);

    /// <summary>The tags of a repository.</summary>
    public static async Task<string[]> TagsAsync(string repository)
    {
        var said = (await RunAsync(["list-tags", .. Options("", null), "docker://" + repository])).OrThrow("skopeo list-tags").Output;
        using var document = JsonDocument.Parse(said);
        return [.. document.RootElement.GetProperty("Tags").EnumerateArray().Select(tag => tag.GetString() ?? "")];
    }

    // Neither settings nor credentials of the machine have a say.
    private static async Task<ProcessResult> RunAsync(IEnumerable<string> arguments)
    {
        using var home = new TemporaryFolder();
        return await ProcessRunner.RunAsync(
            "skopeo",
            ["--insecure-policy", .. arguments],
            [new("HOME", home.Path), new("XDG_RUNTIME_DIR", home.Path), new("REGISTRY_AUTH_FILE", home.At("none.json")), new("PATH", Environment.GetEnvironmentVariable("PATH"))],
            clean: true);
    }

    private static IEnumerable<string> Options(string prefix, string? credentials) =>
        credentials is null
            ? [$"--{prefix}tls-verify=false", $"--{prefix}no-creds"]
            : [$"--{prefix}tls-verify=false", $"--{prefix}creds={credentials}"];
}

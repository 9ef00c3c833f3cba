using System.Security.Cryptography;
using System.Text.Json.Nodes;
using NixGen.EndToEnd.Runtime;
using NixGen.Testing.Files;
using NixGen.Testing.Hub;
using Xunit;

namespace NixGen.EndToEnd.Fetching;

/// <summary>What a definition says of downloads, done by real builds.</summary>
[Collection(RuntimeNixGroup.Name)]
public sealed class EngineInNixTests(RuntimeNix runtime) : FetcherFixture
{
    [Fact]
    public async Task A_large_file_comes_in_parts()
    {
        var large = HubFile.Generated("large.safetensors", 80_000_000, seed: 401);
        var repository = new HubRepository("example/large");
        repository.Commit("c", [large]);
        Hub.Add(repository);
        // Each connection is limited, as content networks do it.
        Hub.Faults.OnContent("large.safetensors", HubFault.Throttle(20_000_000));
        var path = await runtime.BuildAsync(runtime.Model(Definitions.Unexamined(Definitions.HuggingFace(Hub, repository, "large"))));
        var ranges = Ranges(Contents);
        Assert.True(ranges.Count >= 8);
        Assert.Equal(80_000_000 - 1, ranges.Max(range => range.Last));
        Assert.Equal(large.Content.Sha256, HashOf(path, repository, "large.safetensors"));
    }

    [Fact]
    public async Task A_mirror_serves_what_the_source_no_longer_has()
    {
        var file = HubFile.Lfs("model.bin", [4, 0, 2]);
        var repository = new HubRepository("example/mirrored");
        repository.Commit("c", [file]);
        Hub.Add(repository);
        var definition = Definitions.HuggingFace(Hub, repository, "mirrored");
        Hub.Remove(repository);
        await using var mirror = await FileServer.StartAsync();
        mirror.Contents[$"/models/sha256/{file.Content.Sha256}"] = [4, 0, 2];
        definition["network"] = new JsonObject { ["mirrors"] = new JsonArray(new JsonObject { ["hashed"] = mirror.Url + "/models" }) };
        var path = await runtime.BuildAsync(runtime.Model(definition));
        Assert.Equal(file.Content.Sha256, HashOf(path, repository, "model.bin"));
    }

    [Fact]
    public async Task A_build_goes_on_with_what_an_earlier_one_left()
    {
        var large = HubFile.Generated("large.safetensors", 5_000_000, seed: 403);
        var repository = new HubRepository("example/kept");
        repository.Commit("c", [large]);
        Hub.Add(repository);
        var folder = Path.Combine(runtime.Nix.Root, "partial");
        Directory.CreateDirectory(folder);
        if (!OperatingSystem.IsWindows())
            System.IO.File.SetUnixFileMode(folder, (UnixFileMode)0b111_111_111);
        var definition = Definitions.Unexamined(Definitions.HuggingFace(Hub, repository, "kept"));
        definition["onDownloadFailure"] = new JsonObject { ["action"] = "persist", ["persistPath"] = "/var/cache/models" };
        string[] visible = ["--option", "extra-sandbox-paths", $"/var/cache/models={folder}"];

        Hub.Faults.OnContent("large.safetensors", HubFault.Truncate(2_000_000), times: 1);
        Hub.Faults.OnContent("large.safetensors", HubFault.Status(404));
        var failed = await runtime.Nix.TryBuildAsync(RuntimeNix.Expression(runtime.Model(definition)), options: visible);
        Assert.False(failed.Succeeded);
        Assert.Contains("are kept in /var/cache/models", failed.Errors, StringComparison.Ordinal);

        Hub.Faults.Clear();
        Hub.Log.Clear();
        var built = (await runtime.Nix.TryBuildAsync(RuntimeNix.Expression(runtime.Model(definition)), options: visible)).OrThrow("build");
        Assert.Contains("that an earlier build left in /var/cache/models", built.Errors, StringComparison.Ordinal);
        Assert.InRange(Contents.Sum(request => request.BytesSent), 1, 3_000_000);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder));
    }

    [Fact]
    public async Task A_script_of_the_definition_makes_the_token_within_a_build()
    {
        var file = HubFile.Lfs("model.bin", [4, 0, 4]);
        var repository = new HubRepository("example/scripted") { IsPrivate = true };
        repository.Members.Add("member");
        repository.Commit("c", [file]);
        Hub.Add(repository);
        Hub.AddToken(new HubToken("hf_scripted", "member"));
        var definition = Definitions.HuggingFace(Hub, repository, "scripted");
        definition["auth"] = new JsonObject { ["authScript"] = "printf 'AUTH_HEADER=\"Bearer hf_%s\"\\n' scripted" };
        var path = await runtime.BuildAsync(runtime.Model(definition));
        Assert.Equal(file.Content.Sha256, HashOf(path, repository, "model.bin"));
    }

    private string HashOf(string storePath, HubRepository repository, string file)
    {
        var path = runtime.Nix.Physical($"{storePath}/snapshots/{repository.Head.Id}/{file}");
        return Convert.ToHexStringLower(SHA256.HashData(System.IO.File.ReadAllBytes(path)));
    }
}

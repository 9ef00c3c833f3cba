using NixGen.Diagnostics;
using NixGen.Resolve;
using NixGen.Testing.Git;
using Xunit;

namespace NixGen.EndToEnd.Git;

/// <summary>Repositories are locked from their pointers: no weights, no history.</summary>
public sealed class GitLockingTests : GitLockingFixture
{
    private static readonly GitEntry[] _files =
    [
        GitEntry.Text(".gitattributes", "*.safetensors filter=lfs -text\n"),
        GitEntry.Text("config.json", "{\"a\": 1}\n"),
        GitEntry.Lfs("model.safetensors", new byte[5_000_000]),
        GitEntry.Text("tokenizer.json", new string('t', 5_000)),
        GitEntry.Lfs("ünï/with space+=%.safetensors", [1, 2, 3]),
    ];

    [Fact]
    public async Task A_branch_is_locked_by_its_pointers_and_no_weight_is_transferred()
    {
        var repository = await Server.CreateAsync("org/model");
        await repository.ImportAsync([GitEntry.Text("history.txt", new string('h', 100_000)), GitEntry.Text("old/big.bin", new string('o', 2_000_000))]);
        await repository.ImportAsync([GitEntry.Deleted("old/big.bin"), GitEntry.Deleted("history.txt"), .. _files]);
        var locked = await LockAsync(Model(repository.Url));
        Assert.Equal(_files.Select(Of), Of(locked));
        Assert.Equal(await repository.CommitOfAsync("main"), locked.Resolved.Revision);
        Assert.Equal((repository.Url, repository.Url + "/info/lfs"), (locked.Resolved.Endpoint, locked.Resolved.Storage));
        Assert.Equal($"{new Uri(Server.Url).Authority}/org/model", locked.Resolved.Id);
        Assert.Equal("2023-11-14T22:13:20Z", locked.Resolved.CommitDate);
        Assert.Empty(Server.Log.Of(GitRequestKind.Storage));
        Assert.Single(Server.Log.Of(GitRequestKind.Batch));
        Assert.InRange(Server.Log.BytesSent, 1, 20_000);
    }

    [Theory]
    [InlineData("gguf: q4_k_m", "mmproj-F16.gguf model-Q4_K_M.gguf")]
    [InlineData("gguf: { quant: Q8_0, mmproj: none }, files: [README.md, '*.gguf']", "README.md model-Q8_0.gguf")]
    [InlineData("format: safetensors", "README.md model.safetensors")]
    public async Task Weights_are_chosen_as_from_every_source(string choice, string expected)
    {
        var repository = await Server.CreateAsync("choice");
        await repository.ImportAsync(
        [
            GitEntry.Text("README.md", "# model\n"), GitEntry.Lfs("model-Q4_K_M.gguf", Bytes("four")), GitEntry.Lfs("model-Q8_0.gguf", Bytes("eight")),
            GitEntry.Lfs("mmproj-F16.gguf", Bytes("eyes")), GitEntry.Lfs("model.safetensors", Bytes("tensors")),
        ]);
        foreach (var kind in new[] { "git-lfs", "git-xet" })
            Assert.Equal(expected.Split(' '), (await LockAsync(Model(repository.Url, rest: ", " + choice, kind: kind))).Files.Select(file => file.Path));
    }

    [Fact]
    public async Task A_quantization_that_is_not_there_is_an_error_with_what_there_is()
    {
        var repository = await Server.CreateAsync("lacks");
        await repository.ImportAsync([GitEntry.Lfs("model-Q8_0.gguf", Bytes("eight"))]);
        var error = await Run.FailAsync("NG3140", Model(repository.Url, rest: ", gguf: Q4_K_M"));
        Assert.Contains("Q8_0", error.Message + error.Actual + error.Expected + error.Help, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_git_lfs_pushes_is_locked_with_the_hashes_of_its_content()
    {
        var repository = await Server.CreateAsync("pushed");
        using (var writer = await repository.CloneAsync())
        {
            await writer.GitAsync("lfs", "track", "*.bin");
            writer.Write("a/weights.bin", Bytes("weights"));
            writer.Write("empty.bin", []);
            await writer.PushAsync();
        }

        var locked = await LockAsync(Model(repository.Url));
        Assert.Equal(
            [(".gitattributes", false), ("a/weights.bin", true), ("empty.bin", false)],
            locked.Files.Select(file => (file.Path, file.Blob == file.Sha256.Hex)));
        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData("weights"u8)), locked.Files[1].Sha256.Hex);
    }

    [Fact]
    public async Task A_tag_leads_to_its_commit_and_a_branch_of_the_same_name_does_not()
    {
        var repository = await Server.CreateAsync("tags");
        var first = await repository.ImportAsync([GitEntry.Text("a", "1")]);
        await repository.GitAsync("tag", "--annotate", "--message", "x", "v1", first);
        var second = await repository.ImportAsync([GitEntry.Text("a", "2")]);
        await repository.GitAsync("branch", "v1", second);
        Assert.Equal(first, (await LockAsync(Model(repository.Url, "v1"))).Resolved.Revision);
        Assert.Equal(second, (await LockAsync(Model(repository.Url, "refs/heads/v1"))).Resolved.Revision);
        Assert.Equal(first, (await LockAsync(Model(repository.Url, first))).Resolved.Revision);
        Assert.Equal(second, (await LockAsync($"m: \"git+{repository.Url}\"")).Resolved.Revision);
        Assert.Equal(first, (await LockAsync($"m: \"git+{repository.Url}?rev=v1\"")).Resolved.Revision);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_server_without_filters_or_without_version_2_is_locked_all_the_same(bool speaksVersion2)
    {
        var repository = await Server.CreateAsync("plain");
        await repository.GitAsync("config", "uploadpack.allowFilter", "false");
        Server.SpeaksVersion2 = speaksVersion2;
        var old = await repository.ImportAsync(_files);
        await repository.ImportAsync([GitEntry.Text("config.json", "{}")]);
        Assert.Equal(_files.Select(Of), Of(await LockAsync(Model(repository.Url, old))));
        Assert.Equal(_files.Length, (await LockAsync(Model(repository.Url))).Files.Length);
        Assert.Empty(Server.Log.Of(GitRequestKind.Storage));
    }

    [Fact]
    public async Task Files_of_a_folder_are_selected_and_lose_its_name()
    {
        var repository = await Server.CreateAsync("folders");
        await repository.ImportAsync([.. _files, GitEntry.Text("models/bert/config.json", "{}"), GitEntry.Text("models/bert/deep/a.txt", "a"), GitEntry.Text("models/bertha/no", "")]);
        Assert.Equal(["config.json", "deep/a.txt"], (await LockAsync(Model(repository.Url, rest: ", subdir: models/bert/"))).Files.Select(file => file.Path));
        Assert.Equal(["deep/a.txt"], (await LockAsync($"m: \"git+{repository.Url}?subdir=models%2Fbert&rev=main\"", "n: \"git+" + repository.Url + "\"")).Files.Select(file => file.Path).Where(path => path != "config.json"));
        Assert.Equal(["model.safetensors"], (await LockAsync(Model(repository.Url, rest: ", lfsFiles: [\"model.*\"]"))).Files.Select(file => file.Path));
        Assert.Contains("'models/bert'", (await Run.FailAsync("NG3408", Model(repository.Url, rest: ", subdir: models/berd"))).Help, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Links_to_files_are_those_files_and_other_links_and_submodules_are_left_out()
    {
        var repository = await Server.CreateAsync("links");
        var weights = GitEntry.Lfs("weights/w.bin", [4, 5]);
        await repository.ImportAsync(
        [
            weights,
            GitEntry.Link("a/model.bin", "../b"),
            GitEntry.Link("b", "./weights//w.bin"),
            GitEntry.Link("outside", "../../etc/passwd"),
            GitEntry.Link("absolute", "/etc/passwd"),
            GitEntry.Link("folder", "weights"),
            GitEntry.Link("circle", "circle"),
            GitEntry.Submodule("module", "1234567890123456789012345678901234567890"),
        ]);
        var outcome = await Run.LockAsync(Model(repository.Url));
        var locked = outcome.Lock.Models["m"];
        Assert.Equal(["a/model.bin", "b", "weights/w.bin"], locked.Files.Select(file => file.Path));
        Assert.All(locked.Files, file => Assert.Equal(weights.Sha256, file.Sha256.Hex));
        Assert.Equal(["absolute", "circle", "folder", "outside"], outcome.Diagnostics.Where(item => item.Code == "NG3410").Select(item => item.Message.Split('\'')[1]).Order(StringComparer.Ordinal));
        Assert.Single(outcome.Diagnostics, item => item.Code == "NG3411" && item.Severity == Severity.Warning);
    }

    [Fact]
    public async Task An_update_without_news_fetches_nothing_and_one_with_news_fetches_only_what_is_new()
    {
        var repository = await Server.CreateAsync("updates");
        await repository.ImportAsync(_files);
        Run.Keep(await Run.SucceedAsync(Model(repository.Url)));
        Run.Options = new LockOptions { Update = true };
        Server.Log.Clear();
        Assert.Equal(ModelOutcomeKind.Unchanged, (await Run.LockAsync(Model(repository.Url))).Models[0].Kind);
        Assert.Equal(2, Server.Log.Snapshot().Length);

        var changed = GitEntry.Text("config.json", "{\"b\": 2}\n");
        await repository.ImportAsync([changed]);
        Server.Log.Clear();
        var locked = await LockAsync(Model(repository.Url));
        Assert.Equal(_files.Select(file => file.Path == changed.Path ? changed : file).Select(Of), Of(locked));
        Assert.Empty(Server.Log.Of(GitRequestKind.Storage));
        Assert.InRange(Server.Log.BytesSent, 1, 5_000);
    }

    [Fact]
    public async Task A_tag_that_moved_stays_locked_until_an_update_and_then_is_told_of()
    {
        var repository = await Server.CreateAsync("moved");
        var first = await repository.ImportAsync([GitEntry.Text("a", "1")]);
        await repository.GitAsync("tag", "v1", first);
        Run.Keep(await Run.SucceedAsync(Model(repository.Url, "v1")));
        var second = await repository.ImportAsync([GitEntry.Text("a", "2")]);
        await repository.GitAsync("tag", "--force", "v1", second);
        Assert.Equal(first, (await LockAsync(Model(repository.Url, "v1"))).Resolved.Revision);
        Run.Options = new LockOptions { Update = true };
        var outcome = await Run.LockAsync(Model(repository.Url, "v1"));
        var warning = Assert.Single(outcome.Diagnostics);
        Assert.Equal(("NG3417", Severity.Warning, first, second), (warning.Code, warning.Severity, warning.Expected, warning.Actual));
        Assert.Equal(second, outcome.Lock.Models["m"].Resolved.Revision);
    }

    [Fact]
    public async Task Ten_thousand_files_are_locked_in_some_ten_requests()
    {
        var repository = await Server.CreateAsync("many");
        var files = Enumerable.Range(0, 10_000).Select(index =>
            index % 20 == 0 ? GitEntry.Lfs($"w/{index:D5} +=%ü.bin", BitConverter.GetBytes(index)) : GitEntry.Text($"t/{index % 37}/{index:D5}", $"{index / 4}\n"));
        var entries = files.ToArray();
        await repository.ImportAsync(entries);
        var locked = await LockAsync(Model(repository.Url));
        Assert.Equal(entries.Select(Of).OrderBy(file => file.Path, StringComparer.Ordinal), Of(locked));
        Assert.Equal(5, Server.Log.Of(GitRequestKind.Batch).Length);
        Assert.InRange(Server.Log.Of(GitRequestKind.Git).Length, 1, 8);
        Assert.Empty(Server.Log.Of(GitRequestKind.Storage));
    }

    [Fact]
    public async Task A_repository_on_the_disk_is_locked_with_the_objects_beside_it()
    {
        var repository = await Server.CreateAsync("on disk+ü");
        await repository.ImportAsync(_files);
        var url = "file://" + string.Join('/', repository.Folder.Split('/').Select(Uri.EscapeDataString));
        var locked = await LockAsync(Model(url));
        Assert.Equal(_files.Select(Of), Of(locked));
        Assert.Null(locked.Resolved.Endpoint);
        Assert.Equal(url + "/lfs/objects", locked.Resolved.Storage);
        Assert.Empty(Server.Log.Snapshot());
        File.Delete(LfsStorage.PathOf(repository.Folder, _files[2].Sha256));
        Assert.Contains("model.safetensors", (await Run.FailAsync("NG3414", Model(url))).Message, StringComparison.Ordinal);
    }
}

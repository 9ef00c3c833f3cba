using System.Text;
using NixGen.Testing.Git;
using Xunit;

namespace NixGen.EndToEnd.Git;

/// <summary>The real git and git-lfs clients find the loopback git host to be one.</summary>
public sealed class GitServerTests : IAsyncLifetime
{
    private GitServer? started;

    private GitServer Server => started ?? throw new InvalidOperationException("Not started.");

    public async Task InitializeAsync() => started = await GitServer.StartAsync();

    public async Task DisposeAsync() => await Server.DisposeAsync();

    [Fact]
    public async Task What_one_client_pushes_with_lfs_another_clones()
    {
        var repository = await Server.CreateAsync("models/pushed");
        var weights = Encoding.UTF8.GetBytes("weights of the pushed model\n");
        string commit;
        using (var writer = await repository.CloneAsync())
        {
            await writer.GitAsync("lfs", "track", "*.bin");
            writer.Write("model.bin", weights);
            writer.Write("sub folder/ü+=%.json", "{}"u8.ToArray());
            commit = await writer.PushAsync();
        }

        Assert.Equal(commit, await repository.CommitOfAsync("main"));
        Assert.StartsWith("version https://git-lfs.github.com/spec/v1\noid sha256:", await repository.GitAsync("cat-file", "blob", "main:model.bin"), StringComparison.Ordinal);
        Assert.Contains(Server.Log.Of(GitRequestKind.Storage), request => request.Method == "PUT");
        Server.Log.Clear();

        using var reader = await repository.CloneAsync();
        Assert.Equal(weights, reader.Read("model.bin"));
        Assert.Equal("{}"u8.ToArray(), reader.Read("sub folder/ü+=%.json"));
        Assert.All(Server.Log.Of(GitRequestKind.Storage), request => Assert.Equal((200, (long)weights.Length), (request.Status, request.BytesSent)));
        Assert.Single(Server.Log.Of(GitRequestKind.Storage));
    }

    [Fact]
    public async Task What_is_imported_a_client_clones()
    {
        var repository = await Server.CreateAsync("imported");
        var file = GitEntry.Lfs("weights/model.safetensors", Encoding.UTF8.GetBytes("imported weights\n"));
        var link = GitEntry.Link("link", "weights/model.safetensors");
        await repository.ImportAsync([GitEntry.Text(".gitattributes", "*.safetensors filter=lfs diff=lfs merge=lfs -text\n"), file, link, GitEntry.Text("a \"b\"\\\tc", "odd\n")]);
        using var reader = await repository.CloneAsync();
        Assert.Equal(file.Content, reader.Read(file.Path));
        Assert.Equal(file.Content, reader.Read(link.Path));
        Assert.Equal("odd\n"u8.ToArray(), reader.Read("a \"b\"\\\tc"));
    }

    [Fact]
    public async Task A_closed_host_lets_the_client_in_that_knows_the_password()
    {
        var repository = await Server.CreateAsync("closed");
        await repository.ImportAsync([GitEntry.Text(".gitattributes", "*.bin filter=lfs -text\n"), GitEntry.Lfs("m.bin", [7, 8, 9])]);
        Server.Login = new GitLogin("reader", "open-sesame");
        using var reader = await repository.CloneAsync("reader", "open-sesame");
        Assert.Equal([7, 8, 9], reader.Read("m.bin"));
        Assert.Contains(Server.Log.Snapshot(), request => request is { Kind: GitRequestKind.Git, Status: 401 });
        Assert.All(Server.Log.Of(GitRequestKind.Storage), request => Assert.StartsWith("Ticket ", request.Authorization, StringComparison.Ordinal));
        await Assert.ThrowsAsync<InvalidOperationException>(() => repository.CloneAsync("reader", "wrong"));
    }

    [Fact]
    public async Task An_object_that_is_missing_fails_the_clients_checkout()
    {
        var repository = await Server.CreateAsync("missing");
        await repository.ImportAsync([GitEntry.Text(".gitattributes", "*.bin filter=lfs -text\n"), GitEntry.Lfs("m.bin", [1, 2], isStored: false)]);
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => repository.CloneAsync());
        Assert.Contains("Object does not exist", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Links_expire_and_the_client_says_so()
    {
        var repository = await Server.CreateAsync("expired");
        await repository.ImportAsync([GitEntry.Text(".gitattributes", "*.bin filter=lfs -text\n"), GitEntry.Lfs("m.bin", [3, 4])]);
        Server.Lfs.LinkLifetime = TimeSpan.Zero;
        await Assert.ThrowsAsync<InvalidOperationException>(() => repository.CloneAsync());
        Assert.Contains(Server.Log.Of(GitRequestKind.Storage), request => request.Status == 403);
    }

    [Fact]
    public async Task Without_version_2_only_what_refs_point_at_can_be_asked_for()
    {
        var repository = await Server.CreateAsync("old");
        var first = await repository.ImportAsync([GitEntry.Text("a", "1")]);
        await repository.ImportAsync([GitEntry.Text("a", "2")]);
        Assert.True((await FetchAsync(first)).Succeeded);
        Server.SpeaksVersion2 = false;
        Assert.Contains("unadvertised object", (await FetchAsync(first)).Errors, StringComparison.Ordinal);

        async Task<NixGen.Testing.ProcessResult> FetchAsync(string commit)
        {
            using var folder = new NixGen.Testing.TemporaryFolder();
            await GitProgram.RunAsync(folder.Path, folder.Path, "init", "--quiet", "--bare", ".");
            return await GitProgram.TryAsync(folder.Path, folder.Path, "", ["fetch", "--depth", "1", repository.Url, commit]);
        }
    }
}

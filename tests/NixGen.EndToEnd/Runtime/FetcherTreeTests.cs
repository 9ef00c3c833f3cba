using NixGen.Testing;
using NixGen.Testing.Hub;
using Xunit;

namespace NixGen.EndToEnd.Runtime;

/// <summary>The fetcher lists a repository as the Hub's own client does, and takes no name on trust.</summary>
public sealed class FetcherTreeTests : IAsyncLifetime
{
    private LoopbackHub? started;

    private LoopbackHub Hub => started ?? throw new InvalidOperationException("Not started.");

    public async Task InitializeAsync() => started = await LoopbackHub.StartAsync();

    public async Task DisposeAsync() => await Hub.DisposeAsync();

    [Fact]
    public async Task Folders_and_all_pages_are_listed()
    {
        Hub.PageSize = 3;
        var repository = Hub.Add(HubFixtures.TinyModel());
        Assert.Equal(Paths(repository), await FetchAsync(repository));
        Assert.True(Hub.Log.Of(HubRequestKind.Api).Length >= 3);
    }

    [Fact]
    public async Task Awkward_names_are_fetched_under_their_own_names()
    {
        var repository = Hub.Add(HubFixtures.AwkwardModel());
        using var run = FetcherRun.OfTree(Hub, repository);
        (await run.RunAsync()).OrThrow("fetch");
        foreach (var (path, entry) in repository.Head.Tree.Files)
            Assert.Equal(((HubContent.InMemory)entry.File.Content).Bytes, await File.ReadAllBytesAsync(Path.Combine(run.Out, path)));
        Assert.Equal(Paths(repository), Listing(run.Out));
    }

    [Theory]
    [InlineData(HubRepositoryKind.Dataset)]
    [InlineData(HubRepositoryKind.Space)]
    public async Task Datasets_and_spaces_have_addresses_of_their_own(HubRepositoryKind kind)
    {
        var repository = Hub.Add(new HubRepository("example/data", kind));
        repository.Commit("c", [HubFile.Text("README.md", "x\n"), HubFile.Lfs("data/train.bin", [1, 2, 3])]);
        Assert.Equal(Paths(repository), await FetchAsync(repository));
    }

    [Theory]
    [InlineData("*.json", "", "a.json,b/c.json,b/d[1].json,b/ü.json")]
    [InlineData("b/*", "", "b/c.json,b/d[1].json,b/e.bin,b/ü.json")]
    [InlineData("b/", "", "b/c.json,b/d[1].json,b/e.bin,b/ü.json")]
    [InlineData("", "*.json", "A.JSON,b/e.bin")]
    [InlineData("*.json\n*.bin", "b/c*", "a.json,b/d[1].json,b/e.bin,b/ü.json")]
    [InlineData("?.json", "", "a.json")]
    [InlineData("b/?.json", "", "b/c.json,b/ü.json")]
    [InlineData("[ab].json", "", "a.json")]
    [InlineData("b/[!c].*", "", "b/e.bin,b/ü.json")]
    [InlineData("b/d[[]1].json", "", "b/d[1].json")]
    [InlineData("b/d[1].json\na.json", "", "a.json")]
    [InlineData("[", "", null)]
    [InlineData("a.js(on)\na+.json\n@(a).json", "", null)]
    public async Task Patterns_are_those_of_the_Hub(string include, string exclude, string? expected)
    {
        var repository = Hub.Add(new HubRepository("example/patterns"));
        repository.Commit("c", new[] { "a.json", "A.JSON", "b/c.json", "b/d[1].json", "b/e.bin", "b/ü.json" }.Select(path => HubFile.Text(path, path)));
        using var run = FetcherRun.OfTree(Hub, repository);
        run.Variables["fetch_include"] = include;
        run.Variables["fetch_exclude"] = exclude;
        var result = await run.RunAsync();
        if (expected is null)
        {
            Assert.Contains("✗ Error: No file is selected", result.Errors, StringComparison.Ordinal);
            return;
        }

        result.OrThrow("fetch");
        Assert.Equal(expected.Split(','), Listing(run.Out));
    }

    [Theory]
    [InlineData("../../etc/x")]
    [InlineData("/abs")]
    [InlineData("a//b")]
    [InlineData(".git/config")]
    [InlineData("sub/.GIT/config")]
    [InlineData("folder/../../x")]
    [InlineData("./dot")]
    [InlineData("line\nbreak")]
    [InlineData("nul\0byte")]
    [InlineData("tab\tstop")]
    public async Task Names_that_lead_elsewhere_are_refused(string path)
    {
        var repository = Hub.Add(HubFixtures.HostileModel(path));
        using var run = FetcherRun.OfTree(Hub, repository);
        var result = await run.RunAsync();
        Assert.Equal(1, result.ExitCode);
        Assert.False(Directory.Exists(run.Out));
        Assert.Empty(Hub.Log.Of(HubRequestKind.Resolve));
    }

    [Fact]
    public async Task A_list_that_continues_on_another_server_is_refused()
    {
        Hub.PageSize = 3;
        Hub.LinkOrigin = "https://huggingface.invalid";
        var result = await FailAsync(Hub.Add(HubFixtures.TinyModel()));
        Assert.Contains("The list of files continues on another server", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_list_that_leads_in_a_circle_ends()
    {
        using var server = new RawServer("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\nLink: </again>; rel=\"next\"\r\n\r\n[]"u8.ToArray());
        using var run = FetcherRun.OfTree(Hub, Hub.Add(HubFixtures.TinyModel()));
        run.Variables["fetch_endpoint"] = server.Url;
        run.Variables["fetch_most_pages"] = "3";
        var result = await run.RunAsync();
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("The list of files has no end", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_can_not_drive_the_terminal()
    {
        var repository = Hub.Add(HubFixtures.HostileModel("\u009b31m ünï.txt"));
        using var run = FetcherRun.OfTree(Hub, repository);
        run.Variables["fetch_small_file"] = "0"; // a file of its own has a line of its own
        var result = (await run.RunAsync()).OrThrow("fetch");
        Assert.DoesNotContain(result.Errors, character => char.IsControl(character) && character != '\n');
        Assert.Contains("ünï.txt", result.Errors, StringComparison.Ordinal);
        Assert.Contains("\u009b31m ünï.txt", Listing(run.Out));
    }

    [Fact]
    public async Task Hashes_that_are_kept_back_are_named()
    {
        var repository = Hub.Add(HubFixtures.TinyModel());
        repository.Gate = HubGate.Auto;
        repository.RedactsHashes = true;
        Assert.Contains("is hidden", (await FailAsync(repository)).Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_list_that_is_no_list_is_named()
    {
        Hub.Faults.OnApi("tree", HubFault.HtmlPage());
        Assert.Contains("The list of files can't be understood", (await FailAsync(Hub.Add(HubFixtures.TinyModel()))).Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("config.json", "does not match its Git object")]
    [InlineData("model.safetensors", "does not match its hash")]
    public async Task Content_is_held_against_what_the_list_states(string path, string error)
    {
        Hub.Faults.OnContent(path, HubFault.Corrupt());
        Assert.Contains(error, (await FailAsync(Hub.Add(HubFixtures.TinyModel()))).Errors, StringComparison.Ordinal);
    }

    private async Task<IReadOnlyList<string>> FetchAsync(HubRepository repository)
    {
        using var run = FetcherRun.OfTree(Hub, repository);
        (await run.RunAsync()).OrThrow("fetch");
        return Listing(run.Out);
    }

    private async Task<ProcessResult> FailAsync(HubRepository repository)
    {
        using var run = FetcherRun.OfTree(Hub, repository);
        var result = await run.RunAsync();
        Assert.Equal(1, result.ExitCode);
        return result;
    }

    private static IReadOnlyList<string> Paths(HubRepository repository) => [.. repository.Head.Tree.Files.Keys.Order(StringComparer.Ordinal)];

    private static IReadOnlyList<string> Listing(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None }).Select(path => Path.GetRelativePath(folder, path)).Order(StringComparer.Ordinal)];
}

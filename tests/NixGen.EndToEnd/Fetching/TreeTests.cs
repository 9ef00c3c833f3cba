using System.Globalization;
using System.Runtime.Versioning;
using NixGen.EndToEnd.Runtime;
using NixGen.Testing.Hub;
using Xunit;

namespace NixGen.EndToEnd.Fetching;

/// <summary>The files of one tree come side by side, small ones through one curl, and what fails ends all of it.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class TreeTests : IAsyncLifetime, IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("nixgen-tree-").FullName;
    private LoopbackHub? started;

    private LoopbackHub Hub => started ?? throw new InvalidOperationException("Not started.");

    public async Task InitializeAsync() => started = await LoopbackHub.StartAsync();

    public async Task DisposeAsync() => await Hub.DisposeAsync();

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Small_files_share_one_program()
    {
        var repository = Tree(Enumerable.Range(0, 60).Select(number => HubFile.Text($"part-{number % 7}/file #{number}.txt", $"content {number}\n")));
        using var run = Locked(repository);
        run.Variables["PATH"] = $"{CountingCurl()}:{run.Variables["PATH"]}";
        (await run.RunAsync()).OrThrow("fetch");
        Assert.Single(await File.ReadAllLinesAsync(Path.Combine(folder, "started")));
        AssertComplete(run, repository);
    }

    [Fact]
    public async Task What_the_shared_program_fails_to_get_is_asked_for_alone()
    {
        var repository = Tree(Enumerable.Range(0, 20).Select(number => HubFile.Text($"{number}.txt", $"content {number}\n")));
        Hub.Faults.OnContent("3.txt", HubFault.Corrupt(), times: 1);
        Hub.Faults.OnContent("5.txt", HubFault.Truncate(2), times: 1);
        Hub.Faults.OnResolve("7.txt", HubFault.TooManyRequests(1), times: 1);
        Hub.Faults.OnResolve("9.txt", HubFault.Status(503), times: 2);
        using var run = Locked(repository);
        (await run.RunAsync()).OrThrow("fetch");
        AssertComplete(run, repository);
        // The others are not asked for again.
        Assert.Single(Hub.Log.Of(HubRequestKind.Resolve), request => request.Path == "11.txt");
    }

    [Fact]
    public async Task Larger_files_come_side_by_side_and_no_more_than_allowed()
    {
        var most = 0;
        Hub.Faults.On(
            request =>
            {
                if (request.Kind == HubRequestKind.Cdn)
                    most = Math.Max(most, Hub.Log.Of(HubRequestKind.Cdn).Where(other => other.Status == 0 || other.BytesSent < 300_000).Select(other => other.Path).Distinct().Count());
                return false;
            },
            HubFault.Status(500));
        for (var number = 0; number < 6; number++)
            Hub.Faults.OnContent($"{number}.bin", HubFault.Throttle(300_000));
        var repository = Tree(Enumerable.Range(0, 6).Select(number => HubFile.Generated($"{number}.bin", 300_000, seed: 500 + number)));
        using var run = Locked(repository);
        run.Variables["fetch_small_file"] = "1000";
        run.Variables["fetch_parallel_files"] = "3";
        run.Variables["fetch_report_every"] = "1";
        var result = (await run.RunAsync()).OrThrow("fetch");
        Assert.InRange(most, 2, 3);
        Assert.Matches(@"nixgen: all files: \d+(\.\d)? [kM]?B of 1\.8 MB \(\d+ %\)", result.Errors);
        AssertComplete(run, repository);
    }

    [Fact]
    public async Task The_first_failure_ends_the_others_and_is_the_only_one_told()
    {
        Hub.Faults.OnContent("2-slow.bin", HubFault.Throttle(1_000));
        Hub.Faults.OnResolve("1-gone.bin", HubFault.Status(404));
        var repository = Tree([HubFile.Generated("2-slow.bin", 300_000), HubFile.Generated("1-gone.bin", 300_000, seed: 2), HubFile.Generated("3-later.bin", 300_000, seed: 3)]);
        using var run = Locked(repository);
        run.Variables["fetch_small_file"] = "1000";
        run.Variables["fetch_parallel_files"] = "2";
        var result = await run.RunAsync();
        Assert.Equal(1, result.ExitCode);
        Assert.Equal(2, result.Errors.Split("✗ Error: ").Length);
        Assert.Contains("File:     1-gone.bin", result.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain(Hub.Log.Snapshot(), request => request.Path == "3-later.bin");
    }

    private HubRepository Tree(IEnumerable<HubFile> files)
    {
        var repository = new HubRepository("example/tree");
        repository.Commit("c", files);
        return Hub.Add(repository);
    }

    /// <summary>A run over the list that a lock gives, as the adapter writes it.</summary>
    private FetcherRun Locked(HubRepository repository)
    {
        var list = Path.Combine(folder, "files");
        File.WriteAllLines(list, Definitions.Files(repository).Select(file => string.Create(CultureInfo.InvariantCulture, $"{file.Content.Size}\t{Definitions.Sri(file)}\t{file.Path}")));
        var run = FetcherRun.OfTree(Hub, repository);
        run.Variables["fetch_filesPath"] = list;
        return run;
    }

    /// <summary>A folder with a curl that notes each start.</summary>
    private string CountingCurl()
    {
        var curl = Path.Combine(folder, "bin", "curl");
        Directory.CreateDirectory(Path.Combine(folder, "bin"));
        File.WriteAllText(curl, $"#!/bin/bash\necho started >>{folder}/started\nexec /usr/bin/curl \"$@\"\n");
        File.SetUnixFileMode(curl, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return Path.Combine(folder, "bin");
    }

    private static void AssertComplete(FetcherRun run, HubRepository repository)
    {
        foreach (var file in Definitions.Files(repository))
            Assert.Equal(file.Content.Sha256, Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(Path.Combine(run.Out, file.Path)))));
    }
}

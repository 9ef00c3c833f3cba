using System.Globalization;
using System.Security.Cryptography;
using NixGen.EndToEnd.Runtime;
using NixGen.Testing;
using NixGen.Testing.Hub;
using Xunit;

namespace NixGen.EndToEnd.Fetching;

/// <summary>A Hub with one repository of one file, and what a test does with it.</summary>
public abstract class FetcherFixture : IAsyncLifetime
{
    protected const string Weights = "model.safetensors";
    protected const int Size = 3_000_000;
    private LoopbackHub? started;

    internal HubFile File { get; } = HubFile.Generated(Weights, Size, seed: 11);

    internal HubRepository Repository { get; } = new("example/noise");

    internal LoopbackHub Hub => started ?? throw new InvalidOperationException("Not started.");

    /// <summary>The requests for content.</summary>
    internal IReadOnlyList<HubRequest> Contents => Hub.Log.Of(HubRequestKind.Cdn);

    internal string Sha256 => File.Content.Sha256;

    public virtual async Task InitializeAsync()
    {
        started = await LoopbackHub.StartAsync();
        Repository.Commit("c", [File]);
        Hub.Add(Repository);
    }

    public virtual async Task DisposeAsync() => await Hub.DisposeAsync();

    /// <summary>The file's bytes.</summary>
    internal async Task<byte[]> BytesAsync()
    {
        using var run = FetcherRun.OfFile(Hub, Repository, File);
        (await run.RunAsync()).OrThrow("fetch");
        var bytes = await System.IO.File.ReadAllBytesAsync(run.Out);
        Hub.Log.Clear();
        return bytes;
    }

    /// <summary>Settings under which the file counts as large.</summary>
    internal static void InParts(FetcherRun run)
    {
        run.Variables["fetch_parallel_from"] = "1000000";
        run.Variables["fetch_least_slice"] = "65536";
        run.Variables["fetch_fast"] = "0"; // as if every connection were limited
    }

    /// <summary>Fetches the file, which must turn out right.</summary>
    internal async Task<ProcessResult> FetchAsync(Action<FetcherRun>? change = null)
    {
        using var run = FetcherRun.OfFile(Hub, Repository, File);
        change?.Invoke(run);
        var result = (await run.RunAsync()).OrThrow("fetch");
        Assert.Equal(Sha256, Convert.ToHexStringLower(SHA256.HashData(await System.IO.File.ReadAllBytesAsync(run.Out))));
        return result;
    }

    /// <summary>Fails to fetch the file, and returns what was said.</summary>
    internal async Task<string> FailAsync(Action<FetcherRun>? change = null)
    {
        using var run = FetcherRun.OfFile(Hub, Repository, File);
        change?.Invoke(run);
        var result = await run.RunAsync();
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("✗ Error: ", result.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain(".sh: line", result.Errors, StringComparison.Ordinal);
        return result.Errors;
    }

    /// <summary>The ranges of some requests as first and last byte, by their first.</summary>
    internal static List<(long First, long Last)> Ranges(IEnumerable<HubRequest> requests) =>
    [
        .. requests.Select(request => (request.Range ?? throw new InvalidOperationException($"{request} has no range."))["bytes=".Length..].Split('-'))
            .Select(ends => (long.Parse(ends[0], CultureInfo.InvariantCulture), long.Parse(ends[1], CultureInfo.InvariantCulture)))
            .Order(),
    ];
}

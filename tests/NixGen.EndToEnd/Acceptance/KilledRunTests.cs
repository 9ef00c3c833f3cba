using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using NixGen.Testing.Hub;
using Xunit;
using Xunit.Abstractions;

namespace NixGen.EndToEnd.Acceptance;

/// <summary>SIGKILL at a random moment: manifest, lock and output are each wholly old or wholly new, and the next run ends well.</summary>
public sealed class KilledRunTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int Seed = 20260923;
    private LoopbackHub? started;

    private LoopbackHub Hub => started ?? throw new InvalidOperationException("Not started.");

    public async Task InitializeAsync() => started = await LoopbackHub.StartAsync();

    public async Task DisposeAsync() => await Hub.DisposeAsync();

    [Fact]
    public Task Killing_lock_leaves_a_whole_lock() => KillAtRandomAsync(60, ["lock"], resetsLock: true);

    [Fact]
    public Task Killing_build_leaves_a_whole_lock_and_a_whole_folder() => KillAtRandomAsync(100, ["build", "--out", "out"], resetsLock: true);

    [Fact]
    public Task Killing_build_to_a_file_leaves_a_whole_file() => KillAtRandomAsync(40, ["build", "-o", "models.nix"], resetsLock: false);

    private async Task KillAtRandomAsync(int kills, string[] command, bool resetsLock)
    {
        var repository = Hub.Add(HubFixtures.TinyModel());
        using var bench = new Workbench(Hub);
        bench.Write("models.yaml", Manifest(1));
        (await bench.NixgenAsync(command)).ShouldEndWith(0);
        var old = State.Of(bench);

        // What the run that will be killed would make of it.
        repository.Commit("Tune", [HubFile.Text("config.json", "{\"model_type\": \"bert\", \"tuned\": true}\n")]);
        bench.Write("models.yaml", Manifest(2));
        (await bench.NixgenAsync(command)).ShouldEndWith(0);
        var fresh = State.Of(bench);
        Assert.NotEqual(old.Lock, fresh.Lock);
        var before = resetsLock ? old : old with { Lock = fresh.Lock };
        // A machine that is busy elsewhere makes some runs slow: the quickest of three says how long the work takes.
        var whole = TimeSpan.MaxValue;
        for (var run = 0; run < 3; run++)
        {
            before.Restore(bench);
            var watch = Stopwatch.StartNew();
            (await bench.NixgenAsync(command)).ShouldEndWith(0);
            whole = whole < watch.Elapsed ? whole : watch.Elapsed;
        }

        Assert.Equal(fresh, State.Of(bench));
#pragma warning disable CA5394 // A seed makes the moments the same in every run.
        var random = new Random(Seed);
        // Half of them fall into the last part of the run, where it writes.
        var moments = Enumerable.Range(0, kills).Select(index => whole * (index % 2 == 0 ? 1.05 * random.NextDouble() : 0.7 + 0.35 * random.NextDouble())).ToList();
#pragma warning restore CA5394
        var results = await Task.WhenAll(moments.Chunk((kills + 1) / 2).Select(some => KillAtAsync(some, command, before, old, fresh)));
        var ends = results.SelectMany(ends => ends).ToLookup(end => end);
        output.WriteLine($"{string.Join(' ', command)}: {kills} kills within {whole.TotalMilliseconds:f0} ms: "
            + $"{ends[End.Old].Count()} wholly old, {ends[End.NewLock].Count()} new lock and old output, {ends[End.New].Count()} wholly new");
        Assert.True(ends.Contains(End.Old) && ends.Contains(End.New), "The kills missed the moment in which the run writes.");
    }

    private enum End
    {
        Old,
        NewLock,
        New,
    }

    /// <summary>Kills one run at each of some moments, in a folder of its own.</summary>
    private async Task<List<End>> KillAtAsync(TimeSpan[] moments, string[] command, State before, State old, State fresh)
    {
        using var bench = new Workbench(Hub);
        var manifest = Manifest(2);
        bench.Write("models.yaml", manifest);
        var ends = new List<End>();
        // How long a run takes changes with what else the machine does: the end of the last one, old or new, says which way to go.
        var scale = 1.0;
        foreach (var part in moments)
        {
            var moment = part * scale;
            before.Restore(bench);
            await KillAfterAsync(bench, command, moment);
            var now = State.Of(bench);
            Assert.Equal(manifest, bench.Read("models.yaml"));
            Assert.True(now.Lock == before.Lock || now.Lock == fresh.Lock, $"After {moment.TotalMilliseconds:f0} ms the lock is neither old nor new:\n{now.Lock}");
            Assert.True(now.Folder == old.Folder || now.Folder == fresh.Folder, $"After {moment.TotalMilliseconds:f0} ms the folder is neither old nor new:\n{now.Folder}");
            Assert.True(now.File == old.File || now.File == fresh.File, $"After {moment.TotalMilliseconds:f0} ms the file is neither old nor new:\n{now.File}");
            Assert.False(now.Lock != fresh.Lock && now.Folder.Length > 0 && now.Folder == fresh.Folder, "The output is newer than its lock.");
            ends.Add(now == fresh ? End.New : now == before ? End.Old : End.NewLock);
            scale *= ends[^1] switch { End.Old => 1.1, End.New => 0.9, _ => 1 };
        }

        (await bench.NixgenAsync(command)).ShouldEndWith(0);
        Assert.Equal(fresh, State.Of(bench));
        // Nor is anything left of all those runs that a user would have to clean up.
        Assert.All(Directory.EnumerateFileSystemEntries(bench.Folder), path => Assert.Contains(Path.GetFileName(path), (string[])["models.yaml", "models.lock.json", "models.nix", "out"]));
        return ends;
    }

    private static async Task KillAfterAsync(Workbench bench, string[] command, TimeSpan moment)
    {
        using var process = bench.StartNixgen(command);
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await Task.Delay(moment);
        process.Kill();
        await process.WaitForExitAsync();
        await Task.WhenAll(output, errors);
    }

    private static string Manifest(int version) => $$"""
        version: 1
        models:
          tiny:
            source: { huggingface: { repo: example/tiny, revision: main{{(version == 1 ? "" : ", exclude: [\"*.md\"]")}} } }
            meta: { description: Version {{version}} }
          mock: { source: { mock: { org: example, model: mock, files: [{ path: config.json, text: "{{version}}" }] } } }
        {{string.Concat(Enumerable.Range(0, 20).Select(index => $"  m{index}: {{ source: {{ mock: {{ org: example, model: m{index}, files: [{{ path: a, text: \"{version} {index}\" }}] }} }} }}\n"))}}
        """;

    /// <summary>Everything that nixgen writes here, as text to compare.</summary>
    private sealed record State(string Lock, string Folder, string File)
    {
        private readonly Dictionary<string, byte[]> contents = new(StringComparer.Ordinal);

        public static State Of(Workbench bench)
        {
            var folder = new StringBuilder();
            var files = new Dictionary<string, byte[]>(StringComparer.Ordinal);
            if (Directory.Exists(bench.PathOf("out")))
            {
                foreach (var path in Directory.EnumerateFiles(bench.PathOf("out"), "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
                {
                    var relative = Path.GetRelativePath(bench.Folder, path);
                    files[relative] = System.IO.File.ReadAllBytes(path);
                    folder.AppendLine($"{relative} {Convert.ToHexStringLower(SHA256.HashData(files[relative]))}");
                }
            }

            var state = new State(TextOf(bench, "models.lock.json"), folder.ToString(), TextOf(bench, "models.nix"));
            foreach (var (name, content) in files)
                state.contents[name] = content;
            return state;
        }

        public void Restore(Workbench bench)
        {
            if (Directory.Exists(bench.PathOf("out")))
                Directory.Delete(bench.PathOf("out"), recursive: true);
            foreach (var (name, content) in contents)
            {
                Directory.CreateDirectory(Path.GetDirectoryName(bench.PathOf(name)) ?? bench.Folder);
                System.IO.File.WriteAllBytes(bench.PathOf(name), content);
            }

            RestoreText(bench, "models.lock.json", Lock);
            RestoreText(bench, "models.nix", File);
        }

        public bool Equals(State? other) => other is not null && Lock == other.Lock && Folder == other.Folder && File == other.File;

        public override int GetHashCode() => HashCode.Combine(Lock, Folder, File);

        private static string TextOf(Workbench bench, string name) =>
            System.IO.File.Exists(bench.PathOf(name)) ? bench.Read(name) : "";

        private static void RestoreText(Workbench bench, string name, string content)
        {
            if (content.Length == 0)
                System.IO.File.Delete(bench.PathOf(name));
            else
                bench.Write(name, content);
        }
    }
}

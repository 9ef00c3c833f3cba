using System.Collections.Immutable;
using System.Globalization;
using NixGen.EndToEnd.Runtime;
using NixGen.Testing.Faults;
using NixGen.Testing.Hub;

namespace NixGen.EndToEnd.Fetching;

/// <summary>What a seeded run fetches.</summary>
internal enum FaultShape
{
    /// <summary>A file of the CDN, in ranges at once.</summary>
    Parallel,

    /// <summary>The same, of a size that nobody stated.</summary>
    UnknownSize,

    /// <summary>A file of the CDN, in one stream.</summary>
    Stream,

    /// <summary>A file that the Hub serves itself.</summary>
    GitFile,

    /// <summary>Files of a given list.</summary>
    LockedTree,

    /// <summary>Files that the server lists.</summary>
    ListedTree,
}

/// <summary>All that a seed decides: the files, how they are fetched, and what goes wrong.</summary>
/// <param name="Shape">What is fetched.</param>
/// <param name="Repository">From where.</param>
/// <param name="Plan">What goes wrong there.</param>
/// <param name="Settings">The fetcher's variables.</param>
/// <param name="Token">What the repository is opened with, where that takes something.</param>
/// <param name="HasMirror">Whether another server has the same files, and nothing goes wrong there.</param>
internal sealed record FaultCase(FaultShape Shape, HubRepository Repository, FaultPlan Plan, ImmutableDictionary<string, string> Settings, HubToken? Token, bool HasMirror)
{
    private static readonly FaultShape[] Shapes =
        [FaultShape.Parallel, FaultShape.Parallel, FaultShape.Parallel, FaultShape.Parallel, FaultShape.Parallel, FaultShape.UnknownSize, FaultShape.Stream, FaultShape.GitFile, FaultShape.LockedTree, FaultShape.ListedTree];

    /// <summary>The case of a seed.</summary>
    public static FaultCase Of(int seed)
    {
        // Another sequence than the plan's own.
        var dice = new Dice(~seed);
        var shape = FaultPlan.IsAboutLists(seed) ? FaultShape.ListedTree : dice.Pick(Shapes);
        var isTree = shape is FaultShape.LockedTree or FaultShape.ListedTree;
        var repository = new HubRepository(string.Create(CultureInfo.InvariantCulture, $"example/seed-{seed}"));
        List<HubFile> files = isTree
            ? [Large(dice, "model.bin"), Large(dice, "parts/a b.bin"), Small(dice, "config.json"), Small(dice, "parts/größe.txt"), HubFile.Lfs("tiny", dice.Bytes(3))]
            : [shape == FaultShape.GitFile ? Small(dice, "vocabulary.txt") : Large(dice, "model.bin")];
        repository.Commit("c", isTree ? [.. files, HubFile.Text("empty", "")] : files);
        var plan = FaultPlan.Of(seed, files, isListed: shape == FaultShape.ListedTree);

        HubToken? token = null;
        if (dice.OneIn(2))
        {
            token = new HubToken(string.Create(CultureInfo.InvariantCulture, $"hf_seeded{seed}Secret"), "member");
            repository.Gate = HubGate.Manual;
            repository.GateGranted.Add("member");
        }

        return new FaultCase(shape, repository, plan, Settle(dice, shape, plan), token, HasMirror: !isTree && dice.OneIn(6));
    }

    /// <summary>The run, ready to be started.</summary>
    /// <param name="hub">The source.</param>
    /// <param name="mirror">The mirror, where there is one.</param>
    public FetcherRun Prepare(LoopbackHub hub, LoopbackHub? mirror)
    {
        var file = Definitions.Files(Repository).First();
        var run = Shape is FaultShape.LockedTree or FaultShape.ListedTree ? FetcherRun.OfTree(hub, Repository) : FetcherRun.OfFile(hub, Repository, file);
        foreach (var (name, value) in Settings)
            run.Variables[name] = value;
        if (mirror is not null)
            run.Variables["fetch_mirrors"] = $"endpoint\t-\t{mirror.Url}\n";
        if (Token is not null)
            run.Variables["HF_TOKEN"] = Token.Value;
        if (Shape == FaultShape.LockedTree)
        {
            var list = Path.Combine(run.Folder, "files");
            File.WriteAllLines(list, Definitions.Files(Repository).Select(entry => string.Create(CultureInfo.InvariantCulture, $"{entry.Content.Size}\t{Definitions.Sri(entry)}\t{entry.Path}")));
            run.Variables["fetch_filesPath"] = list;
        }

        return run;
    }

    public override string ToString() =>
        $"{Plan}\n  fetching {Shape} of {string.Join(", ", Definitions.Files(Repository))}{(Token is null ? "" : " with a token")}{(HasMirror ? " with a mirror" : "")}\n  {string.Join(' ', Settings.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value}"))}";

    private static HubFile Large(Dice dice, string path) => HubFile.Lfs(path, dice.Bytes(dice.Between(150_000, 900_000)));

    private static HubFile Small(Dice dice, string path) => HubFile.Regular(path, dice.Bytes(dice.Between(100, 200_000)));

    private static ImmutableDictionary<string, string> Settle(Dice dice, FaultShape shape, FaultPlan plan)
    {
        var slice = dice.Between(60_000, 400_000);
        // Faults that pass use up attempts one by one, and a busy machine may use up two more.
        var attempts = plan.Lasting is null ? plan.Passing + 3 : plan.Passing + 2;
        return ImmutableDictionary.CreateRange<string, string>(
        [
            Setting("fetch_parallel_from", shape == FaultShape.Stream ? 10_000_000 : dice.Between(50_000, 150_000)),
            Setting("fetch_connections", dice.Between(2, 8)),
            Setting("fetch_slice", slice),
            Setting("fetch_least_slice", dice.Between(10_000, 60_000)),
            Setting("fetch_fast", 0),
            // As on a system that doesn't tell how far a file is written.
            .. dice.Between(0, 5) == 0 ? [KeyValuePair.Create("fetch_positions", "/nonexistent")] : Array.Empty<KeyValuePair<string, string>>(),
            Setting("fetch_max_attempts", attempts),
            Setting("fetch_resume_attempts", attempts),
            Setting("fetch_connect_timeout", 20),
            // Where nothing stalls by plan, a busy machine alone must not seem to.
            Setting("fetch_read_timeout", plan.Faults.Any(fault => fault.Rule.Kind == FaultKind.Stalled) ? 2 : 10),
            .. shape == FaultShape.UnknownSize ? [KeyValuePair.Create("fetch_size", "-")] : Array.Empty<KeyValuePair<string, string>>(),
        ]);
    }

    private static KeyValuePair<string, string> Setting(string name, int value) => KeyValuePair.Create(name, value.ToString(CultureInfo.InvariantCulture));
}

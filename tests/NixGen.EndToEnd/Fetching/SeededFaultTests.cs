using System.Collections.Concurrent;
using System.Globalization;
using NixGen.Testing.Faults;
using Xunit;

namespace NixGen.EndToEnd.Fetching;

/// <summary>
/// The fetcher against servers that misbehave by plan, one plan a seed: it ends with the right bytes or with one error that
/// fits, whatever happens. <c>NIXGEN_FAULT_SEEDS=17,40-60</c> runs those seeds alone.
/// </summary>
public sealed class SeededFaultTests
{
    private const int SeedsOfABatch = 31;
    private const int Batches = 11;
    private const int RunsAtOnce = 4;

    public static TheoryData<int> Numbers { get; } = [.. Enumerable.Range(0, Batches)];

    [Theory]
    [MemberData(nameof(Numbers))]
    public async Task The_right_bytes_come_or_an_error_that_fits(int batch)
    {
        var failures = new ConcurrentQueue<string>();
        await Parallel.ForEachAsync(Seeds(batch), new ParallelOptions { MaxDegreeOfParallelism = RunsAtOnce }, async (seed, _) =>
        {
            if (await FaultRun.TryAsync(FaultCase.Of(seed)) is { } failure)
                failures.Enqueue(failure);
        });
        Assert.True(failures.IsEmpty, $"{failures.Count} runs went wrong; NIXGEN_FAULT_SEEDS repeats them by seed.\n\n{string.Join("\n\n", failures)}");
    }

    [Fact]
    public void Every_kind_of_fault_occurs_in_every_role_and_every_end_is_asked_for()
    {
        var cases = Enumerable.Range(0, Batches * SeedsOfABatch).Select(FaultCase.Of).ToList();
        var faults = cases.SelectMany(seeded => seeded.Plan.Faults).ToList();
        var kinds = Enum.GetValues<FaultKind>();
        Assert.Equal(kinds, FaultRules.All.Select(rule => rule.Kind));
        Assert.Equal(kinds, faults.Where(fault => fault.Times is null).Select(fault => fault.Rule.Kind).Distinct().Order());
        Assert.Equal(kinds, faults.Where(fault => fault.Times is not null).Select(fault => fault.Rule.Kind).Distinct().Order());
        Assert.Equal(Enum.GetValues<FaultHop>(), faults.Select(fault => fault.Hop).Distinct().Order());
        Assert.Equal(Enum.GetValues<FaultShape>(), cases.Select(seeded => seeded.Shape).Distinct().Order());
        Assert.All(Enum.GetValues<FaultEnd>(), end => Assert.True(cases.Count(seeded => FaultVerdict.Of(seeded) == end) > cases.Count / 10, $"{end} is rarely asked for"));
        Assert.All(cases.Where(seeded => FaultVerdict.Of(seeded) == FaultEnd.Failed), seeded => Assert.NotNull(FaultVerdict.Titles(Lasting(seeded).Rule.Kind)));
        Assert.Contains(cases, seeded => seeded.HasMirror && seeded.Token is not null && FaultVerdict.Of(seeded with { HasMirror = false }) == FaultEnd.Failed);
        Assert.Contains(cases, seeded => seeded.Token is not null && seeded.Plan.Faults.Any(fault => fault.Rule.Kind == FaultKind.RedirectChain));
    }

    [Fact]
    public void A_seed_says_all() => Assert.All(Enumerable.Range(0, 40), seed => Assert.Equal(FaultCase.Of(seed).ToString(), FaultCase.Of(seed).ToString()));

    private static PlannedFault Lasting(FaultCase seeded) => seeded.Plan.Lasting ?? throw new InvalidOperationException($"Nothing stays: {seeded}");

    private static IEnumerable<int> Seeds(int batch)
    {
        var all = Enumerable.Range(batch * SeedsOfABatch, SeedsOfABatch);
        if (Environment.GetEnvironmentVariable("NIXGEN_FAULT_SEEDS") is not { Length: > 0 } asked)
            return all;
        var wanted = asked.Split(',').SelectMany(part =>
        {
            var ends = part.Split('-').Select(text => int.Parse(text, CultureInfo.InvariantCulture)).ToList();
            return Enumerable.Range(ends[0], ends[^1] - ends[0] + 1);
        }).ToHashSet();
        // Seeds that no batch has are run by the first one.
        return batch == 0 ? wanted.Where(seed => all.Contains(seed) || seed >= Batches * SeedsOfABatch) : all.Where(wanted.Contains);
    }
}

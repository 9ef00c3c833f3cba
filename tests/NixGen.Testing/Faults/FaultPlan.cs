using System.Collections.Immutable;
using NixGen.Testing.Hub;

namespace NixGen.Testing.Faults;

/// <summary>One thing that goes wrong in a run.</summary>
/// <param name="Rule">What it is like.</param>
/// <param name="Hop">At which requests.</param>
/// <param name="Path">Of which file; of none for the list.</param>
/// <param name="After">How many such requests go well before.</param>
/// <param name="Times">How many such requests then go wrong; null is all of them.</param>
/// <param name="Made">The fault.</param>
public sealed record PlannedFault(FaultRule Rule, FaultHop Hop, string Path, int After, int? Times, MadeFault Made)
{
    /// <summary>Whether it hits a request of its hop and file, by the request's number in order of arrival.</summary>
    public bool Hits(int number) => number >= After && (Times is not { } times || number < After + times);

    /// <summary>Whether a request is of its hop and file.</summary>
    public bool IsAbout(HubRequest request) => Hop switch
    {
        FaultHop.List => request.Kind == HubRequestKind.Api,
        FaultHop.Content => request.Kind is HubRequestKind.Cdn or HubRequestKind.ResolveCache && request.Path == Path,
        _ => request.Kind == HubRequestKind.Resolve && request.Path == Path,
    };

    public override string ToString() =>
        $"{Rule.Kind} {Made.Detail} at {Hop} {Path}: {(Times is { } times ? $"{times} times" : "for good")}{(After == 0 ? "" : $" after {After}")}";
}

/// <summary>What goes wrong in one run: a few faults that pass, or one that stays and perhaps some that pass.</summary>
public sealed record FaultPlan(int Seed, ImmutableArray<PlannedFault> Faults)
{
    /// <summary>How many requests go wrong in a way that passes.</summary>
    public int Passing => Faults.Sum(fault => fault.Times ?? 0);

    /// <summary>The fault that stays, or null.</summary>
    public PlannedFault? Lasting => Faults.FirstOrDefault(fault => fault.Times is null);

    /// <summary>Whether what a seed is about happens to lists of files alone.</summary>
    public static bool IsAboutLists(int seed) => FaultRules.All[seed % FaultRules.All.Length].Hops.All(hop => hop == FaultHop.List);

    /// <summary>
    /// The plan of a seed. The seed's number decides about the kind of the first fault and whether faults pass, so that
    /// seeds that follow one another have every kind in every role; all else is chance.
    /// </summary>
    /// <param name="seed">Not negative.</param>
    /// <param name="files">The files that faults can happen to, none of them empty.</param>
    /// <param name="isListed">Whether the run asks for the list of files.</param>
    public static FaultPlan Of(int seed, IReadOnlyList<HubFile> files, bool isListed)
    {
        var dice = new Dice(seed);
        var rules = FaultRules.All;
        var kind = seed % rules.Length;
        return (seed / rules.Length % 5) switch
        {
            // One that stays, alone or among others.
            0 => new FaultPlan(seed, [Plan(kind, forGood: true)]),
            1 => new FaultPlan(seed, [Plan(kind, forGood: true), .. Others(dice.Between(0, 2), FaultEnd.Done)]),
            // Any that pass.
            2 => new FaultPlan(seed, [Plan(kind, forGood: false), .. Others(dice.Between(0, 3), FaultEnd.Either)]),
            // Those that a fetcher must stand.
            _ => new FaultPlan(seed, [Plan(kind, forGood: false), .. Others(dice.Between(0, 3), FaultEnd.Done)]),
        };

        IEnumerable<PlannedFault> Others(int count, FaultEnd worst)
        {
            for (var number = 0; number < count; number++)
            {
                int other;
                do
                    other = dice.Between(0, rules.Length - 1);
                while (worst == FaultEnd.Done && rules[other].Once != FaultEnd.Done);
                yield return Plan(other, forGood: false);
            }
        }

        PlannedFault Plan(int first, bool forGood)
        {
            // A kind that can't happen to these files makes room for the next one.
            var file = files[dice.Between(0, files.Count - 1)];
            var rule = rules[first];
            while (rule.HopsOf(file, isListed).IsEmpty)
                rule = rules[++first % rules.Length];
            var hop = dice.Pick(rule.HopsOf(file, isListed));
            var made = rule.Make(new FaultScene(dice, file, forGood));
            var after = dice.OneIn(forGood ? 4 : 2) ? dice.Between(1, 8) : 0;
            return new PlannedFault(rule, hop, hop == FaultHop.List ? "" : file.Path, after, forGood ? null : dice.Pick(1, 1, 2), made);
        }
    }

    public override string ToString() => $"seed {Seed}: {string.Join("; ", Faults)}";
}

/// <summary>A plan under way: it counts the requests, and knows for each what goes wrong.</summary>
public sealed class FaultSchedule(FaultPlan plan)
{
    private readonly Lock gate = new();
    private readonly Dictionary<(FaultHop Hop, string Path), int> arrived = [];

    /// <summary>What goes wrong with the request that has just arrived, or null.</summary>
    public HubFault? Next(HubRequest request)
    {
        lock (gate)
        {
            var about = plan.Faults.Where(fault => fault.IsAbout(request)).ToList();
            if (about.Count == 0)
                return null;
            // Links are resolved: they are counted together.
            var key = (about[0].Hop == FaultHop.Link ? FaultHop.Resolve : about[0].Hop, about[0].Path);
            var number = arrived.GetValueOrDefault(key);
            arrived[key] = number + 1;
            return about.Find(fault => fault.Hits(number))?.Made.Fault;
        }
    }
}

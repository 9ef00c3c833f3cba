using System.Collections.Immutable;
using NixGen.Testing.Hub;

namespace NixGen.Testing.Faults;

/// <summary>What a kind of fault is like.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Hops">Where it can happen.</param>
/// <param name="Once">How a download ends that it hits a few times.</param>
/// <param name="ForGood">How a download ends that it hits at every request.</param>
/// <param name="Make">Makes one, with parameters by chance.</param>
public sealed record FaultRule(FaultKind Kind, ImmutableArray<FaultHop> Hops, FaultEnd Once, FaultEnd ForGood, Func<FaultScene, MadeFault> Make)
{
    /// <summary>Whether the answer looks complete although bytes are missing, so that only a stated size shows it.</summary>
    public bool EndsInGoodOrder { get; init; }

    /// <summary>The places where it can happen to a file.</summary>
    public ImmutableArray<FaultHop> HopsOf(HubFile file, bool isListed) =>
        [.. Hops.Where(hop => hop switch { FaultHop.Link => file.IsLfs, FaultHop.List => isListed, _ => true })];
}

/// <summary>What a fault's parameters are made from.</summary>
/// <param name="Dice">Chance.</param>
/// <param name="File">The file that it happens to.</param>
/// <param name="IsForGood">Whether it happens at every request.</param>
public sealed record FaultScene(Dice Dice, HubFile File, bool IsForGood)
{
    /// <summary>The file's length in bytes.</summary>
    public int Size => (int)File.Content.Size;

    /// <summary>A place in the file, often near an end.</summary>
    public int Place() => Dice.Between(0, 5) switch { 0 => 0, 1 => 1, 2 => Size - 1, 3 => Dice.Between(0, Size / 10), _ => Dice.Between(0, Size) };
}

/// <summary>A fault and its parameters in words.</summary>
public sealed record MadeFault(HubFault Fault, string Detail = "");

using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace NixGen.Lock;

/// <summary>How older formats of the lock are brought up to date, each step by the version that it starts from. Steps work on raw JSON, so they outlive the records of their time.</summary>
/// <param name="Steps">A step takes a document of its version and makes one of the next, <c>version</c> aside; a version whose only change is an addition needs no entry here but a step that does nothing.</param>
public sealed record LockUpgraders(ImmutableSortedDictionary<int, Action<JsonObject>> Steps)
{
    /// <summary>The steps of this nixgen: none, since version 1 is the first.</summary>
    public static LockUpgraders Known { get; } = new(ImmutableSortedDictionary<int, Action<JsonObject>>.Empty);

    /// <summary>Whether there is a step for every version from <paramref name="version"/> to the current one.</summary>
    public bool Reach(long version)
    {
        for (var from = version; from < LockFile.CurrentVersion; from++)
        {
            if (from < int.MinValue || !Steps.ContainsKey((int)from))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Brings a document up to the current version, in place.</summary>
    public void Upgrade(JsonObject document, int version)
    {
        for (var from = version; from < LockFile.CurrentVersion; from++)
        {
            Steps[from](document);
        }

        document["version"] = LockFile.CurrentVersion;
    }
}

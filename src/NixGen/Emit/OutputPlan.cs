using System.Collections.Immutable;

namespace NixGen.Emit;

/// <summary>What is to be written: bytes by relative path. Pure; the same manifest and lock give the same plan anywhere.</summary>
/// <param name="Files">Content by path, ordered ordinally; paths are relative with <c>/</c>, and their files end with one line feed.</param>
public sealed record OutputPlan(ImmutableSortedDictionary<string, ReadOnlyMemory<byte>> Files);

using System.Collections.Immutable;

namespace NixGen.Sources.Archives;

/// <summary>What is in an archive.</summary>
/// <param name="Members">Its entries but the folders, in their order.</param>
/// <param name="Problem">Why it could not be read to its end, as the end of a sentence that begins with it; or null.</param>
public sealed record ArchiveContents(ImmutableArray<ArchiveMember> Members, string? Problem);

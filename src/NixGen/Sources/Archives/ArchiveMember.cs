using NixGen.Nix.Hashing;

namespace NixGen.Sources.Archives;

/// <summary>An entry of an archive that isn't a folder.</summary>
/// <param name="Name">Its name as the archive spells it.</param>
/// <param name="Path">The name without <c>./</c> at its beginning: the path within the model, if it is a safe one.</param>
/// <param name="Size">Length in bytes.</param>
/// <param name="Sha256">Hash of the content; null where it is no regular file.</param>
/// <param name="Kind">What it is, as a sentence has it: <c>a file</c>, <c>a symbolic link</c>.</param>
public sealed record ArchiveMember(string Name, string Path, long Size, SriHash? Sha256, string Kind);

using System.Collections.Immutable;
using NixGen.Diagnostics;
using NixGen.Lock;
using NixGen.Manifest;
using NixGen.Nix.Hashing;
using NixGen.Sources;

namespace NixGen.Resolve;

/// <summary>Further sources of a model: what they are asked with, and what of theirs is the model's.</summary>
internal static class Alternates
{
    /// <summary>The model as one of its further sources is asked for it. Credentials that the declaration names are its own; one that the model names is its first source's, and no other server is told of it. What belongs to a service is for sources of that service.</summary>
    /// <param name="model">The model.</param>
    /// <param name="declaration">One of its alternates.</param>
    /// <param name="kind">The name of that source's kind.</param>
    public static ModelRequest Request(ModelRequest model, SourceDeclaration declaration, string kind) => model with
    {
        Source = declaration,
        Alternates = [],
        Auth = declaration.Auth ?? model.Auth.ForService(kind),
        Security = SecuritySettings.Default,
    };

    /// <summary>The entry of a further source: its files that have content of the model's, one for each content. Warns where it lacks some; null with a diagnostic where it has none.</summary>
    /// <param name="asked">The model, as that source was asked for it.</param>
    /// <param name="locked">The model as its first source has it.</param>
    /// <param name="source">The further source.</param>
    /// <param name="found">What it has.</param>
    /// <param name="diagnostics">Where faults go.</param>
    public static LockedAlternate? Lock(
        ModelRequest asked, LockedModel locked, BoundSource source, LockedSource found, DiagnosticBag diagnostics)
    {
        var name = $"{source.Kind.Name} '{found.Resolved.Id}'";
        var theirs = found.Files.ToLookup(file => file.Sha256);
        ImmutableArray<LockedFile> shared =
        [
            .. locked.Files
                .DistinctBy(file => file.Sha256)
                .Select(file => Best(theirs, file))
                .OfType<LockedFile>()
                .OrderBy(file => file.Path, StringComparer.Ordinal),
        ];
        if (shared.IsEmpty)
        {
            diagnostics.Add(AlternateDiagnostics.HasNothing(asked, name, locked, found));
            return null;
        }

        ImmutableArray<LockedFile> lacking = [.. locked.Files.Where(file => !theirs.Contains(file.Sha256))];
        if (!lacking.IsEmpty)
        {
            diagnostics.Add(AlternateDiagnostics.LacksFiles(asked, name, locked, lacking, found));
        }

        return new() { Request = source.Request.Canonical, Resolved = found.Resolved, Files = shared };
    }

    // Where several of its files have the content, the one of the same path.
    private static LockedFile? Best(ILookup<SriHash, LockedFile> theirs, LockedFile file) =>
        theirs[file.Sha256].OrderBy(other => other.Path == file.Path ? 0 : 1).ThenBy(other => other.Path, StringComparer.Ordinal).FirstOrDefault();
}

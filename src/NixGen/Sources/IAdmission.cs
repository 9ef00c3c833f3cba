using NixGen.Diagnostics;
using NixGen.Lock;
using NixGen.Manifest;

namespace NixGen.Sources;

/// <summary>Whether a model may be had at all, asked once it is known which files it has and before any of them is downloaded.</summary>
public interface IAdmission
{
    /// <summary>Whether it may; adds diagnostics where not.</summary>
    /// <param name="model">The model as asked for.</param>
    /// <param name="resolved">What upstream says of it.</param>
    /// <param name="files">Its files by path and size in bytes.</param>
    /// <param name="diagnostics">Where refusals go.</param>
    bool Admits(ModelRequest model, ResolvedRevision resolved, IReadOnlyCollection<ListedSize> files, DiagnosticBag diagnostics);
}

/// <summary>A file that a source has.</summary>
/// <param name="Path">Path within the model.</param>
/// <param name="Size">Length in bytes.</param>
public readonly record struct ListedSize(string Path, long Size);

/// <summary>Admits all.</summary>
public sealed class OpenAdmission : IAdmission
{
    /// <summary>The only one.</summary>
    public static OpenAdmission Instance { get; } = new();

    /// <inheritdoc/>
    public bool Admits(ModelRequest model, ResolvedRevision resolved, IReadOnlyCollection<ListedSize> files, DiagnosticBag diagnostics) => true;
}

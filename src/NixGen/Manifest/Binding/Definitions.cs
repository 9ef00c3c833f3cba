using NixGen.Diagnostics;
using NixGen.Manifest.Loading;
using NixGen.Manifest.Tree;

namespace NixGen.Manifest.Binding;

/// <summary>The named things of one section, over all files. A name is given once.</summary>
/// <param name="section">The section's key: <c>models</c>, <c>profiles</c>, <c>sources</c> or <c>groups</c>.</param>
/// <param name="noun">What one of them is called.</param>
/// <param name="diagnostics">Where faults go.</param>
internal sealed class Definitions(string section, string noun, DiagnosticBag diagnostics)
{
    private readonly Dictionary<string, Definition> _byName = new(StringComparer.Ordinal);

    /// <summary>All, in no order that may be relied on.</summary>
    public IEnumerable<Definition> Values => _byName.Values;

    /// <summary>All names.</summary>
    public IEnumerable<string> Names => _byName.Keys;

    /// <summary>Takes those of a file.</summary>
    public void AddFrom(LoadedFile file)
    {
        foreach (var entry in file.Top.Mapping(section)?.Entries ?? [])
        {
            if (!_byName.TryAdd(entry.Key, new(entry, file)))
            {
                diagnostics.Add(BindingDiagnostics.DefinedTwice(noun, entry.Key, _byName[entry.Key].Entry.KeySpan, entry.KeySpan));
            }
        }
    }

    /// <summary>The one of a name, or null.</summary>
    public Definition? Find(string name) => _byName.GetValueOrDefault(name);
}

/// <summary>A named thing and the file that defines it.</summary>
internal sealed record Definition(MappingEntry Entry, LoadedFile File);

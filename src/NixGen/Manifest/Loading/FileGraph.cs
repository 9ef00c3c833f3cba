using System.Collections.Immutable;
using NixGen.Diagnostics;
using NixGen.Manifest.Tree;

namespace NixGen.Manifest.Loading;

/// <summary>Reads manifests and what they include, each file once, parents before children.</summary>
internal sealed class FileGraph(IManifestFiles files, DiagnosticBag diagnostics)
{
    private const int MaxFiles = 1_000;

    private readonly ImmutableArray<LoadedFile>.Builder _loaded = ImmutableArray.CreateBuilder<LoadedFile>();
    private readonly Dictionary<string, SourceSpan?> _seen = new(StringComparer.Ordinal);
    private readonly List<string> _open = [];

    /// <summary>All files that could be read.</summary>
    public ImmutableArray<LoadedFile> Load(ImmutableArray<string> paths)
    {
        foreach (var path in paths)
        {
            Visit(path, null, null);
        }

        return _loaded.ToImmutable();
    }

    private void Visit(string path, LoadedFile? parent, SourceSpan? includedAt)
    {
        var identity = files.Identity(path);
        if (_open.Contains(identity, StringComparer.Ordinal))
        {
            diagnostics.Add(IncludeDiagnostics.IsCycle(includedAt, path));
            return;
        }

        if (!_seen.TryAdd(identity, includedAt))
        {
            diagnostics.Add(IncludeDiagnostics.IsRepeated(includedAt, path, _seen[identity]));
            return;
        }

        if (_seen.Count > MaxFiles)
        {
            diagnostics.Add(IncludeDiagnostics.IsTooMany(includedAt, MaxFiles));
            return;
        }

        if (Read(path, parent, includedAt) is { } file)
        {
            _loaded.Add(file);
            _open.Add(identity);
            Follow(file);
            _open.RemoveAt(_open.Count - 1);
        }
    }

    private LoadedFile? Read(string path, LoadedFile? parent, SourceSpan? includedAt)
    {
        switch (files.Read(path))
        {
            case ManifestFile.Content content:
                var source = ManifestText.Decode(path, content.Bytes.Span, diagnostics);
                if (source is null)
                {
                    return null;
                }

                return TreeReader.Read(source, diagnostics) is { } root
                    ? new(source, content.Bytes, root, parent)
                    : null;
            case ManifestFile.Unreadable unreadable:
                diagnostics.Add(TreeDiagnostics.CannotRead(path, unreadable.Reason, includedAt));
                return null;
            default:
                return null;
        }
    }

    private void Follow(LoadedFile file)
    {
        if (file.Top?["include"] is not SequenceNode list)
        {
            return;
        }

        if (_open.Count > TreeLimits.Depth)
        {
            diagnostics.Add(IncludeDiagnostics.IsTooMany(list.Span, MaxFiles));
            return;
        }

        foreach (var item in list.Items)
        {
            if (item is ScalarNode { Kind: ScalarKind.String, Text.Length: > 0 } path)
            {
                Visit(Resolve(file.Source.Path, path.Text), file, path.Span);
            }
        }
    }

    /// <summary>A path that a manifest states: relative to its folder. Standard input counts as a file of the working folder.</summary>
    public static string Resolve(string from, string include)
    {
        if (include.StartsWith('/'))
        {
            return include;
        }

        var slash = from.LastIndexOf('/');
        return slash < 0 ? include : string.Concat(from.AsSpan(0, slash + 1), include);
    }
}

using System.Collections.Immutable;
using NixGen.Diagnostics;
using NixGen.Manifest.Loading;
using NixGen.Manifest.Tree;

namespace NixGen.Manifest.Binding;

/// <summary>Joins files to one manifest: collects what they define, resolves names, and lays defaults and profiles under the models.</summary>
internal sealed class ManifestBinder(ImmutableArray<LoadedFile> files, IManifestFiles disk, DiagnosticBag diagnostics)
{
    private readonly Definitions _models = new("models", "model", diagnostics);
    private readonly Definitions _profiles = new("profiles", "profile", diagnostics);
    private readonly Definitions _sources = new("sources", "source template", diagnostics);
    private readonly Definitions _groups = new("groups", "group", diagnostics);

    /// <summary>The manifest; it stands only if no error was added, here or before.</summary>
    public ModelManifest Bind()
    {
        // Shapes that the schema refused are not judged a second time; names are, so that one run shows all.
        var isWellFormed = !diagnostics.HasErrors;
        foreach (var file in files)
        {
            _models.AddFrom(file);
            _profiles.AddFrom(file);
            _sources.AddFrom(file);
            _groups.AddFrom(file);
        }

        RefuseNamesThatDifferInCase();
        var sources = new SourceBinder(_sources, isWellFormed, diagnostics);
        ImmutableArray<Mirror> mirrors = [.. files.SelectMany(file => MirrorBinder.Bind(file.Top?["mirrors"]))];
        var scripts = new ScriptFiles(disk, diagnostics);
        var models = new ModelBinder(_profiles, sources, mirrors, new(scripts, diagnostics), new(scripts, diagnostics), new(scripts, diagnostics), diagnostics);
        ImmutableArray<ModelRequest> bound =
        [
            .. _models.Values
                .Where(model => !CompositionBinder.IsComposition(model))
                .Select(models.Bind)
                .OfType<ModelRequest>()
                .OrderBy(model => model.Name, StringComparer.Ordinal),
        ];
        return new()
        {
            Flake = BindFlake(),
            Models = bound,
            Compositions = BindCompositions(bound),
            Groups = BindGroups(bound),
            Policy = PolicyBinder.Bind(OnlyEntry("policy")),
        };
    }

    private ImmutableArray<Composition> BindCompositions(ImmutableArray<ModelRequest> bound)
    {
        var compositions = new CompositionBinder(_models, diagnostics);
        var byName = bound.ToDictionary(model => model.Name, StringComparer.Ordinal);
        return
        [
            .. _models.Values
                .Where(CompositionBinder.IsComposition)
                .Select(model => compositions.Bind(model, byName))
                .OrderBy(composition => composition.Name, StringComparer.Ordinal),
        ];
    }

    private FlakeSettings BindFlake()
    {
        var flake = OnlyEntry("flake")?.Value as MappingNode;
        var fallback = FlakeSettings.Default;
        return new(
            flake.Text("description") ?? fallback.Description,
            flake.Text("nixpkgs") ?? fallback.Nixpkgs,
            flake.Texts("systems") ?? fallback.Systems);
    }

    // A section that stands in one file only.
    private MappingEntry? OnlyEntry(string key)
    {
        MappingEntry? first = null;
        foreach (var file in files)
        {
            if (file.Top?.Find(key) is not { } entry)
            {
                continue;
            }

            if (first is not null)
            {
                diagnostics.Add(BindingDiagnostics.DefinedTwice("section", key, first.KeySpan, entry.KeySpan));
            }

            first ??= entry;
        }

        return first;
    }

    private ImmutableSortedDictionary<string, ImmutableArray<string>> BindGroups(ImmutableArray<ModelRequest> models)
    {
        var plain = models.Where(model => !model.Integration.Enable).Select(model => model.Name).ToHashSet(StringComparer.Ordinal);
        var groups = ImmutableSortedDictionary.CreateBuilder<string, ImmutableArray<string>>(StringComparer.Ordinal);
        foreach (var group in _groups.Values)
        {
            if (_models.Find(group.Entry.Key) is { } model)
            {
                diagnostics.Add(BindingDiagnostics.CalledLikeModel(group.Entry.Key, group.Entry.KeySpan, model.Entry.KeySpan));
            }

            var members = ImmutableArray.CreateBuilder<string>();
            foreach (var item in (group.Entry.Value as SequenceNode)?.Items ?? [])
            {
                if (NodeValues.AsText(item) is not { } name)
                {
                    continue;
                }

                if (_models.Find(name) is not { } member)
                {
                    diagnostics.Add(BindingDiagnostics.NoSuchMember(
                        item.Span, name, _groups.Find(name) is not null, Spelling.Nearest(name, _models.Names)));
                }
                else if (CompositionBinder.IsComposition(member) || plain.Contains(name))
                {
                    diagnostics.Add(BindingDiagnostics.IsPlain(item.Span, name, CompositionBinder.IsComposition(member)));
                }

                members.Add(name);
            }

            groups[group.Entry.Key] = members.ToImmutable();
        }

        return groups.ToImmutable();
    }

    // models/<name>.nix is written for each, and the file systems of macOS ignore case.
    private void RefuseNamesThatDifferInCase()
    {
        var seen = new Dictionary<string, Definition>(StringComparer.OrdinalIgnoreCase);
        foreach (var model in _models.Values)
        {
            if (!seen.TryAdd(model.Entry.Key, model))
            {
                var other = seen[model.Entry.Key];
                diagnostics.Add(BindingDiagnostics.DiffersInCase(
                    model.Entry.Key, model.Entry.KeySpan, other.Entry.Key, other.Entry.KeySpan));
            }
        }
    }
}

using System.Collections.Immutable;
using NixGen.Diagnostics;
using NixGen.Manifest.Loading;
using NixGen.Manifest.Tree;
using NixGen.Nix.Hashing;

namespace NixGen.Manifest.Binding;

/// <summary>Makes one model's request: defaults of its file and of the files that include it, profiles in order, then its own words.</summary>
/// <param name="profiles">All profiles.</param>
/// <param name="sources">Binds sources.</param>
/// <param name="mirrors">The mirrors of the whole manifest.</param>
/// <param name="validation">Binds what is said of validation.</param>
/// <param name="changes">Binds what changes models.</param>
/// <param name="quantization">Binds what quantizes them.</param>
/// <param name="diagnostics">Where faults go.</param>
internal sealed class ModelBinder(Definitions profiles, SourceBinder sources, ImmutableArray<Mirror> mirrors, ValidationBinder validation, ChangeBinder changes, QuantizeBinder quantization, DiagnosticBag diagnostics)
{
    private readonly Dictionary<LoadedFile, MappingNode?> _defaults = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<SourceSpan> _told = [];
    private readonly ModelSources _sources = new(sources, diagnostics);

    /// <summary>The request, or null where the model has no usable source.</summary>
    public ModelRequest? Bind(Definition model)
    {
        var value = model.Entry.Value;
        var own = value as MappingNode;
        var settings = Settings(model.File, own);
        var declared = _sources.Bind(model.Entry);
        SettingsRelations.Check(settings, declared.FirstOrDefault(), _told, diagnostics);
        return declared is [] ? null : Bind(model.Entry, declared[0], declared[1..], settings);
    }

    private ModelRequest Bind(
        MappingEntry entry, SourceDeclaration source, ImmutableArray<SourceDeclaration> alternates, MappingNode? settings)
    {
        var kind = SourceVocabulary.KindOf(source);
        var ollama = OllamaOfTheHub.Complete(SettingsBinder.Ollama(settings.Mapping("integration").Mapping("ollama")), source);
        var model = new ModelRequest
        {
            Name = entry.Key,
            NameSpan = entry.KeySpan,
            Source = source,
            Alternates = alternates,
            Auth = source.Auth ?? SettingsBinder.Auth(settings.Mapping("auth")),
            Security = SettingsBinder.Security(settings.Mapping("security")),
            Validation = validation.Bind(settings),
            Steps = changes.Bind(settings.Mapping("transform")?["steps"]),
            Scripts = changes.Bind(settings.Mapping("postDownload")?["scripts"]),
            Quantize = quantization.Bind(settings?.Find("quantize")),
            Provenance = SettingsBinder.Provenance(settings.Mapping("provenance")),
            Network = SettingsBinder.Network(settings.Mapping("network"), mirrors),
            Download = SettingsBinder.Download(settings.Mapping("download")),
            OnDownloadFailure = SettingsBinder.Failure(settings.Mapping("onDownloadFailure")),
            Sharding = SettingsBinder.Sharding(settings.Mapping("sharding")),
            ImpureEnvVars = settings.Texts("impureEnvVars") ?? [],
            Ollama = ollama,
            Materialize = SettingsBinder.Materialize(settings.Mapping("integration")),
            Meta = SettingsBinder.Meta(settings.Mapping("meta")),
            Version = settings.Text("version"),
            Hash = HashNodes.Read(settings?["hash"], diagnostics),
            FileHashes = FileHashes(settings.Mapping("fileHashes")),
            Pin = settings.Truth("pin") ?? false,
            Impure = settings.Truth("impure") ?? false,
            Lazy = settings.Truth("lazy") ?? false,
        };
        var isRepository = ollama.Enable != true && !model.IsChanged && (kind?.IsRepository ?? true);
        return model with { Integration = SettingsBinder.Integration(settings.Mapping("integration").Mapping("huggingface"), isRepository) };
    }

    private MappingNode? Settings(LoadedFile file, MappingNode? own)
    {
        var settings = Defaults(file);
        foreach (var name in ProfileNames(own?["profile"]))
        {
            if (profiles.Find(name.Text) is { } profile)
            {
                settings = Over(settings, profile.Entry.Value as MappingNode);
            }
            else
            {
                diagnostics.Add(BindingDiagnostics.NoSuchProfile(
                    name.Span, name.Text, Spelling.Nearest(name.Text, profiles.Names)));
            }
        }

        return Over(settings, own);
    }

    private MappingNode? Defaults(LoadedFile file)
    {
        if (!_defaults.TryGetValue(file, out var defaults))
        {
            defaults = Over(file.Parent is null ? null : Defaults(file.Parent), file.Top.Mapping("defaults"));
            _defaults.Add(file, defaults);
        }

        return defaults;
    }

    private static MappingNode? Over(MappingNode? lower, MappingNode? upper) =>
        lower is null ? upper : upper is null ? lower : MappingMerge.Over(lower, upper);

    private static IEnumerable<ScalarNode> ProfileNames(Node? node) => node switch
    {
        ScalarNode { Kind: ScalarKind.String } one => [one],
        SequenceNode several => several.Items.OfType<ScalarNode>().Where(item => item.Kind == ScalarKind.String),
        _ => [],
    };

    private ImmutableSortedDictionary<string, SriHash> FileHashes(MappingNode? hashes)
    {
        var result = ImmutableSortedDictionary.CreateBuilder<string, SriHash>(StringComparer.Ordinal);
        foreach (var entry in hashes?.Entries ?? [])
        {
            if (HashNodes.Read(entry.Value, diagnostics) is { } hash)
            {
                result[entry.Key] = hash;
            }
        }

        return result.ToImmutable();
    }
}

using System.Collections.Immutable;
using NixGen.Diagnostics;
using NixGen.Manifest.Loading;
using NixGen.Manifest.Schema;
using NixGen.Manifest.Tree;

namespace NixGen.Manifest.Binding;

/// <summary>Makes records of <c>validation</c>, of the scanners of <c>security</c> and of <c>pickle</c>, and reads the files that hold scripts.</summary>
internal sealed class ValidationBinder(IManifestFiles files, DiagnosticBag diagnostics)
{
    private static readonly ImmutableHashSet<string> Settings = ["buildInputs", "description", "onFailure", "timeout"];
    private static readonly ImmutableHashSet<string> Scripts = ["script", "command", "file"];

    private const int LongestScript = 100_000;

    // What stands in defaults is bound for every model.
    private readonly Dictionary<Node, ValidatorRequest?> _bound = new(ReferenceEqualityComparer.Instance);

    /// <summary>What the joined settings of a model say of validation.</summary>
    public ValidationSettings Bind(MappingNode? settings)
    {
        var validation = settings.Mapping("validation");
        var security = settings.Mapping("security");
        return new()
        {
            Preset = settings.Text("validation") ?? validation.Text("preset"),
            Enable = validation.Truth("enable"),
            SkipDefaults = validation.Truth("skipDefaults"),
            Scanners = Scanners(validation.Mapping("defaults")),
            Validators = Validators(validation?["validators"]),
            OnFailure = validation.Text("onFailure"),
            Timeout = validation.Number("timeout"),
            PickleAllow = settings.Mapping("pickle").Texts("allow") ?? [],
            EnablePickleScan = security.Truth("enablePickleScan"),
            EnableModelScan = security.Truth("enableModelScan"),
            CustomScanners = Validators(security?["customScanners"]),
            FailOnScanError = security.Truth("failOnScanError"),
        };
    }

    private static ImmutableSortedDictionary<string, bool> Scanners(MappingNode? defaults)
    {
        var scanners = ImmutableSortedDictionary.CreateBuilder<string, bool>(StringComparer.Ordinal);
        foreach (var entry in defaults?.Entries ?? [])
        {
            if (defaults.Truth(entry.Key) is { } isOn)
            {
                scanners[entry.Key] = isOn;
            }
        }

        return scanners.ToImmutable();
    }

    private ImmutableArray<ValidatorRequest> Validators(Node? node) =>
        node is SequenceNode list ? [.. list.Items.Select(Validator).OfType<ValidatorRequest>()] : [];

    private ValidatorRequest? Validator(Node node)
    {
        if (!_bound.TryGetValue(node, out var request))
        {
            request = node switch
            {
                MappingNode mapping => Stated(mapping),
                ScalarNode { Kind: ScalarKind.String } name => new() { Key = name.Text },
                _ => null,
            };
            _bound.Add(node, request);
        }

        return request;
    }

    private ValidatorRequest? Stated(MappingNode mapping)
    {
        ImmutableArray<MappingEntry> own = [.. mapping.Entries.Where(entry => !Settings.Contains(entry.Key))];
        ImmutableArray<MappingEntry> scripts = [.. own.Where(entry => Scripts.Contains(entry.Key))];
        var name = mapping.Find("name");
        if (scripts.Length == 1 && name is not null && own.Length == 2)
        {
            return Script(scripts[0]) is { } script ? Settled(mapping, new() { Name = mapping.Text("name"), Script = script }) : null;
        }

        if (own.Length == 1 && scripts.IsEmpty && name is null)
        {
            return Settled(mapping, new() { Key = own[0].Key, Argument = own[0].Value is ScalarNode { Kind: ScalarKind.Boolean } ? null : own[0].Value });
        }

        diagnostics.Add(BindingDiagnostics.ValidatorUnclear(mapping.Span, [.. own.Select(entry => entry.Key)]));
        return null;
    }

    private static ValidatorRequest Settled(MappingNode mapping, ValidatorRequest request) => request with
    {
        Description = mapping.Text("description"),
        Timeout = mapping.Number("timeout"),
        OnFailure = mapping.Text("onFailure"),
        BuildInputs = mapping.Texts("buildInputs") ?? [],
    };

    private string? Script(MappingEntry entry)
    {
        if (NodeValues.AsText(entry.Value) is not { } text || entry.Key != "file")
        {
            return NodeValues.AsText(entry.Value);
        }

        var path = FileGraph.Resolve(entry.Value.Span.Source.Path, text);
        switch (files.Read(path))
        {
            case ManifestFile.Content content when ManifestText.Decode(path, content.Bytes.Span, diagnostics) is { } source:
                if (LiteralSecrets.Describe(source.Text) is { } what)
                {
                    diagnostics.Add(SchemaDiagnostics.SecretValue(entry.Value.Span, what));
                    return null;
                }

                if (Problem(source.Text) is not { } problem)
                {
                    return source.Text;
                }

                diagnostics.Add(BindingDiagnostics.ScriptUnreadable(entry.Value.Span, path, problem));
                return null;
            case ManifestFile.Unreadable unreadable:
                diagnostics.Add(BindingDiagnostics.ScriptUnreadable(entry.Value.Span, path, unreadable.Reason));
                return null;
            default:
                return null;
        }
    }

    // As the schema has it for scripts that stand in the manifest.
    private static string? Problem(string script) =>
        string.IsNullOrWhiteSpace(script) ? "it is empty"
        : script.Length > LongestScript ? $"it is longer than {LongestScript} characters"
        : script.Any(character => char.IsControl(character) && character is not ('\n' or '\t')) ? "it holds a control character; lines end with a line feed alone"
        : null;
}

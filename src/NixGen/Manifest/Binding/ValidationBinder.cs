using System.Collections.Immutable;
using NixGen.Diagnostics;
using NixGen.Manifest.Tree;

namespace NixGen.Manifest.Binding;

/// <summary>Makes records of <c>validation</c>, of the scanners of <c>security</c> and of <c>pickle</c>.</summary>
internal sealed class ValidationBinder(ScriptFiles scriptFiles, DiagnosticBag diagnostics)
{
    private static readonly ImmutableHashSet<string> Settings = ["buildInputs", "description", "onFailure", "timeout"];

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
        ImmutableArray<MappingEntry> scripts = [.. own.Where(entry => ScriptFiles.Keys.Contains(entry.Key))];
        var name = mapping.Find("name");
        if (scripts.Length == 1 && name is not null && own.Length == 2)
        {
            return scriptFiles.Read(scripts[0]) is { } script ? Settled(mapping, new() { Name = mapping.Text("name"), Script = script }) : null;
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
}

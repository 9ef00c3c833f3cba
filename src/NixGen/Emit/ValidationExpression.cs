using System.Collections.Immutable;
using NixGen.Manifest;
using NixGen.Manifest.Tree;
using NixGen.Nix.Expressions;

namespace NixGen.Emit;

/// <summary>What is said of validation as <c>fetchModel</c> takes it: only what is stated, in the manifest's own words.</summary>
internal static class ValidationExpression
{
    /// <summary>The value of <c>validation</c>: a preset's name where nothing else is stated, and null where nothing is.</summary>
    public static Expression? Of(ValidationSettings validation)
    {
        var scanners = AttributeSet.Build();
        foreach (var (name, isOn) in validation.Scanners)
        {
            scanners.Add(name, Truth(isOn));
        }

        var set = AttributeSet.Build()
            .AddIfPresent("enable", Truth(validation.Enable))
            .AddIfPresent("skipDefaults", Truth(validation.SkipDefaults))
            .AddUnlessEmpty("defaults", scanners)
            .AddIfPresent("validators", List(validation.Validators))
            .AddIfPresent("onFailure", validation.OnFailure)
            .AddIfPresent("timeout", Number(validation.Timeout))
            .ToSet();
        return set.Bindings.IsEmpty
            ? validation.Preset is { } preset ? new StringLiteral(preset) : null
            : validation.Preset is null ? set : new AttributeSet([new AttributeBinding("preset", new StringLiteral(validation.Preset)), .. set.Bindings]);
    }

    /// <summary>The scanners of <c>security</c>.</summary>
    public static AttributeSetBuilder Security(ValidationSettings validation) => AttributeSet.Build()
        .AddIfPresent("enablePickleScan", Truth(validation.EnablePickleScan))
        .AddIfPresent("enableModelScan", Truth(validation.EnableModelScan))
        .AddIfPresent("customScanners", List(validation.CustomScanners))
        .AddIfPresent("failOnScanError", Truth(validation.FailOnScanError));

    private static ListExpression? List(ImmutableArray<ValidatorRequest> validators) =>
        validators.IsEmpty ? null : new ListExpression([.. validators.Select(Validator)]);

    private static Expression Validator(ValidatorRequest validator)
    {
        var set = AttributeSet.Build();
        if (validator.Key is { } key && validator.Argument is { } argument)
        {
            set.Add(key, Value(argument));
        }

        set.AddIfPresent("name", validator.Name)
            .AddIfPresent("description", validator.Description)
            .AddIfPresent("command", SettingsExpression.Text(validator.Script))
            .AddIfPresent("timeout", Number(validator.Timeout))
            .AddIfPresent("onFailure", validator.OnFailure)
            .AddUnlessEmpty("buildInputs", validator.BuildInputs);
        var built = set.ToSet();
        return (validator.Key, validator.Argument, built.Bindings.IsEmpty) switch
        {
            ({ } name, null, true) => new StringLiteral(name),
            ({ } name, null, false) => new AttributeSet([new AttributeBinding(name, BooleanLiteral.True), .. built.Bindings]),
            _ => built,
        };
    }

    // The schema has seen to what an argument may hold: texts, and lists and mappings of them.
    private static Expression Value(Node node) => node switch
    {
        SequenceNode list => new ListExpression([.. list.Items.Select(Value)]),
        MappingNode mapping => mapping.Entries
            .OrderBy(entry => entry.Key, StringComparer.Ordinal)
            .Aggregate(AttributeSet.Build(), (set, entry) => set.Add(entry.Key, Value(entry.Value)))
            .ToSet(),
        ScalarNode scalar => SettingsExpression.Text(scalar.Text) ?? new StringLiteral(scalar.Text),
        _ => throw new InvalidOperationException("A node is a list, a mapping or a scalar."),
    };

    private static BooleanLiteral? Truth(bool? value) => value is { } truth ? Truth(truth) : null;

    private static BooleanLiteral Truth(bool value) => value ? BooleanLiteral.True : BooleanLiteral.False;

    private static IntegerLiteral? Number(int? value) => value is { } number ? new(number) : null;
}

using System.Collections.Immutable;
using NixGen.Lock;
using NixGen.Manifest;
using NixGen.Nix.Expressions;

namespace NixGen.Emit;

/// <summary>A model as the attribute set that <c>fetchModel</c> takes.</summary>
public static class ModelExpression
{
    /// <summary>The definition of a model. What has its default value is left out.</summary>
    public static AttributeSet Of(EmittedModel emitted)
    {
        var model = emitted.Model;
        return AttributeSet.Build()
            .Add("name", model.Name)
            .AddIfPresent("version", model.Version)
            .BlankLine()
            .Add(AttributePath.Of("source", emitted.Kind), emitted.Source.ToNix())
            .BlankLine()
            .AddIfPresent("locked", emitted.Locked is null ? null : Locked(emitted.Locked.Resolved, emitted.Locked.Files))
            .AddIfPresent("alternates", emitted.Alternates.IsEmpty ? null : new ListExpression([.. emitted.Alternates.Select(Alternate)]))
            .AddIfPresent("hash", model.Hash?.Text)
            .AddIfPresent("impure", model.Impure ? BooleanLiteral.True : null)
            .AddIfPresent("lazy", model.Lazy ? BooleanLiteral.True : null)
            .AddUnlessEmpty("auth", SettingsExpression.Auth(model.Auth))
            .AddUnlessEmpty("impureEnvVars", model.ImpureEnvVars)
            .AddUnlessEmpty("network", SettingsExpression.Network(model.Network))
            .AddUnlessEmpty("download", SettingsExpression.Download(model.Download))
            .AddUnlessEmpty("onDownloadFailure", SettingsExpression.Failure(model.OnDownloadFailure))
            .AddUnlessEmpty("sharding", SettingsExpression.Sharding(model.Sharding))
            .AddUnlessEmpty(AttributePath.Of("integration", "huggingface"), Integration(model.Integration, model.Ollama.Enable != true && !model.IsChanged && (SourceVocabulary.Find(emitted.Kind)?.IsRepository ?? true)))
            .AddUnlessEmpty(AttributePath.Of("integration", "ollama"), Ollama(model.Ollama))
            .AddIfPresent(AttributePath.Of("integration", "materialize"), model.Materialize switch
            {
                Materialize.Always => "always",
                Materialize.Never => "never",
                _ => (Expression?)null,
            })
            .AddIfPresent("validation", ValidationExpression.Of(model.Validation))
            .AddUnlessEmpty("security", ValidationExpression.Security(model.Validation))
            .AddUnlessEmpty(AttributePath.Of("pickle", "allow"), model.Validation.PickleAllow)
            .AddIfPresent(AttributePath.Of("postDownload", "scripts"), Changes(model.Scripts))
            .AddIfPresent(AttributePath.Of("transform", "steps"), Changes(model.Steps))
            .AddUnlessEmpty("quantize", Quantize(model.Quantize))
            .AddUnlessEmpty("provenance", SettingsExpression.Provenance(model.Provenance))
            .AddUnlessEmpty("meta", Meta(model.Meta))
            .ToSet();
    }

    /// <summary>The definitions of all models by name, ordered ordinally; those that are composed of others among them.</summary>
    /// <param name="emission">What is emitted.</param>
    /// <param name="model">A model by its name, as an expression.</param>
    public static IEnumerable<(string Name, AttributeSet Definition)> All(Emission emission, Func<string, Expression> model) =>
        emission.Models.Select(emitted => (emitted.Model.Name, Of(emitted)))
            .Concat(emission.Compositions.Select(composition => (composition.Name, Of(composition, model))))
            .OrderBy(definition => definition.Name, StringComparer.Ordinal);

    /// <summary>The definition of a model that is composed of others.</summary>
    /// <param name="composition">The composition.</param>
    /// <param name="model">A model by its name, as an expression.</param>
    public static AttributeSet Of(Composition composition, Func<string, Expression> model)
    {
        var parts = AttributeSet.Build();
        foreach (var part in composition.Parts)
        {
            var value = model(part.Model);
            parts.Add(part.Name, part.Into is null ? value : AttributeSet.Build().Add("model", value).Add("into", part.Into).ToSet());
        }

        return AttributeSet.Build()
            .Add("name", composition.Name)
            .BlankLine()
            .Add("compose", parts.ToSet())
            .AddUnlessEmpty("meta", Meta(composition.Meta))
            .ToSet();
    }

    private static AttributeSetBuilder Quantize(QuantizeRequest? quantize)
    {
        if (quantize is null)
        {
            return AttributeSet.Build();
        }

        var set = AttributeSet.Build().Add("method", quantize.Method).AddIfPresent("type", quantize.Type);
        if (quantize.Bits is { } bits)
        {
            set.Add("bits", bits);
        }

        if (quantize.KeepOriginal)
        {
            set.Add("keepOriginal", true);
        }

        if (quantize.Convert is { } convert)
        {
            set.Add("convert", convert);
        }

        return set
            .AddIfPresent("command", SettingsExpression.Text(quantize.Script))
            .AddIfPresent("outputHash", quantize.OutputHash?.Text)
            .AddUnlessEmpty("buildInputs", quantize.BuildInputs);
    }

    private static ListExpression? Changes(ImmutableArray<ChangeRequest> changes) => changes.IsEmpty
        ? null
        : new ListExpression([.. changes.Select(change => AttributeSet.Build()
            .Add("name", change.Name)
            .AddIfPresent("command", SettingsExpression.Text(change.Script))
            .AddIfPresent("outputHash", change.OutputHash?.Text)
            .AddIfPresent("onFailure", change.OnFailure)
            .AddUnlessEmpty("buildInputs", change.BuildInputs)
            .ToSet())]);

    private static Expression Alternate(EmittedAlternate alternate) => AttributeSet.Build()
        .Add(AttributePath.Of("source", alternate.Kind), alternate.Source.ToNix())
        .Add("locked", Locked(alternate.Locked.Resolved, alternate.Locked.Files))
        .AddUnlessEmpty("auth", SettingsExpression.Auth(alternate.Auth ?? AuthSettings.Default))
        .ToSet();

    private static AttributeSet Locked(ResolvedRevision resolved, ImmutableArray<LockedFile> files) => AttributeSet.Build()
        .Add("repo", resolved.Id)
        .Add("revision", resolved.Revision)
        .AddIfPresent("endpoint", resolved.Endpoint)
        .AddIfPresent("license", resolved.License)
        .AddIfPresent("gated", resolved.Gated)
        .AddIfPresent("commitDate", resolved.CommitDate)
        .AddIfPresent("digest", resolved.Digest)
        .AddIfPresent("region", resolved.Region)
        .AddIfPresent("scan", resolved.Scan)
        .AddIfPresent("storage", resolved.Storage)
        .AddIfPresent("version", resolved.Version)
        .Add("files", new ListExpression([.. files.Select(File)]))
        .ToSet();

    private static Expression File(LockedFile file) => AttributeSet.Build()
        .Add("path", file.Path)
        .Add("size", file.Size)
        .Add("sha256", file.Sha256.Text)
        .Add("blob", file.Blob)
        .AddIfPresent("object", file.Object)
        .AddIfPresent("text", file.Text)
        .AddIfPresent("url", file.Url)
        .AddIfPresent("version", file.Version)
        .ToSet();

    private static AttributeSetBuilder Integration(HuggingFaceIntegration integration, bool isRepository)
    {
        var set = AttributeSet.Build();
        if (integration.Enable != isRepository)
        {
            set.Add("enable", integration.Enable);
        }

        return set
            .AddIfPresent("org", integration.Org)
            .AddIfPresent("model", integration.Model)
            .AddUnlessEmpty("refs", integration.Refs);
    }

    private static AttributeSetBuilder Ollama(OllamaIntegration integration)
    {
        var set = AttributeSet.Build();
        if (integration.Enable is { } enable)
        {
            set.Add("enable", enable);
        }

        return set
            .AddIfPresent("name", integration.Name)
            .AddIfPresent("tag", integration.Tag)
            .AddIfPresent("registry", integration.Registry);
    }

    private static AttributeSetBuilder Meta(ModelMeta meta) => AttributeSet.Build()
        .AddIfPresent("description", meta.Description)
        .AddIfPresent("homepage", meta.Homepage)
        .AddIfPresent("license", meta.License);
}

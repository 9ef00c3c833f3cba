using System.Collections.Immutable;
using NixGen.Diagnostics;
using NixGen.Lock;
using NixGen.Manifest;
using NixGen.Sources.Fields;
using NixGen.Sources.Registries;
using NixGen.Sources.Selection;

namespace NixGen.Sources.Oci;

/// <summary>Models packed as artifacts of registries: by ORAS, KitOps, ModelPack, Docker Model Runner, and whatever else names its files in annotations.</summary>
public sealed class OciKind : ISourceKind
{
    /// <summary>The name of this kind in manifests and locks.</summary>
    public const string KindName = "oci";

    private const string Prefix = "oci://";
    private const string Example = "registry.example.com/org/model:tag";

    /// <inheritdoc/>
    public string Name => KindName;

    /// <inheritdoc/>
    public SourceRequest? Bind(SourceDeclaration declaration, DiagnosticBag diagnostics) => declaration switch
    {
        ShortSpec spec => Bind(spec, diagnostics),
        LongSource source => Bind(source, diagnostics),
        _ => null,
    };

    /// <inheritdoc/>
    public Task<LockedSource?> ResolveAsync(ResolveContext context, CancellationToken cancellationToken) =>
        OciResolver.ResolveAsync(context, cancellationToken);

    /// <inheritdoc/>
    public ImmutableDictionary<string, string>? FetchVariables(LockedModel model, SourceRequest request, HostEnvironment environment) =>
        RegistryFetch.Variables(((OciRequest)request).Image.Endpoint, model.Resolved, environment);

    private static OciRequest? Bind(ShortSpec spec, DiagnosticBag diagnostics)
    {
        var (reference, problem) = OciReference.Parse(spec.Text[Prefix.Length..]);
        if (reference is null)
        {
            diagnostics.Add(FieldDiagnostics.HasBadSpec(spec, problem ?? "is empty", Prefix + Example));
            return null;
        }

        return new() { Image = reference };
    }

    private static OciRequest? Bind(LongSource source, DiagnosticBag diagnostics)
    {
        var problems = new DiagnosticBag();
        var fields = new FieldReader(source, problems);
        OciReference? reference = null;
        if (fields.Required("image", $"image: \"{Example}\"") is { } text)
        {
            (reference, var problem) = OciReference.Parse(text);
            if (reference is null)
            {
                problems.Add(FieldDiagnostics.HasBadValue(fields.At("image"), "image", text, problem ?? "is empty", Example));
            }
        }

        var files = fields.Patterns("files");
        var exclude = fields.Patterns("exclude");
        var weights = WeightFields.Read(fields);
        diagnostics.AddRange(problems.Items);
        return problems.HasErrors || reference is null ? null : new() { Image = reference, Files = files, Exclude = exclude, Weights = weights };
    }
}

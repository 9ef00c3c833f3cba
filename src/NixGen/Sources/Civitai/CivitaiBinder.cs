using System.Collections.Immutable;
using System.Globalization;
using NixGen.Diagnostics;
using NixGen.Manifest;
using NixGen.Manifest.Tree;
using NixGen.Sources.Fields;
using NixGen.Sources.HuggingFace;

namespace NixGen.Sources.Civitai;

/// <summary>Understands declarations of Civitai sources. The schema has checked their shape; this checks what they mean.</summary>
internal static class CivitaiBinder
{
    private const string Example = "civitai:3036@9857";

    /// <summary>A short spec.</summary>
    public static CivitaiRequest? Bind(ShortSpec spec, DiagnosticBag diagnostics)
    {
        if (CivitaiReference.Parse(spec.Text) is { } reference)
        {
            return new() { VersionId = reference.VersionId, ModelId = reference.ModelId, FileId = reference.FileId };
        }

        diagnostics.Add(FieldDiagnostics.HasBadSpec(spec, "names no version of a model: it has 'modelVersionId' in the page's address, and the second number of its AIR", Example));
        return null;
    }

    /// <summary>The long form.</summary>
    public static CivitaiRequest? Bind(LongSource source, DiagnosticBag diagnostics)
    {
        var problems = new DiagnosticBag();
        var fields = new FieldReader(source, problems);
        var version = Number(fields, "modelVersionId");
        if (!fields.Has("modelVersionId"))
        {
            problems.Add(FieldDiagnostics.Lacks(source, "modelVersionId", "modelVersionId: 9857"));
        }

        var request = new CivitaiRequest
        {
            VersionId = version ?? 0,
            ModelId = Number(fields, "modelId"),
            FileId = Number(fields, "fileId"),
            Select = Selector(fields),
            Files = fields.Patterns("files"),
            Exclude = fields.Patterns("exclude"),
            Endpoint = fields.Checked("endpoint", text => HubEndpoint.Parse(text).Problem, CivitaiRequest.DefaultEndpoint)?.Trim().TrimEnd('/'),
        };
        var ways = new[] { request.FileId is not null, !request.Select.IsEmpty, !request.Files.IsEmpty || !request.Exclude.IsEmpty };
        if (ways.Count(way => way) > 1)
        {
            problems.Add(CivitaiDiagnostics.SaysTwice(source.Span));
        }

        diagnostics.AddRange(problems.Items);
        return problems.HasErrors ? null : request;
    }

    private static long? Number(FieldReader fields, string key)
    {
        var text = fields.Checked(key, text => IsNumber(text, out _) ? null : "is no number of the site", "9857");
        return text is not null && IsNumber(text, out var number) ? number : null;
    }

    private static bool IsNumber(string text, out long number) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number > 0;

    private static ImmutableSortedDictionary<string, string> Selector(FieldReader fields)
    {
        var select = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        if (fields.Node("select") is MappingNode mapping)
        {
            foreach (var entry in mapping.Entries)
            {
                if (entry.Value is ScalarNode scalar)
                {
                    select[entry.Key] = scalar.Text;
                }
            }
        }

        return select.ToImmutable();
    }
}

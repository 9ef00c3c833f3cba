using NixGen.Diagnostics;
using NixGen.Manifest;
using NixGen.Sources.Fields;
using NixGen.Sources.Selection;

namespace NixGen.Sources.Gcs;

/// <summary>Understands declarations of objects in Cloud Storage. The schema has checked their shape; this checks what they mean.</summary>
internal static class GcsBinder
{
    /// <summary>What a short spec begins with.</summary>
    public const string Scheme = "gs://";

    private const string Example = "gs://my-models/llama/v1";

    /// <summary>A short spec, <c>gs://bucket/prefix</c> or <c>gs://bucket/object#generation</c>. It is no URL: nothing in it is percent-encoded, as with Google's own tools.</summary>
    public static GcsRequest? Bind(ShortSpec spec, DiagnosticBag diagnostics)
    {
        var (bucket, prefix) = Split(spec.Text[Scheme.Length..], '/');
        var (name, generation) = SplitLast(prefix);
        var problem = BucketName.Problem(bucket) is { } wrongBucket ? $"names the bucket '{bucket}', which {wrongBucket}"
            : BucketName.PrefixProblem(name) is { } wrongPrefix ? $"has a prefix that {wrongPrefix}"
            : generation is not null && name.Length == 0 ? "has a generation and no object"
            : null;
        if (problem is not null)
        {
            diagnostics.Add(FieldDiagnostics.HasBadSpec(spec, problem, Example));
            return null;
        }

        return new() { Bucket = bucket, Prefix = generation is null ? name.TrimEnd('/') : name, Generation = generation };
    }

    /// <summary>The long form.</summary>
    public static GcsRequest? Bind(LongSource source, DiagnosticBag diagnostics)
    {
        var problems = new DiagnosticBag();
        var fields = new FieldReader(source, problems);
        var bucket = fields.Has("bucket")
            ? fields.Checked("bucket", BucketName.Problem, "bucket: my-models")
            : fields.Required("bucket", "bucket: my-models");
        var prefix = fields.Checked("prefix", BucketName.PrefixProblem, "prefix: llama/v1") ?? "";
        var generation = fields.Checked("generation", BucketName.GenerationProblem, "generation: \"1709294400000000\"");
        var request = new GcsRequest
        {
            Bucket = bucket ?? "",
            Prefix = generation is null ? prefix.TrimEnd('/') : prefix,
            Generation = generation,
            Files = fields.Patterns("files"),
            Exclude = fields.Patterns("exclude"),
            Weights = WeightFields.Read(fields),
            Endpoint = Endpoint(fields, problems),
        };
        if (generation is not null && (prefix.Length == 0 || !request.Files.IsEmpty || !request.Exclude.IsEmpty || request.Weights != WeightChoice.All))
        {
            problems.Add(GcsDiagnostics.HasLooseGeneration(fields.At("generation")));
        }

        diagnostics.AddRange(problems.Items);
        return problems.HasErrors ? null : request;
    }

    private static GcsEndpoint? Endpoint(FieldReader fields, DiagnosticBag problems)
    {
        if (fields.Text("endpoint") is not { } text)
        {
            return null;
        }

        var (endpoint, problem) = GcsEndpoint.Parse(text);
        if (problem is not null)
        {
            problems.Add(FieldDiagnostics.HasBadValue(fields.At("endpoint"), "endpoint", text, problem, "endpoint: https://storage.example.com"));
        }

        return endpoint;
    }

    private static (string Head, string Tail) Split(string text, char mark)
    {
        var at = text.IndexOf(mark, StringComparison.Ordinal);
        return at < 0 ? (text, "") : (text[..at], text[(at + 1)..]);
    }

    // What stands behind the last '#' is a generation only if it is a number: names may hold the character.
    private static (string Name, string? Generation) SplitLast(string text)
    {
        var at = text.LastIndexOf('#');
        return at >= 0 && BucketName.GenerationProblem(text[(at + 1)..]) is null ? (text[..at], text[(at + 1)..]) : (text, null);
    }
}

using NixGen.Diagnostics;
using NixGen.Manifest;
using NixGen.Manifest.Tree;
using NixGen.Sources.Fields;
using NixGen.Sources.Objects;
using NixGen.Sources.Selection;

namespace NixGen.Sources.S3;

/// <summary>Understands declarations of the S3 source.</summary>
internal static class S3Binder
{
    private const string Scheme = "s3://";
    private const string Example = "s3://my-models/llama-2-7b?region=eu-central-1";

    /// <summary>A short spec: <c>s3://bucket/prefix?region=…&amp;endpoint=…&amp;versionId=…</c>. The prefix is the key as it is; values of the query are percent-encoded.</summary>
    public static S3Request? Bind(ShortSpec spec, DiagnosticBag diagnostics)
    {
        var rest = spec.Text[Scheme.Length..];
        var mark = rest.IndexOf('?', StringComparison.Ordinal);
        var path = mark < 0 ? rest : rest[..mark];
        var slash = path.IndexOf('/', StringComparison.Ordinal);
        var request = new S3Request
        {
            Bucket = slash < 0 ? path : path[..slash],
            Prefix = slash < 0 ? "" : path[(slash + 1)..],
        };
        var problem = Word("the bucket", S3Names.BucketProblem(request.Bucket)) ?? Word("the prefix", S3Names.PrefixProblem(request.Prefix));
        foreach (var option in mark < 0 ? [] : rest[(mark + 1)..].Split('&'))
        {
            if (problem is null)
            {
                (request, problem) = WithOption(request, option);
            }
        }

        problem ??= request.VersionId is null ? null : VersionedPrefixProblem(request.Prefix);
        if (problem is null)
        {
            return request;
        }

        diagnostics.Add(FieldDiagnostics.HasBadSpec(spec, problem, Example));
        return null;
    }

    /// <summary>The long form.</summary>
    public static S3Request? Bind(LongSource source, DiagnosticBag diagnostics)
    {
        var problems = new DiagnosticBag();
        var fields = new FieldReader(source, problems);
        _ = fields.Required("bucket", "bucket: my-models");
        var request = new S3Request
        {
            Bucket = fields.Checked("bucket", S3Names.BucketProblem, "my-models") ?? "",
            Prefix = fields.Checked("prefix", S3Names.PrefixProblem, "llama-2-7b/") ?? "",
            Region = fields.Checked("region", S3Names.RegionProblem, "us-east-1"),
            Endpoint = fields.Checked("endpoint", text => ObjectEndpoint.Parse(text).Problem, "https://s3.example.com") is { } endpoint
                ? ObjectEndpoint.Parse(endpoint).BaseUrl
                : null,
            VersionId = fields.Checked("versionId", S3Names.VersionProblem, "3HL4kqtJlcpXroDTDmJ+rmSpXd3dIbrHY"),
            IsUnsigned = fields.Node("unsigned") is ScalarNode { Text: "true" },
            Files = fields.Patterns("files"),
            Exclude = fields.Patterns("exclude"),
            Weights = WeightFields.Read(fields),
        };
        if (request.VersionId is { } version && VersionedPrefixProblem(request.Prefix) is { } problem)
        {
            problems.Add(FieldDiagnostics.HasBadValue(fields.At("versionId"), "versionId", version, problem, "prefix: llama/model.gguf"));
        }

        diagnostics.AddRange(problems.Items);
        return problems.HasErrors ? null : request;
    }

    private static (S3Request Request, string? Problem) WithOption(S3Request request, string option)
    {
        var equals = option.IndexOf('=', StringComparison.Ordinal);
        var name = equals < 0 ? option : option[..equals];
        var value = equals < 0 ? "" : Uri.UnescapeDataString(option[(equals + 1)..]);
        return name switch
        {
            "region" => (request with { Region = value }, Word("'region'", S3Names.RegionProblem(value))),
            "versionId" => (request with { VersionId = value }, Word("'versionId'", S3Names.VersionProblem(value))),
            "endpoint" when ObjectEndpoint.Parse(value) is var (baseUrl, wrong) => (request with { Endpoint = baseUrl }, Word("'endpoint'", wrong)),
            "profile" => (request, "names a profile, which belongs into 'auth.awsProfile'"),
            _ => (request, $"has the unknown option '{name}'; there are 'region', 'endpoint' and 'versionId'"),
        };
    }

    private static string? Word(string what, string? problem) => problem is null ? null : $"is wrong: {what} {problem}";

    private static string? VersionedPrefixProblem(string prefix) =>
        prefix.Length == 0 || prefix.EndsWith('/') ? "is of one object, so 'prefix' must be the whole key of that" : null;
}

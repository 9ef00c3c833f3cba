using NixGen.Diagnostics;
using NixGen.Lock;
using NixGen.Manifest;
using NixGen.Sources.Fields;
using NixGen.Sources.Selection;

namespace NixGen.Sources.Mlflow;

/// <summary>Understands declarations of MLflow sources. The schema has checked their shape; this checks what they mean.</summary>
internal static class MlflowBinder
{
    private const string Scheme = "mlflow:";
    private const string Example = "mlflow:models:/fraud@champion";

    /// <summary>A short spec: <c>mlflow:</c> and one of MLflow's URIs, or <c>mlflow:name@version</c> with a number, <c>latest</c> or an alias. The server is the environment's.</summary>
    public static MlflowRequest? Bind(ShortSpec spec, DiagnosticBag diagnostics)
    {
        var rest = spec.Text[Scheme.Length..];
        var (model, problem) = rest.Contains(":/", StringComparison.Ordinal) ? MlflowReference.Parse(rest) : Short(rest);
        if (model is not null)
        {
            return new() { Model = model };
        }

        diagnostics.Add(FieldDiagnostics.HasBadSpec(spec, problem ?? "is wrong", Example));
        return null;
    }

    /// <summary>The long form.</summary>
    public static MlflowRequest? Bind(LongSource source, DiagnosticBag diagnostics)
    {
        var problems = new DiagnosticBag();
        var fields = new FieldReader(source, problems);
        var model = Model(source, fields, problems);
        var server = fields.Checked("trackingUri", text => MlflowAddress.Parse(text).Problem, "https://mlflow.example.com");
        var request = new MlflowRequest
        {
            Model = model ?? new(MlflowReferenceKind.Latest, "", ""),
            TrackingUri = server is null ? null : MlflowAddress.Parse(server).BaseUrl,
            FromStore = fields.Text("artifacts") == "store",
            Files = fields.Patterns("files"),
            Exclude = fields.Patterns("exclude"),
            Weights = WeightFields.Read(fields),
        };
        diagnostics.AddRange(problems.Items);
        return model is null || problems.HasErrors ? null : request;
    }

    private static (MlflowReference? Reference, string? Problem) Short(string text)
    {
        var at = text.LastIndexOf('@');
        if (at < 0)
        {
            return (null, "says no version");
        }

        var (name, version) = (text[..at], text[(at + 1)..]);
        return MlflowNames.VersionProblem(version) is null || version.Equals("latest", StringComparison.OrdinalIgnoreCase)
            ? MlflowReference.OfVersion(name, version)
            : MlflowReference.OfAlias(name, version);
    }

    private static MlflowReference? Model(LongSource source, FieldReader fields, DiagnosticBag problems)
    {
        string[] ways = ["modelName", "run", "uri"];
        if (ways.Where(fields.Has).ToArray() is not [var way])
        {
            problems.Add(MlflowDiagnostics.IsUnclear(
                source, "names its model by one of 'modelName', 'run' and 'uri'", [.. ways.Where(fields.Has)], "modelName: fraud, modelVersion: 3"));
            return null;
        }

        string[] versions = ["modelVersion", "version", "modelStage", "stage", "modelAlias"];
        string[] stray =
        [
            .. versions.Where(key => way != "modelName" && fields.Has(key)),
            .. way != "run" && fields.Has("artifactPath") ? ["artifactPath"] : Array.Empty<string>(),
        ];
        if (stray.Length > 0)
        {
            problems.Add(MlflowDiagnostics.IsUnclear(source, $"names its model by '{way}', to which other fields belong", stray, "modelName: fraud, modelVersion: 3"));
            return null;
        }

        return way switch
        {
            "uri" => Understood(fields, way, MlflowReference.Parse(fields.Text(way) ?? ""), "models:/fraud@champion", problems),
            "run" => OfRun(fields, problems),
            _ => OfName(source, fields, [.. versions.Where(fields.Has)], problems),
        };
    }

    private static MlflowReference? OfRun(FieldReader fields, DiagnosticBag problems)
    {
        var path = fields.Checked("artifactPath", text => LockedPath.Problem(text.TrimEnd('/')), "model");
        return Understood(fields, "run", MlflowReference.OfRun(fields.Text("run") ?? "", path ?? ""), "0123456789abcdef0123456789abcdef", problems);
    }

    private static MlflowReference? OfName(LongSource source, FieldReader fields, string[] stated, DiagnosticBag problems)
    {
        if (stated is not [var key])
        {
            problems.Add(MlflowDiagnostics.IsUnclear(
                source, "says by one of 'modelVersion', 'modelStage' and 'modelAlias' which version it is", [.. stated], "modelVersion: 3"));
            return null;
        }

        var (name, value) = (fields.Text("modelName") ?? "", fields.Text(key) ?? "");
        if (MlflowNames.NameProblem(name) is { } problem)
        {
            problems.Add(FieldDiagnostics.HasBadValue(fields.At("modelName"), "modelName", name, problem, "fraud"));
            return null;
        }

        if (key == "modelAlias")
        {
            return Understood(fields, key, MlflowReference.OfAlias(name, value), "champion", problems);
        }

        var isStage = key is "modelStage" or "stage";
        var isWrong = isStage ? MlflowNames.Stage(value) is null : MlflowNames.Stage(value) is not null;
        return isWrong
            ? Understood(fields, key, (null, isStage ? $"is none of {string.Join(", ", MlflowNames.Stages)}" : "is a stage, which stands in 'modelStage'"), isStage ? "Production" : "3", problems)
            : Understood(fields, key, MlflowReference.OfVersion(name, value), isStage ? "Production" : "3", problems);
    }

    private static MlflowReference? Understood(
        FieldReader fields, string key, (MlflowReference? Reference, string? Problem) read, string example, DiagnosticBag problems)
    {
        if (read.Problem is { } problem)
        {
            problems.Add(FieldDiagnostics.HasBadValue(fields.At(key), key, fields.Text(key) ?? "", problem, example));
        }

        return read.Reference;
    }
}

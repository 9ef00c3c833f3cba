using System.Text.RegularExpressions;
using NixGen.Diagnostics;
using NixGen.Manifest;
using NixGen.Sources.Fields;
using NixGen.Sources.Objects;
using NixGen.Sources.Selection;

namespace NixGen.Sources.Azure;

/// <summary>Understands declarations of blobs. The schema has checked their shape; this checks what they mean.</summary>
internal static partial class AzureBinder
{
    private const string Example = "az://myaccount/models/llama/v1";

    /// <summary>A short spec: <c>az://account/container/prefix</c>, or the URIs of Hadoop's drivers, <c>abfss://container@account.dfs.core.windows.net/prefix</c> and <c>wasbs://…</c>. Nothing in it is percent-encoded.</summary>
    public static AzureRequest? Bind(ShortSpec spec, DiagnosticBag diagnostics)
    {
        var match = Plain().Match(spec.Text);
        if (!match.Success)
        {
            match = Hadoop().Match(spec.Text);
        }

        var (account, container, prefix) = (match.Groups["account"].Value, match.Groups["container"].Value, match.Groups["prefix"].Value);
        var problem = !match.Success ? "doesn't name an account and a container"
            : AzureNames.AccountProblem(account) is { } wrongAccount ? $"names the account '{account}', which {wrongAccount}"
            : AzureNames.ContainerProblem(container) is { } wrongContainer ? $"names the container '{container}', which {wrongContainer}"
            : AzureNames.PrefixProblem(prefix) is { } wrongPrefix ? $"has a prefix that {wrongPrefix}"
            : null;
        if (problem is not null)
        {
            diagnostics.Add(FieldDiagnostics.HasBadSpec(spec, problem, Example));
            return null;
        }

        var cloud = match.Groups["cloud"].Value;
        return new()
        {
            Account = account,
            Container = container,
            Prefix = prefix.TrimEnd('/'),
            // The Data Lake's host has the same blobs under another name.
            Endpoint = cloud is "" or "core.windows.net" ? null : $"https://{account}.blob.{cloud}",
        };
    }

    /// <summary>The long form.</summary>
    public static AzureRequest? Bind(LongSource source, DiagnosticBag diagnostics)
    {
        var problems = new DiagnosticBag();
        var fields = new FieldReader(source, problems);
        var account = Named("account", AzureNames.AccountProblem, "account: myaccount");
        var container = Named("container", AzureNames.ContainerProblem, "container: models");
        var request = new AzureRequest
        {
            Account = account ?? "",
            Container = container ?? "",
            Prefix = (fields.Checked("prefix", AzureNames.PrefixProblem, "prefix: llama/v1") ?? "").TrimEnd('/'),
            Files = fields.Patterns("files"),
            Exclude = fields.Patterns("exclude"),
            Weights = WeightFields.Read(fields),
            Endpoint = Endpoint(fields, problems),
        };
        diagnostics.AddRange(problems.Items);
        return problems.HasErrors ? null : request;

        string? Named(string key, Func<string, string?> problemOf, string example) =>
            fields.Has(key) ? fields.Checked(key, problemOf, example) : fields.Required(key, example);
    }

    private static string? Endpoint(FieldReader fields, DiagnosticBag problems)
    {
        if (fields.Text("endpoint") is not { } text)
        {
            return null;
        }

        var (endpoint, problem) = ObjectEndpoint.Parse(text);
        if (problem is not null)
        {
            problems.Add(FieldDiagnostics.HasBadValue(fields.At("endpoint"), "endpoint", text, problem, "endpoint: https://myaccount.blob.core.usgovcloudapi.net"));
        }

        return endpoint;
    }

    [GeneratedRegex(@"\A(?i:az)://(?<account>[^/@]*)/(?<container>[^/@]*)(/(?<prefix>.*))?\z", RegexOptions.ExplicitCapture | RegexOptions.Singleline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Plain();

    [GeneratedRegex(@"\A(?i:abfss?|wasbs?)://(?<container>[^/@]*)@(?<account>[^/.]*)\.(dfs|blob)\.(?<cloud>core\.windows\.net|core\.usgovcloudapi\.net|core\.chinacloudapi\.cn)(/(?<prefix>.*))?\z", RegexOptions.ExplicitCapture | RegexOptions.Singleline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Hadoop();
}

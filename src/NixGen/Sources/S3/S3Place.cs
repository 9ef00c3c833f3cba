using NixGen.Diagnostics;
using NixGen.Sources.Objects;

namespace NixGen.Sources.S3;

/// <summary>Where a bucket is asked for.</summary>
/// <param name="Bucket">Its name.</param>
/// <param name="Region">The region that requests are signed for.</param>
/// <param name="Endpoint">Base URL of a server that isn't the vendor's, without a trailing slash; or null.</param>
/// <param name="IsRegionStated">Whether the manifest names the region, which then isn't found out.</param>
internal sealed record S3Place(string Bucket, string Region, string? Endpoint, bool IsRegionStated)
{
    /// <summary>The region of requests where nobody names one.</summary>
    public const string DefaultRegion = "us-east-1";

    /// <summary>The bucket's URL.</summary>
    public string Url => Endpoint is null
        // The certificate of S3 covers one label only.
        ? Bucket.Contains('.', StringComparison.Ordinal) ? $"https://s3.{Region}.{Domain}/{Bucket}" : $"https://{Bucket}.s3.{Region}.{Domain}"
        : $"{Endpoint}/{Bucket}";

    private string Domain => Region.StartsWith("cn-", StringComparison.Ordinal) ? "amazonaws.com.cn" : "amazonaws.com";

    /// <summary>The place of a request: what it states, else what the environment names. Adds a diagnostic and gives null where that is wrong.</summary>
    public static S3Place? Of(S3Request request, HostEnvironment environment, DiagnosticBag diagnostics)
    {
        var region = request.Region ?? environment.Variable("AWS_REGION") ?? environment.Variable("AWS_DEFAULT_REGION") ?? DefaultRegion;
        if (S3Names.RegionProblem(region) is { } wrongRegion)
        {
            diagnostics.Add(S3Diagnostics.HasBadVariable("AWS_REGION", wrongRegion, "us-east-1"));
            return null;
        }

        if (request.Endpoint is not null)
        {
            return new(request.Bucket, region, request.Endpoint, request.Region is not null);
        }

        foreach (var name in (ReadOnlySpan<string>)["AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"])
        {
            if (environment.Variable(name) is { } stated)
            {
                var (endpoint, problem) = ObjectEndpoint.Parse(stated);
                if (problem is not null)
                {
                    diagnostics.Add(S3Diagnostics.HasBadVariable(name, problem, "https://s3.example.com"));
                    return null;
                }

                return new(request.Bucket, region, endpoint, request.Region is not null);
            }
        }

        return new(request.Bucket, region, null, request.Region is not null);
    }

    /// <summary>The URL of an object, as anybody asks for it.</summary>
    public Uri UrlOf(string key, string? version)
    {
        var path = string.Join('/', key.Split('/').Select(Uri.EscapeDataString));
        return new Uri($"{Url}/{path}{(version is null ? "" : "?versionId=" + Uri.EscapeDataString(version))}");
    }
}

using System.Collections.Immutable;

namespace NixGen.Testing.S3;

/// <summary>A request as the log holds it.</summary>
public sealed record S3Request
{
    public required string Method { get; init; }

    /// <summary>Path and query as sent.</summary>
    public required string Target { get; init; }

    /// <summary>The bucket named in the path; empty for none.</summary>
    public string Bucket { get; init; } = "";

    /// <summary>The key, decoded; empty for a request about the bucket.</summary>
    public string Key { get; init; } = "";

    /// <summary>Decoded parameters of the query; those without a value have an empty one.</summary>
    public ImmutableDictionary<string, string> Query { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Headers by their names in lower case.</summary>
    public ImmutableDictionary<string, string> Headers { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Whether it came to the other host.</summary>
    public bool IsElsewhere { get; init; }

    /// <summary>Status sent, or 0 while there is none.</summary>
    public int Status { get; init; }

    /// <summary>Bytes of body that were sent.</summary>
    public long BytesSent { get; init; }

    /// <summary>A header's value, or null.</summary>
    public string? this[string header] => Headers.GetValueOrDefault(header);

    /// <summary>Whether the request carries anything that came of a secret.</summary>
    public bool ShowsWhoAsks => this["authorization"] is not null || this["x-amz-security-token"] is not null || Query.ContainsKey("X-Amz-Signature");

    /// <summary>Whether it asks for the content of an object.</summary>
    public bool IsDownload => Method == "GET" && Key.Length > 0;

    public override string ToString() => $"{Method} {Target} -> {Status}, {BytesSent} bytes{(ShowsWhoAsks ? ", signed" : "")}";
}

using System.Collections.Immutable;
using System.Globalization;
using NixGen.Lock;

namespace NixGen.Sources;

/// <summary>What every fetcher is told to fetch one file: the variables that the emitted adapters set too.</summary>
public static class FileFetch
{
    /// <summary>Variables by name.</summary>
    public static ImmutableDictionary<string, string> Variables(LockedFile file) =>
        ImmutableDictionary.CreateRange(StringComparer.Ordinal,
        [
            new("fetch_path", file.Path),
            new("fetch_size", file.Size.ToString(CultureInfo.InvariantCulture)),
            new("fetch_sha256", file.Sha256.Text),
            new("fetch_blob", file.Blob),
            new("fetch_object", file.Object ?? ""),
            new("fetch_url", file.Url ?? ""),
            new KeyValuePair<string, string>("fetch_version", file.Version ?? ""),
        ]);
}

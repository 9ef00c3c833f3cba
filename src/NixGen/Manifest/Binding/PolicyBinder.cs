using System.Globalization;
using NixGen.Manifest.Tree;

namespace NixGen.Manifest.Binding;

/// <summary>Makes a record of <c>policy</c>, which the schema has accepted.</summary>
internal static class PolicyBinder
{
    /// <summary>What it demands; nothing where there is none.</summary>
    public static PolicySettings Bind(MappingEntry? entry)
    {
        if (entry?.Value is not MappingNode policy)
        {
            return PolicySettings.Default;
        }

        var licenses = policy.Mapping("licenses");
        return new()
        {
            AllowedLicenses = [.. (licenses.Texts("allowed") ?? []).Select(name => name.ToLowerInvariant())],
            DeniedLicenses = [.. (licenses.Texts("denied") ?? []).Select(name => name.ToLowerInvariant())],
            Publishers = policy.Texts("publishers") ?? [],
            Formats = policy.Texts("formats") ?? [],
            MaxSize = Bytes(policy.Text("maxSize")),
            MaxTotalSize = Bytes(policy.Text("maxTotalSize")),
            Refuse = [.. policy.Texts("refuse") ?? []],
            Span = entry.KeySpan,
        };
    }

    // K, M, G and T are powers of 1024, as in `maxSize` of validators.
    private static long? Bytes(string? text)
    {
        if (text is null)
        {
            return null;
        }

        var power = "KMGT".IndexOf(text[^1], StringComparison.Ordinal) + 1;
        var digits = power == 0 ? text : text[..^1];
        return long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number << (10 * power) : null;
    }
}

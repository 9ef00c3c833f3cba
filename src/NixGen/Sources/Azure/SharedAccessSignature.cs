using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace NixGen.Sources.Azure;

/// <summary>A query that opens a container for an hour, made with the account's key ("Create a service SAS").</summary>
internal static class SharedAccessSignature
{
    private const string Version = "2020-12-06";
    private static readonly TimeSpan _lifetime = TimeSpan.FromHours(1);

    /// <summary>The query, without a question mark: read and list, over https or what the address says.</summary>
    /// <param name="account">The account's name.</param>
    /// <param name="key">The account's key, in base64.</param>
    /// <param name="container">The container's name.</param>
    /// <param name="now">The time in UTC.</param>
    /// <exception cref="FormatException">The key is no base64.</exception>
    public static string Make(string account, string key, string container, DateTimeOffset now)
    {
        var expiry = (now + _lifetime).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        // Sixteen fields, those that aren't used empty: permissions, start, expiry, resource, identifier, IP, protocol, version, …
        string[] fields = ["rl", "", expiry, $"/blob/{account}/{container}", "", "", "", Version, "c", "", "", "", "", "", "", ""];
        var signature = Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(key), Encoding.UTF8.GetBytes(string.Join('\n', fields))));
        return $"sp=rl&se={Uri.EscapeDataString(expiry)}&sv={Version}&sr=c&sig={Uri.EscapeDataString(signature)}";
    }

    /// <summary>Whether a text is such a query, with or without a question mark.</summary>
    public static bool IsOne(string text) =>
        text.TrimStart('?').Split('&').Any(part => part.StartsWith("sig=", StringComparison.Ordinal));
}

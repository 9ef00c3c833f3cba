using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace NixGen.Testing.Gcs;

/// <summary>An access token and whose it is.</summary>
/// <param name="Value">Its text.</param>
/// <param name="Account">An e-mail address.</param>
/// <param name="Scopes">What it is good for.</param>
public sealed record GcsToken(string Value, string Account, IReadOnlyList<string> Scopes)
{
    public const string ReadOnly = "https://www.googleapis.com/auth/devstorage.read_only";

    private static readonly string[] Reading =
    [
        ReadOnly,
        "https://www.googleapis.com/auth/devstorage.read_write",
        "https://www.googleapis.com/auth/devstorage.full_control",
        "https://www.googleapis.com/auth/cloud-platform",
        "https://www.googleapis.com/auth/cloud-platform.read-only",
    ];

    public bool Reads => Scopes.Intersect(Reading, StringComparer.Ordinal).Any();
}

/// <summary>Who there is, and the exchange of their keys for access tokens (RFC 6749, RFC 7523).</summary>
public sealed class GcsIdentities
{
    private const string Statement = "urn:ietf:params:oauth:grant-type:jwt-bearer";
    private readonly ConcurrentDictionary<string, RSA> accounts = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, (string Email, string ClientId, string Secret)> users = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, GcsToken> tokens = new(StringComparer.Ordinal);
    private int issued;

    /// <summary>The account of the machine that the metadata server speaks for, or null where there is none.</summary>
    public string? MachineAccount { get; set; }

    /// <summary>Makes a service account; returns the JSON of a key file.</summary>
    /// <param name="email">Its name.</param>
    /// <param name="tokenUri">Where keys are exchanged.</param>
    public string AddServiceAccount(string email, string tokenUri)
    {
        var key = RSA.Create(2048);
        accounts[email] = key;
        return new JsonObject
        {
            ["type"] = "service_account",
            ["project_id"] = "example",
            ["private_key_id"] = "0123456789abcdef",
            ["private_key"] = key.ExportPkcs8PrivateKeyPem() + "\n",
            ["client_email"] = email,
            ["client_id"] = "1",
            ["token_uri"] = tokenUri,
        }.ToJsonString();
    }

    /// <summary>Makes a user who has logged in; returns the JSON that <c>gcloud auth application-default login</c> writes.</summary>
    public string AddUser(string email, string refreshToken, string tokenUri)
    {
        users[refreshToken] = (email, "client.apps.googleusercontent.com", "client-secret");
        return new JsonObject
        {
            ["type"] = "authorized_user",
            ["client_id"] = "client.apps.googleusercontent.com",
            ["client_secret"] = "client-secret",
            ["refresh_token"] = refreshToken,
            ["token_uri"] = tokenUri,
        }.ToJsonString();
    }

    /// <summary>Gives a token without an exchange.</summary>
    public GcsToken Issue(string account, params string[] scopes)
    {
        var number = Interlocked.Increment(ref issued);
        var token = new GcsToken($"ya29.loopback-{number}-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12))}", account, scopes);
        tokens[token.Value] = token;
        return token;
    }

    public void Revoke(string token) => tokens.TryRemove(token, out _);

    internal GcsToken? Find(string token) => tokens.GetValueOrDefault(token);

    /// <summary>For whom each statement of a service account was made, by its own words.</summary>
    public ConcurrentQueue<string> Audiences { get; } = new();

    /// <summary>Answers a form that was sent to the token endpoint.</summary>
    /// <param name="form">Its fields.</param>
    /// <param name="audience">The endpoint's own URL.</param>
    internal (int Status, string Body) Exchange(IReadOnlyDictionary<string, string> form, string audience)
    {
        switch (form.GetValueOrDefault("grant_type"))
        {
            case Statement:
                return Check(form.GetValueOrDefault("assertion") ?? "", audience) is { } problem
                    ? Refusal("invalid_grant", problem)
                    : Granted(ClaimsOf(form["assertion"]));
            case "refresh_token" when users.TryGetValue(form.GetValueOrDefault("refresh_token") ?? "", out var user):
                return user.ClientId == form.GetValueOrDefault("client_id") && user.Secret == form.GetValueOrDefault("client_secret")
                    ? Grant(Issue(user.Email, "https://www.googleapis.com/auth/cloud-platform"))
                    : (401, """{"error":"invalid_client","error_description":"The OAuth client was not found."}""");
            case "refresh_token":
                return Refusal("invalid_grant", "Token has been expired or revoked.");
            default:
                return Refusal("unsupported_grant_type", "Invalid grant_type");
        }
    }

    internal static (int Status, string Body) Grant(GcsToken token) =>
        (200, new JsonObject { ["access_token"] = token.Value, ["expires_in"] = 3599, ["token_type"] = "Bearer" }.ToJsonString());

    private (int Status, string Body) Granted(JsonElement claims) =>
        Grant(Issue(Text(claims, "iss"), Text(claims, "scope").Split(' ')));

    // What is wrong with a statement, or null.
    private string? Check(string assertion, string audience)
    {
        var parts = assertion.Split('.');
        if (parts.Length != 3)
            return "Invalid JWT: it must be three parts.";
        var claims = ClaimsOf(assertion);
        using var head = JsonDocument.Parse(Base64Url.DecodeFromChars(parts[0]));
        if (Text(head.RootElement, "alg") != "RS256")
            return "Invalid JWT: RS256 is expected.";
        if (!accounts.TryGetValue(Text(claims, "iss"), out var key))
            return "Invalid grant: account not found";
        if (!key.VerifyData(Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Base64Url.DecodeFromChars(parts[2]), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))
            return "Invalid JWT Signature.";
        // Google's library for .NET names the public endpoint whatever `token_uri` says, as this server has seen it do;
        // with a key file of Google's both are the same.
        Audiences.Enqueue(Text(claims, "aud"));
        if (Text(claims, "aud") != audience && Text(claims, "aud") != "https://oauth2.googleapis.com/token")
            return "Invalid JWT: Failed audience check.";
        var (from, to, now) = (claims.GetProperty("iat").GetInt64(), claims.GetProperty("exp").GetInt64(), DateTimeOffset.UtcNow.ToUnixTimeSeconds());
        return from > now + 300 || to < now || to - from > 3600
            ? "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe."
            : null;
    }

    private static JsonElement ClaimsOf(string assertion)
    {
        using var document = JsonDocument.Parse(Base64Url.DecodeFromChars(assertion.Split('.')[1]));
        return document.RootElement.Clone();
    }

    private static string Text(JsonElement element, string name) => element.TryGetProperty(name, out var value) ? value.GetString() ?? "" : "";

    private static (int Status, string Body) Refusal(string error, string words) =>
        (400, new JsonObject { ["error"] = error, ["error_description"] = words }.ToJsonString());
}

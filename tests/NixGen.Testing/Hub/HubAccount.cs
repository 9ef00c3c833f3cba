using System.Text;
using System.Text.Json;

namespace NixGen.Testing.Hub;

/// <summary><c>/api/whoami-v2</c> and the short-lived tokens of Xet storage.</summary>
internal static class HubAccount
{
    public static Task WhoAmIAsync(HubExchange exchange)
    {
        if (exchange.Token is not { } token)
            return exchange.FailAsync(HubError.LoginRequired);
        return exchange.SendJsonAsync(json =>
        {
            json.WriteStartObject();
            json.WriteString("type", "user");
            json.WriteString("id", IdOf(token.User));
            json.WriteString("name", token.User);
            json.WriteString("fullname", token.User);
            json.WriteString("email", $"{token.User}@example.com");
            json.WriteBoolean("isPro", false);
            json.WriteStartArray("orgs");
            json.WriteEndArray();
            json.WriteStartObject("auth");
            json.WriteString("type", "access_token");
            json.WriteStartObject("accessToken");
            json.WriteString("displayName", token.DisplayName);
            json.WriteString("role", token.Role switch { HubTokenRole.Read => "read", HubTokenRole.Write => "write", _ => "fineGrained" });
            json.WriteString("createdAt", "2024-01-01T00:00:00.000Z");
            if (token.Role == HubTokenRole.FineGrained)
            {
                json.WriteStartObject("fineGrained");
                json.WriteBoolean("canReadGatedRepos", token.CanReadGatedRepositories);
                WriteNames(json, "global", token.Everywhere);
                json.WriteStartArray("scoped");
                foreach (var scope in token.Scopes)
                {
                    json.WriteStartObject();
                    json.WriteStartObject("entity");
                    json.WriteString("_id", IdOf(scope.Name));
                    json.WriteString("type", scope.Type);
                    json.WriteString("name", scope.Name);
                    json.WriteEndObject();
                    WriteNames(json, "permissions", scope.Permissions);
                    json.WriteEndObject();
                }

                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndObject();
        });
    }

    public static Task XetReadTokenAsync(HubExchange exchange) =>
        exchange.SendJsonAsync(json =>
        {
            json.WriteStartObject();
            json.WriteString("casUrl", exchange.Hub.CdnUrl);
            json.WriteString("accessToken", "xet_loopback");
            json.WriteNumber("exp", DateTimeOffset.UtcNow.AddMinutes(10).ToUnixTimeSeconds());
            json.WriteEndObject();
        });

    private static string IdOf(string name) => GitObjects.BlobOid(Encoding.UTF8.GetBytes(name))[..24];

    private static void WriteNames(Utf8JsonWriter json, string member, IEnumerable<string> names)
    {
        json.WriteStartArray(member);
        foreach (var name in names)
            json.WriteStringValue(name);
        json.WriteEndArray();
    }
}

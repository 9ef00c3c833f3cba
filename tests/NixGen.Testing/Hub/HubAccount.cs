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
            json.WriteString("id", GitObjects.BlobOid(System.Text.Encoding.UTF8.GetBytes(token.User))[..24]);
            json.WriteString("name", token.User);
            json.WriteString("fullname", token.User);
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
                json.WriteStartArray("global");
                json.WriteEndArray();
                json.WriteStartArray("scoped");
                foreach (var repository in token.ScopedTo)
                {
                    json.WriteStartObject();
                    json.WriteStartObject("entity");
                    json.WriteString("type", "model");
                    json.WriteString("name", repository);
                    json.WriteEndObject();
                    json.WriteStartArray("permissions");
                    json.WriteStringValue("repo.content.read");
                    json.WriteEndArray();
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
}

using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using NixGen.Testing.Files;
using NixGen.Testing.Hub;
using Xunit;

namespace NixGen.EndToEnd.Fetching;

/// <summary>Mirrors in object stores are asked with the credentials of their kind, and never with the source's.</summary>
public sealed class CloudMirrorTests : FetcherFixture
{
    private const string KeyId = "AKIDEXAMPLE";
    private const string SecretKey = "wJalrXUtnFEMI+K7MDENG/bPxRfiCYEXAMPLEKEY";
    private FileServer? startedStore;

    private FileServer Store => startedStore ?? throw new InvalidOperationException("Not started.");

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        startedStore = await FileServer.StartAsync();
    }

    public override async Task DisposeAsync()
    {
        await Store.DisposeAsync();
        await base.DisposeAsync();
    }

    [Fact]
    public async Task S3_requests_are_signed_with_the_variables()
    {
        Store.Contents["/models/v1/" + Weights] = await BytesAsync();
        Store.Gate = request => IsSigned(request, "eu-west-1", session: "session-token") ? null : 403;
        var result = await FetchAsync(run =>
        {
            InParts(run);
            run.Variables["fetch_mirrors"] = $"base\t1\ts3://models/v1?region=eu-west-1&endpoint={Store.Url}\n";
            run.Variables["AWS_ACCESS_KEY_ID"] = KeyId;
            run.Variables["AWS_SECRET_ACCESS_KEY"] = SecretKey;
            run.Variables["AWS_SESSION_TOKEN"] = "session-token";
        });
        Assert.True(Store.Log.Count >= 8);
        Assert.Empty(Hub.Log.Snapshot());
        Assert.DoesNotContain(SecretKey, result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task S3_requests_are_signed_with_the_profile()
    {
        var file = Path.GetTempFileName();
        await System.IO.File.WriteAllTextAsync(file, $"[default]\naws_access_key_id = other\naws_secret_access_key = other\n\n[ml-models]\naws_access_key_id = {KeyId}\naws_secret_access_key={SecretKey}\n");
        Store.Contents["/models/" + Weights] = await BytesAsync();
        Store.Gate = request => IsSigned(request, "us-east-1", session: null) ? null : 403;
        await FetchAsync(run =>
        {
            run.Variables["fetch_mirrors"] = $"base\t1\ts3://models?endpoint={Store.Url}\n";
            run.Variables["fetch_aws_profile"] = "ml-models";
            run.Variables["AWS_SHARED_CREDENTIALS_FILE"] = file;
        });
        Assert.Empty(Hub.Log.Snapshot());
        System.IO.File.Delete(file);
    }

    [Fact]
    public async Task Without_credentials_an_open_bucket_is_read()
    {
        Store.Contents["/models/" + Weights] = await BytesAsync();
        await FetchAsync(run => run.Variables["fetch_mirrors"] = $"base\t1\ts3://models?endpoint={Store.Url}\n");
        Assert.Null(Assert.Single(Store.Log)["authorization"]);
    }

    [Fact]
    public async Task A_service_account_s_key_is_exchanged_for_a_token_once()
    {
        using var key = RSA.Create(2048);
        var file = Path.GetTempFileName();
        await System.IO.File.WriteAllTextAsync(file, new JsonObject
        {
            ["type"] = "service_account",
            ["client_email"] = "reader@example.iam.gserviceaccount.com",
            ["private_key"] = key.ExportPkcs8PrivateKeyPem() + "\n",
            ["token_uri"] = Store.Url + "/token",
        }.ToJsonString());
        Store.Contents["/bucket/models/" + Weights] = await BytesAsync();
        Store.Post = body => IsStatement(body, key) ? """{"access_token":"ya29.access","expires_in":3599,"token_type":"Bearer"}""" : null;
        Store.Gate = request => request.Method == "GET" && request["authorization"] != "Bearer ya29.access" ? 401 : null;
        var result = await FetchAsync(run =>
        {
            InParts(run);
            run.Variables["fetch_mirrors"] = $"base\t1\tgs://bucket/models?endpoint={Store.Url}\n";
            run.Variables["fetch_gcp_key"] = file;
        });
        Assert.Single(Store.Log, request => request.Method == "POST");
        Assert.Empty(Hub.Log.Snapshot());
        Assert.DoesNotContain("ya29", result.Errors, StringComparison.Ordinal);
        System.IO.File.Delete(file);
    }

    [Fact]
    public async Task A_key_that_is_refused_is_said_and_the_source_is_asked()
    {
        Hub.AddToken(new HubToken("hf_x", "x"));
        using var key = RSA.Create(2048);
        var file = Path.GetTempFileName();
        await System.IO.File.WriteAllTextAsync(file, new JsonObject { ["client_email"] = "a@b", ["private_key"] = key.ExportPkcs8PrivateKeyPem(), ["token_uri"] = Store.Url + "/token" }.ToJsonString());
        var result = await FetchAsync(run =>
        {
            run.Variables["fetch_mirrors"] = $"base\t1\tgs://bucket?endpoint={Store.Url}\n";
            run.Variables["fetch_gcp_key"] = file;
        });
        Assert.Contains("gave no access token for a@b", result.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("BEGIN", result.Errors, StringComparison.Ordinal);
        System.IO.File.Delete(file);
    }

    /// <summary>Whether a request is signed by AWS Signature Version 4, worked out anew.</summary>
    private static bool IsSigned(FileRequest request, string region, string? session)
    {
        if (request["authorization"] is not { } authorization || !authorization.StartsWith("AWS4-HMAC-SHA256 ", StringComparison.Ordinal) || request["x-amz-security-token"] != session)
            return false;
        var fields = authorization["AWS4-HMAC-SHA256 ".Length..].Split(',').Select(field => field.Trim().Split('=', 2)).ToDictionary(field => field[0], field => field[1], StringComparer.Ordinal);
        var names = fields["SignedHeaders"].Split(';');
        var date = request["x-amz-date"] ?? "";
        var scope = $"{date[..8]}/{region}/s3/aws4_request";
        var canonical = string.Join('\n', ["GET", request.Target, "", .. names.Select(name => $"{name}:{request[name]}"), "", string.Join(';', names), request["x-amz-content-sha256"] ?? ""]);
        var text = $"AWS4-HMAC-SHA256\n{date}\n{scope}\n{Hex(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))}";
        var signing = scope.Split('/').Aggregate(Encoding.UTF8.GetBytes("AWS4" + SecretKey), (secret, part) => HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes(part)));
        return fields["Credential"] == $"{KeyId}/{scope}" && fields["Signature"] == Hex(HMACSHA256.HashData(signing, Encoding.UTF8.GetBytes(text)));
    }

    /// <summary>Whether a body is a statement that is signed by the key (RFC 7523).</summary>
    private static bool IsStatement(string body, RSA key)
    {
        var form = body.Split('&').Select(pair => pair.Split('=', 2)).ToDictionary(pair => pair[0], pair => Uri.UnescapeDataString(pair[1]), StringComparer.Ordinal);
        var parts = form["assertion"].Split('.');
        using var claims = JsonDocument.Parse(Base64Url.DecodeFromChars(parts[1]));
        return form["grant_type"] == "urn:ietf:params:oauth:grant-type:jwt-bearer"
            && claims.RootElement.GetProperty("iss").GetString() == "reader@example.iam.gserviceaccount.com"
            && claims.RootElement.GetProperty("scope").GetString() == "https://www.googleapis.com/auth/devstorage.read_only"
            && key.VerifyData(Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Base64Url.DecodeFromChars(parts[2]), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
    }

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);
}

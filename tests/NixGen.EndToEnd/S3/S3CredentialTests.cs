using NixGen.Testing.S3;
using Xunit;

namespace NixGen.EndToEnd.S3;

/// <summary>Builds find credentials where the vendor's own clients do, as far as a build can.</summary>
public sealed class S3CredentialTests : S3FetcherFixture
{
    private static readonly S3Account Temporary = new("ASIATEMPORARY", "temporary/secret+of=", "temporary-session");

    private S3Version Given(S3Account account, string text)
    {
        Store.Add(account);
        SignAsNobody();
        return Store.Add(new S3Bucket("models")).Put("a b", S3Fixtures.Text(text));
    }

    [Fact]
    public async Task In_a_profile_of_either_file()
    {
        var version = Given(Temporary, "profile");
        Variables["AWS_SHARED_CREDENTIALS_FILE"] = Write("credentials", "[default]\naws_access_key_id = OTHER\naws_secret_access_key = other\n");
        Variables["AWS_CONFIG_FILE"] = Write("config", $"# comment\n[profile ml]\naws_access_key_id={Temporary.KeyId}\naws_secret_access_key = {Temporary.Secret}\naws_session_token = {Temporary.SessionToken}\n");
        Variables["AWS_PROFILE"] = "ml";
        await FetchAsync(version);
        Variables["AWS_PROFILE"] = "";
        Assert.Contains("InvalidAccessKeyId", await FailAsync(version), StringComparison.Ordinal);
        Variables["fetch_aws_profile"] = "ml";
        SignAs(S3Account.Example with { KeyId = "IGNORED" });
        await FetchAsync(version);
        Variables["fetch_aws_profile"] = "missing";
        Assert.Contains("the profile missing has no keys", await FailAsync(version), StringComparison.Ordinal);
    }

    [Fact]
    public async Task From_a_program_that_the_profile_names()
    {
        var version = Given(Temporary, "process");
        var keys = Write("keys.json", $$"""{"Version": 1, "AccessKeyId": "{{Temporary.KeyId}}", "SecretAccessKey": "{{Temporary.Secret}}", "SessionToken": "{{Temporary.SessionToken}}", "Expiration": "2099-01-01T00:00:00Z"}""");
        Variables["AWS_CONFIG_FILE"] = Write("config", $"[default]\ncredential_process = cat {keys}\n");
        await FetchAsync(version);
        Variables["AWS_CONFIG_FILE"] = Write("config", "[default]\ncredential_process = echo secret-words >&2; exit 3\n");
        var said = await FailAsync(version);
        Assert.Contains("credential_process", said, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-words", said, StringComparison.Ordinal);
        Store.Log.Clear();
        Variables["fetch_token_required"] = "1";
        Assert.Contains("There are no AWS credentials", await FailAsync(version), StringComparison.Ordinal);
        Assert.Empty(Store.Log.Snapshot());
    }

    [Fact]
    public async Task From_the_services_of_a_container_a_web_identity_and_a_machine()
    {
        var version = Given(Temporary, "services");
        await using var services = await LoopbackMetadata.StartAsync(Temporary);
        Variables["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = services.Url + "/container";
        Variables["AWS_CONTAINER_AUTHORIZATION_TOKEN"] = "container-secret";
        await FetchAsync(version);
        Assert.Equal("GET /container", Assert.Single(services.Log));

        Variables["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = "";
        Variables["AWS_WEB_IDENTITY_TOKEN_FILE"] = Write("token", "web+token");
        Variables["AWS_ROLE_ARN"] = "arn:aws:iam::123456789012:role/builder";
        Variables["AWS_ENDPOINT_URL_STS"] = services.Url;
        await FetchAsync(version);
        Assert.Equal("POST /", services.Log[^1]);

        Variables["AWS_WEB_IDENTITY_TOKEN_FILE"] = "";
        Variables["AWS_EC2_METADATA_DISABLED"] = "";
        Variables["AWS_EC2_METADATA_SERVICE_ENDPOINT"] = services.Url;
        await FetchAsync(version);
        Assert.Equal(5, services.Log.Count);
    }

    [Fact]
    public async Task A_container_s_address_elsewhere_is_not_asked()
    {
        var version = Given(Temporary, "elsewhere");
        Variables["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = Store.ElsewhereUrl + "/container";
        Assert.Contains("neither https nor on this machine", await FailAsync(version), StringComparison.Ordinal);
        Assert.DoesNotContain(Store.Log.Snapshot(), request => request.IsElsewhere);
    }
}

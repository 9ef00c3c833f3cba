using System.Security.Cryptography;
using System.Text;
using NixGen.Lock;
using NixGen.Nix.Hashing;
using NixGen.Resolve;
using Xunit;

namespace NixGen.EndToEnd.Azure;

/// <summary>Locking blobs of Azurite that Microsoft's own client wrote.</summary>
public sealed class AzureLockingTests(Azurite azurite) : AzureFixture(azurite), IClassFixture<Azurite>
{
    private static readonly string[] Names = ["a b.txt", "a+b=c&d.txt", "dir/50%2Fdone.txt", "grüße/模型.bin", "#frag?query", "q'uote\".json"];

    [Fact]
    public async Task A_folder_is_locked_by_the_accounts_key()
    {
        await UploadAsync([.. Names.Select(name => ("v1/" + name, "content of " + name)), ("v10/other", "other")]);
        var model = Model(await Machine.SucceedAsync($"m: {Spec}/v1"));
        Assert.Equal(($"{Server.Account}/{Container}/v1", Server.Url), (model.Resolved.Id, model.Resolved.Endpoint));
        Assert.Equal(Names.Order(StringComparer.Ordinal), model.Files.Select(file => file.Path));
        Assert.All(model.Files, file => Assert.Equal(Hash("content of " + file.Path), file.Sha256));
        Assert.DoesNotContain("sig=", Encoding.UTF8.GetString(LockJson.Write(new LockFile(LockFile.Empty.Models.Add("m", model)))), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_single_blob_is_one_file()
    {
        await UploadAsync(("llama/model.gguf", "weights"), ("llama/model.gguf.txt", "notes"));
        var file = Assert.Single(Model(await Machine.SucceedAsync($"m: {Spec}/llama/model.gguf")).Files);
        Assert.Equal(("model.gguf", "llama/model.gguf", Hash("weights")), (file.Path, file.Object, file.Sha256));
    }

    [Fact]
    public async Task A_signature_opens_a_private_container()
    {
        await UploadAsync(("v1/a", "a"));
        var signature = (await Server.RunAsync("sign.mjs", ("container", Container), ("permissions", "rl"))).GetString() ?? "";
        Machine.Set("AZURE_STORAGE_CONNECTION_STRING", $"AccountName={Server.Account};BlobEndpoint={Server.Url};SharedAccessSignature={signature}");
        await Machine.SucceedAsync($"m: {Spec}/v1");
        Machine.Set("MY_SAS", "?" + signature);
        Machine.Set("AZURE_STORAGE_CONNECTION_STRING", "");
        await Machine.SucceedAsync($"m: {{ source: {{ azure: {{ account: {Server.Account}, container: {Container}, endpoint: '{Server.Url}' }} }}, auth: {{ tokenEnvVar: MY_SAS }} }}");
        var wrong = await Machine.LockAsync($"n: {{ source: {{ azure: {{ account: {Server.Account}, container: {Container}, endpoint: '{Server.Url}' }} }}, auth: {{ tokenEnvVar: WRONG }} }}");
        Assert.False(wrong.Succeeded);
    }

    [Fact]
    public async Task Signatures_that_are_refused_are_not_quoted()
    {
        await UploadAsync(("v1/a", "a"));
        Machine.Set("AZURE_STORAGE_CONNECTION_STRING", $"AccountName={Server.Account};BlobEndpoint={Server.Url};SharedAccessSignature=sp=rl&se=2099-01-01T00:00:00Z&sv=2020-12-06&sr=c&sig=c2VjcmV0LXNpZ25hdHVyZQ%3D%3D");
        // The real one says AuthenticationFailed (NG3383), and Azurite AuthorizationFailure.
        var error = await Machine.FailAsync("NG3384", $"m: {Spec}/v1");
        Assert.DoesNotContain("c2VjcmV0", error.Message + error.Help, StringComparison.Ordinal);
        Machine.Set("AZURE_STORAGE_CONNECTION_STRING", $"AccountName={Server.Account};BlobEndpoint={Server.Url};AccountKey={Convert.ToBase64String(new byte[64])}");
        await Machine.FailAsync("NG3384", $"m: {Spec}/v1");
        Machine.Set("AZURE_STORAGE_CONNECTION_STRING", $"AccountName={Server.Account};BlobEndpoint={Server.Url};AccountKey=no-base64!");
        await Machine.FailAsync("NG3380", $"m: {Spec}/v1");
    }

    [Fact]
    public async Task A_public_container_needs_no_credentials_and_gets_none_by_a_manifests_endpoint()
    {
        await UploadAsync(isPublic: true, ("v1/a", "a"));
        Machine.Set("AZURE_CLIENT_SECRET", "secret");
        var model = Model(await Machine.SucceedAsync($"m: {{ source: {{ azure: {{ account: {Server.Account}, container: {Container}, prefix: v1, endpoint: '{Server.Url}' }} }} }}"));
        Assert.Equal(Hash("a"), Assert.Single(model.Files).Sha256);
    }

    [Fact]
    public async Task A_private_container_without_credentials_is_said()
    {
        await UploadAsync(("v1/a", "a"));
        var error = await Machine.FailAsync("NG3382", $"m: {{ source: {{ azure: {{ account: {Server.Account}, container: {Container}, prefix: v1, endpoint: '{Server.Url}' }} }} }}");
        Assert.Contains("not sent to an endpoint that only the manifest names", error.Help, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_there_is_said()
    {
        await UploadAsync(("v1/a", "a"));
        await Machine.FailAsync("NG3490", $"m: {Spec}/v2");
        await Machine.FailAsync("NG3385", $"m: az://{Server.Account}/missing");
    }

    [Fact]
    public async Task An_update_locks_what_was_written_anew()
    {
        await UploadAsync(("v1/a", "a"), ("v1/b", "b"));
        var first = await Machine.SucceedAsync($"m: {Spec}/v1");
        Machine.Keep(first);
        Machine.Options = new LockOptions { Update = true };
        Assert.Equal(Model(first), Model(await Machine.SucceedAsync($"m: {Spec}/v1")));
        await UploadAsync(("v1/b", "changed"));
        Assert.Equal(Hash("changed"), Model(await Machine.SucceedAsync($"m: {Spec}/v1")).Files[1].Sha256);
    }

    [Theory]
    [InlineData("v1//etc/passwd")]
    [InlineData("v1/.git/config")]
    public async Task Names_that_lead_out_of_the_model_are_refused(string name)
    {
        await UploadAsync((name, "x"));
        await Machine.FailAsync("NG3127", $"m: {Spec}/v1");
    }

    private static SriHash Hash(string text) => SriHash.FromBytes(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}

using System.Text;
using NixGen.Lock;
using NixGen.Testing.Gcs;
using Xunit;

namespace NixGen.EndToEnd.Gcs;

/// <summary>What Cloud Storage and what gives tokens for it can refuse, and that no secret is said of it.</summary>
public sealed class GcsRefusalTests : GcsFixture
{
    private const string Private = "m: gs://private/v1";

    [Fact]
    public async Task A_service_accounts_key_is_exchanged_once_and_opens_the_bucket()
    {
        AddPrivate("robot@example.iam.gserviceaccount.com").Put("v1/weights", "w");
        UseFile(Gcs.Identities.AddServiceAccount("robot@example.iam.gserviceaccount.com", Gcs.TokenUrl));
        var locked = await Machine.SucceedAsync(Private);
        Assert.Equal(2, Model(locked).Files.Length);
        Assert.Single(Gcs.Log.Snapshot(), request => request.Target == "/token");
        Assert.Equal(["https://oauth2.googleapis.com/token"], Gcs.Identities.Audiences);
        Assert.All(Gcs.Log.Snapshot().Where(request => request.Target != "/token"), request => Assert.NotNull(request.Bearer));
        Assert.DoesNotContain("ya29", Encoding.UTF8.GetString(LockJson.Write(locked)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_manifests_key_goes_before_the_machines()
    {
        AddPrivate("robot@example.com");
        Machine.Write("key.json", Gcs.Identities.AddServiceAccount("robot@example.com", Gcs.TokenUrl));
        UseFile(Gcs.Identities.AddServiceAccount("other@example.com", Gcs.TokenUrl));
        await Machine.SucceedAsync($"m: {{ source: gs://private/v1, auth: {{ gcpServiceAccountKey: {Machine.Home}/key.json }} }}");
    }

    [Fact]
    public async Task Tokens_in_variables_and_files_open_the_bucket()
    {
        AddPrivate();
        Machine.Set("CLOUDSDK_AUTH_ACCESS_TOKEN", Gcs.Identities.Issue("reader@example.com", GcsToken.ReadOnly).Value);
        await Machine.SucceedAsync(Private);
        Machine.Set("GOOGLE_OAUTH_ACCESS_TOKEN", "ya29.unknown");
        await Machine.FailAsync("NG3364", Private);
        Machine.Write("token", Gcs.Identities.Issue("reader@example.com", GcsToken.ReadOnly).Value + "\n");
        await Machine.SucceedAsync($"m: {{ source: gs://private/v1, auth: {{ tokenFile: {Machine.Home}/token }} }}");
    }

    [Fact]
    public async Task A_machine_of_googles_has_an_account_of_its_own()
    {
        AddPrivate("machine@example.com");
        Gcs.Identities.MachineAccount = "machine@example.com";
        Machine.Set("NO_GCE_CHECK", "");
        Machine.Set("GCE_METADATA_HOST", Gcs.MetadataHost);
        await Machine.SucceedAsync(Private);
        Assert.Equal(401, Gcs.Log.Snapshot()[0].Status);
    }

    [Fact]
    public async Task A_private_bucket_without_credentials_says_where_they_were_looked_for()
    {
        AddPrivate();
        Machine.Set("NO_GCE_CHECK", "");
        Machine.Set("GCE_METADATA_HOST", Gcs.MetadataHost);
        var error = await Machine.FailAsync("NG3363", Private);
        Assert.Contains("GOOGLE_APPLICATION_CREDENTIALS (not set)", error.Help, StringComparison.Ordinal);
        Assert.Contains("application_default_credentials.json (not there)", error.Help, StringComparison.Ordinal);
        Assert.Contains($"the metadata server {Gcs.MetadataHost} (gives no token)", error.Help, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Required_credentials_are_missed_before_anything_is_asked()
    {
        AddPublic().Put("v1/a", "a");
        await Machine.FailAsync("NG3362", "m: { source: gs://models/v1, auth: { required: true } }");
        Assert.Empty(Gcs.Log.Snapshot());
    }

    [Fact]
    public async Task Keys_that_are_none_are_named_and_not_quoted()
    {
        AddPrivate();
        UseFile("""{"type":"service_account","client_email":"a@b","private_key":"SECRET-KEY","token_uri":"https://127.0.0.1:1/token"}""");
        var broken = await Machine.FailAsync("NG3361", Private);
        Assert.Contains("key.json", broken.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("SECRET-KEY", broken.Message + broken.Help, StringComparison.Ordinal);
        UseFile("""{"type":"something"}""");
        Assert.Contains("'something'", (await Machine.FailAsync("NG3361", Private)).Message, StringComparison.Ordinal);
        UseFile("no json");
        await Machine.FailAsync("NG3361", Private);
        Machine.Set("GOOGLE_APPLICATION_CREDENTIALS", "/nowhere/key.json");
        Assert.Contains("not there", (await Machine.FailAsync("NG3361", Private)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_account_that_nobody_knows_gets_no_token()
    {
        AddPrivate();
        UseFile(new GcsIdentities().AddServiceAccount("stranger@example.com", Gcs.TokenUrl));
        var error = await Machine.FailAsync("NG3361", Private);
        Assert.Contains("invalid_grant (Invalid grant: account not found)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_account_without_the_role_is_told_what_it_lacks()
    {
        AddPrivate();
        UseFile(Gcs.Identities.AddServiceAccount("stranger@example.com", Gcs.TokenUrl));
        var error = await Machine.FailAsync("NG3365", Private);
        Assert.Contains("storage.objects.list", error.Message, StringComparison.Ordinal);
        Assert.Contains("roles/storage.objectViewer", error.Help, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_endpoint_that_only_the_manifest_names_gets_nothing_of_the_machines()
    {
        AddPrivate("robot@example.com");
        UseFile(Gcs.Identities.AddServiceAccount("robot@example.com", Gcs.TokenUrl));
        Machine.Set("GOOGLE_OAUTH_ACCESS_TOKEN", Gcs.Identities.Issue("robot@example.com", GcsToken.ReadOnly).Value);
        Machine.Set("NO_GCE_CHECK", "");
        Machine.Set("GCE_METADATA_HOST", Gcs.MetadataHost);
        Gcs.Identities.MachineAccount = "robot@example.com";
        var error = await Machine.FailAsync("NG3363", $"m: {{ source: {{ gcs: {{ bucket: private, prefix: v1, endpoint: '{Gcs.Url}' }} }} }}");
        Assert.Contains("not sent to an endpoint that only the manifest names", error.Help, StringComparison.Ordinal);
        Assert.All(Gcs.Log.Snapshot(), request => Assert.Null(request.Bearer));
        Assert.Single(Gcs.Log.Snapshot());
    }

    [Theory]
    [InlineData("m: gs://models/v2", "NG3490")]
    [InlineData("m: gs://missing", "NG3363")]
    public async Task What_is_not_there_is_said(string model, string code)
    {
        AddPublic().Put("v1/a", "a");
        await Machine.FailAsync(code, model);
    }

    [Fact]
    public async Task A_missing_bucket_is_told_from_a_private_one_where_credentials_are_good()
    {
        Machine.Set("GOOGLE_OAUTH_ACCESS_TOKEN", Gcs.Identities.Issue("reader@example.com", GcsToken.ReadOnly).Value);
        await Machine.FailAsync("NG3366", "m: gs://missing/v1");
    }

    [Fact]
    public async Task A_bucket_that_makes_readers_pay_is_refused()
    {
        Gcs.Add(new GcsBucket("models") { IsPublic = true, RequesterPays = true }).Put("v1/a", "a");
        await Machine.FailAsync("NG3369", "m: gs://models/v1");
    }

    [Fact]
    public async Task An_object_that_vanishes_between_list_and_content_is_said()
    {
        var bucket = AddPublic();
        bucket.Put("v1/a", "a");
        Gcs.Faults.On(request => request.IsMedia, new GcsFault { Before = () => bucket.Put("v1/a", "b") });
        await Machine.FailAsync("NG3368", "m: gs://models/v1");
    }

    [Fact]
    public async Task Limits_and_faults_are_waited_out()
    {
        AddPublic().Put("v1/a", new byte[100_000]);
        Gcs.Faults.On(request => request.IsListing, new GcsFault { Status = 429, RetryAfter = "0" }, times: 2);
        Gcs.Faults.On(request => request.IsMedia, new GcsFault { Status = 503 }, times: 1);
        Gcs.Faults.On(request => request.IsMedia, new GcsFault { CutAfter = 50_000 }, times: 1);
        await Machine.SucceedAsync("m: gs://models/v1");
        Assert.Equal(3, Gcs.Log.Media.Length);
        Gcs.Faults.On(request => request.IsListing, new GcsFault { Status = 429, RetryAfter = "0" });
        await Machine.FailAsync("NG3370", "m: gs://models");
    }

    [Theory]
    [InlineData("<html>log in</html>")]
    [InlineData("[]")]
    [InlineData("""{"items":[{"name":"elsewhere/a","size":"1","generation":"1"}]}""")]
    [InlineData("""{"items":[{"name":"v1/a","size":"-1","generation":"1"}]}""")]
    [InlineData("""{"items":[{"name":"v1/a","size":"1","generation":"1&alt=json"}]}""")]
    [InlineData("""{"items":[{"name":"v1/\ud800","size":"1","generation":"1"}]}""")]
    public async Task Answers_that_are_none_are_refused(string body)
    {
        Gcs.Faults.On(request => request.IsListing, new GcsFault { Status = 200, Body = body });
        await Machine.FailAsync("NG3372", "m: gs://models/v1");
    }

    [Fact]
    public async Task Nothing_is_asked_where_the_network_may_not_be_used()
    {
        AddPrivate("robot@example.com");
        UseFile(Gcs.Identities.AddServiceAccount("robot@example.com", Gcs.TokenUrl));
        Machine.Upstream = Machine.Upstream with { Offline = true };
        var outcome = await Machine.LockAsync(Private);
        Assert.False(outcome.Succeeded);
        Assert.Empty(Gcs.Log.Snapshot());
    }

    private void UseFile(string json)
    {
        Machine.Write("adc/key.json", json);
        Machine.Set("GOOGLE_APPLICATION_CREDENTIALS", Path.Combine(Machine.Home, "adc", "key.json"));
    }
}

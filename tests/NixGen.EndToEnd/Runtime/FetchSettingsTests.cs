using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using NixGen.Testing;
using Xunit;

namespace NixGen.EndToEnd.Runtime;

/// <summary>Each setting of a definition reaches the fetch derivation as the variables that the fetchers read, and by no other way.</summary>
[Collection(RuntimeNixGroup.Name)]
public sealed class FetchSettingsTests(RuntimeNix runtime)
{
    private const string AwsVariables =
        "AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_PROFILE AWS_SHARED_CREDENTIALS_FILE AWS_CONFIG_FILE HOME AWS_REGION AWS_ROLE_ARN " +
        "AWS_ROLE_SESSION_NAME AWS_WEB_IDENTITY_TOKEN_FILE AWS_ENDPOINT_URL_STS AWS_CONTAINER_CREDENTIALS_FULL_URI AWS_CONTAINER_CREDENTIALS_RELATIVE_URI AWS_CONTAINER_AUTHORIZATION_TOKEN AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE AWS_EC2_METADATA_DISABLED AWS_EC2_METADATA_SERVICE_ENDPOINT";

    // What a script reads of the world is what Nix is told to let through, no more and no less: neither list is the other's copy.
    [Theory]
    [InlineData("s3", "{ bucket = \"b\"; region = \"us-east-1\"; }", "AWS_", "s3", "clouds/aws")]
    [InlineData("gcs", "{ bucket = \"b\"; }", "GOOGLE_|CLOUDSDK_|GCE_|NO_GCE_", "gcs", "clouds/google")]
    [InlineData("azure", "{ account = \"account\"; container = \"models\"; }", "AZURE_|IDENTITY_", "azure", "clouds/entra")]
    [InlineData("mlflow", "{ modelName = \"m\"; }", "MLFLOW_", "mlflow")]
    public async Task The_variables_that_a_script_reads_are_those_that_it_sees(string kind, string source, string prefixes, params string[] scripts)
    {
        var read = scripts
            .SelectMany(script => File.ReadLines(Path.Combine(Checkout.Templates, "fetchers", script + ".sh")))
            .Where(line => !line.TrimStart().StartsWith('#'))
            .SelectMany(line => Regex.Matches(line, $@"\b(?<name>({prefixes})[A-Z0-9_]+)", RegexOptions.ExplicitCapture).Select(match => match.Groups["name"].Value));
        var seen = await runtime.EvalAsync($"(import {Checkout.Templates}/lib/sources/{kind}.nix {{ inherit lib pkgs; }}).impureEnvVars {source}");
        Assert.Equal(
            read.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
            seen.EnumerateArray().Select(name => name.GetString() ?? "").Where(name => Regex.IsMatch(name, $"^({prefixes})", RegexOptions.ExplicitCapture)).Order(StringComparer.Ordinal));
    }

    private const string Bindings = """
        let
          commit = "0123456789abcdef0123456789abcdef01234567";
          hash = "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
          model = settings: runtime.fetchModel pkgs ({
            name = "tiny";
            source.huggingface.repo = "a/b";
            locked = { repo = "a/b"; revision = commit; files = [ { path = "f"; size = 1; sha256 = hash; } ]; };
          } // settings);
          fileOf = settings: (model settings).files.f;
          treeOf = settings: (model (settings // { inherit hash; })).raw;
          unlocked = settings: (runtime.fetchModel pkgs ({
            name = "tiny";
            source.huggingface = { repo = "a/b"; revision = commit; };
            inherit hash;
          } // settings)).raw;
          # What a setting adds to the derivation, or makes otherwise there.
          changes = derivationOf: settings:
            let
              before = (derivationOf { }).drvAttrs;
              after = (derivationOf settings).drvAttrs;
            in
            lib.filterAttrs (name: value: before.${name} or null != value) after;
          added = settings:
            lib.filter (name: !lib.elem name (fileOf { }).impureEnvVars) (fileOf settings).impureEnvVars;
        in
        """;

    [Theory]
    [InlineData("auth.netrcFile = \"/run/secrets/netrc\"", """{"fetch_netrc_file":"/run/secrets/netrc"}""")]
    [InlineData("auth.netrcFile = /run/secrets/netrc", """{"fetch_netrc_file":"/run/secrets/netrc"}""")]
    [InlineData("auth.gatedModelHelp = \"one\\ntwo\"", """{"fetch_gated_help":"one\ntwo"}""")]
    [InlineData("auth.required = true", """{"fetch_token_required":"1"}""")]
    [InlineData("auth.buildInputs = [ ]", "{}")]
    [InlineData("auth.tokenRefresh = { enable = false; command = \"x\"; maxTokenAgeSec = 60; }", "{}")]
    [InlineData("network.connections = 16", """{"fetch_connections":16}""")]
    [InlineData("network.connections = 8", "{}")]
    [InlineData("network.bandwidth.limit = \"50M\"", """{"fetch_bandwidth":52428800}""")]
    [InlineData("network.bandwidth.limit = \"2G\"", """{"fetch_bandwidth":2147483648}""")]
    [InlineData("network.bandwidth.limit = \"3K\"", """{"fetch_bandwidth":3072}""")]
    [InlineData("network.bandwidth.limit = \"7\"", """{"fetch_bandwidth":7}""")]
    [InlineData("network.mirrors = [ ]", "{}")]
    [InlineData(
        "network.mirrors = [ { endpoint = \"https://hub.example.com/\"; } { hashed = \"https://x.example.com/y\"; prefer = true; } { base = \"gs://bucket/z\"; endpoint = null; prefer = false; } ]",
        """{"fetch_mirrors":"endpoint\t-\thttps://hub.example.com\nhashed\t1\thttps://x.example.com/y\nbase\t-\tgs://bucket/z\n"}""")]
    [InlineData("download = { resumeOnAuthFailure = true; maxResumeAttempts = 3; }", "{}")]
    [InlineData("download = { resumeOnAuthFailure = false; maxResumeAttempts = 0; }", """{"fetch_resume_attempts":0,"fetch_resume_on_auth":0}""")]
    [InlineData("onDownloadFailure.action = \"clean\"", "{}")]
    [InlineData("onDownloadFailure = { action = \"persist\"; persistPath = \"/var/cache/x\"; }", """{"fetch_on_failure":"persist","fetch_persist":"/var/cache/x"}""")]
    [InlineData("onDownloadFailure.action = \"retry\"", """{"fetch_on_failure":"retry","fetch_round_delay":5,"fetch_rounds":3}""")]
    [InlineData("onFailure = { action = \"retry\"; maxRetries = 7; retryDelay = 0; }", """{"fetch_on_failure":"retry","fetch_round_delay":0,"fetch_rounds":7}""")]
    [InlineData("onDownloadFailure.maxRetries = 7", "{}")]
    [InlineData("sharding.parallelDownloads = 8", "{}")]
    [InlineData("security.maskSecretsInLogs = true", "{}")]
    public async Task A_setting_is_a_variable_of_the_derivation(string setting, string expected) =>
        Assert.Equal(expected, (await EvalAsync($"changes fileOf {{ {setting}; }}")).GetRawText());

    [Theory]
    [InlineData("auth.useHfCli = true", "fetch_use_hf_cli", "HF_TOKEN_PATH HF_HOME XDG_CACHE_HOME HOME")]
    [InlineData("auth.tokenEnvVar = \"MINE\"", "fetch_token_variable", "MINE")]
    [InlineData("auth.awsProfile = \"my models\"", "fetch_aws_profile", AwsVariables)]
    [InlineData("network.mirrors = [ { base = \"s3://bucket/x?region=eu-central-1\"; } ]", "fetch_mirrors", AwsVariables)]
    [InlineData("network.mirrors = [ { hashed = \"s3://bucket\"; base = null; } ]", "fetch_mirrors", AwsVariables)]
    [InlineData("impureEnvVars = [ \"VAULT_ADDR\" \"HF_TOKEN\" ]", null, "VAULT_ADDR")]
    public async Task What_a_setting_needs_of_the_building_process_is_let_in(string setting, string? variable, string names)
    {
        // What reads answers of AWS is among the tools then.
        var changes = await EvalAsync($"removeAttrs (changes fileOf {{ {setting}; }}) [ \"impureEnvVars\"{(names == AwsVariables ? " \"PATH\"" : "")} ]");
        Assert.Equal(variable is null ? [] : [variable], changes.EnumerateObject().Select(change => change.Name));
        Assert.Equal(names.Split(' '), Strings(await EvalAsync($"added {{ {setting}; }}")));
    }

    [Fact]
    public async Task Only_a_tree_has_files_to_fetch_at_once()
    {
        const string Setting = "{ sharding.parallelDownloads = 8; }";
        Assert.Equal("""{"fetch_parallel_files":8}""", (await EvalAsync($"changes treeOf {Setting}")).GetRawText());
        Assert.Equal("""{"fetch_parallel_files":8}""", (await EvalAsync($"changes unlocked {Setting}")).GetRawText());
        Assert.Equal("{}", (await EvalAsync("changes treeOf { sharding.parallelDownloads = 4; }")).GetRawText());
    }

    [Fact]
    public async Task Every_derivation_has_the_models_name_and_the_tools_of_its_task()
    {
        Assert.Equal("[\"tiny\",\"tiny\",\"tiny\"]", (await EvalAsync("map (drv: drv.fetch_name) [ (fileOf { }) (treeOf { }) (unlocked { }) ]")).GetRawText());
        Assert.Equal(["coreutils", "curl", "openssl"], await ToolsAsync("fileOf { }"));
        Assert.Equal(["coreutils", "curl", "openssl"], await ToolsAsync("treeOf { }"));
        Assert.Equal(["coreutils", "curl", "openssl", "jq"], await ToolsAsync("unlocked { }"));
        const string Key = "{ auth.gcpServiceAccountKey = \"/run/secrets/gcp.json\"; }";
        Assert.Equal(["coreutils", "curl", "openssl", "jq"], await ToolsAsync($"fileOf {Key}"));
        Assert.Equal("/run/secrets/gcp.json", (await EvalAsync($"(fileOf {Key}).fetch_gcp_key")).GetString());
    }

    [Fact]
    public async Task Programs_of_scripts_are_found_by_package_or_by_name()
    {
        Assert.True((await EvalAsync("(fileOf { auth.buildInputs = [ pkgs.jq \"gnused\" ]; }).fetch_script_path == \"${pkgs.jq}/bin:${pkgs.gnused}/bin\"")).GetBoolean());
        Assert.True((await EvalAsync("(fileOf { auth.buildInputs = [ \"buildPackages.buildPackages.jq\" ]; }).fetch_script_path == \"${pkgs.jq}/bin\"")).GetBoolean());
        Assert.Contains(
            "`auth` of a model needs the package `pythonPackages.vault`, which this nixpkgs doesn't have",
            await runtime.RefusalAsync($"{Bindings} (fileOf {{ auth.buildInputs = [ \"pythonPackages.vault\" ]; }}).drvPath"),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("auth authScript", "fetch_auth_script", "auth-script")]
    [InlineData("auth tokenRefresh command", "fetch_token_command", "token-command")]
    [InlineData("onDownloadFailure notifyCommand", "fetch_notify", "notify-command")]
    [InlineData("onFailure notify", "fetch_notify", "notify-command")]
    public async Task A_script_is_a_file_of_the_store_and_nothing_of_its_text_is_in_the_derivation(string setting, string variable, string name)
    {
        const string Script = "echo \"$(id -u)\" `x` ${HOME} '' \\n 'ü' marker-6b1f\n";
        var settings = runtime.Definition(setting.Split(' ').Reverse().Aggregate((JsonNode)Script, (inner, key) => new JsonObject { [key] = inner }).AsObject());
        var path = (await EvalAsync($"(fileOf ({settings})).{variable}")).GetString() ?? "";
        Assert.EndsWith($"-{name}", path, StringComparison.Ordinal);
        Assert.Equal([variable], (await EvalAsync($"changes fileOf ({settings})")).EnumerateObject().Select(change => change.Name));
        var derivation = (await EvalAsync($"(fileOf ({settings})).drvPath")).GetString();
        Assert.Equal(Script, await File.ReadAllTextAsync(runtime.Nix.Root + path));
        Assert.DoesNotContain("marker-6b1f", await File.ReadAllTextAsync(runtime.Nix.Root + derivation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_script_may_be_a_file_a_derivation_or_text_that_names_store_paths()
    {
        var file = Path.Combine(runtime.Nix.Root, "home", "my-script.sh");
        await File.WriteAllTextAsync(file, "echo from a file\n");
        var copied = (await EvalAsync($"(fileOf {{ auth.authScript = {file}; }}).fetch_auth_script")).GetString();
        Assert.Equal("echo from a file\n", await File.ReadAllTextAsync(runtime.Nix.Root + copied));
        Assert.True((await EvalAsync("let script = pkgs.writeText \"s\" \"x\"; in (fileOf { auth.authScript = script; }).fetch_auth_script == \"${script}\"")).GetBoolean());
        Assert.True((await EvalAsync("let program = pkgs.writeShellScriptBin \"s\" \"x\" // { meta.mainProgram = \"s\"; }; in (fileOf { auth.authScript = program; }).fetch_auth_script == \"${program}/bin/s\"")).GetBoolean());
        var built = await runtime.BuildAsync($"{Bindings} pkgs.runCommand \"copy\" {{ script = (fileOf {{ auth.authScript = \"${{pkgs.jq}}/bin/jq .\\n\"; }}).fetch_auth_script; }} \"cp $script $out\"");
        Assert.Matches("^/nix/store/[a-z0-9]{32}-host-jq/bin/jq \\.\n$", await File.ReadAllTextAsync(runtime.Nix.Root + built));
    }

    [Fact]
    public async Task Files_that_hold_secrets_stay_outside_the_store()
    {
        var file = Path.Combine(runtime.Nix.Root, "home", "credentials");
        await File.WriteAllTextAsync(file, "secret-d41c\n");
        await EvalAsync($"(fileOf {{ auth = {{ tokenFile = {file}; netrcFile = {file}; gcpServiceAccountKey = {file}; }}; }}).drvPath");
        var found = await ProcessRunner.RunAsync("grep", ["-rlF", "--", "secret-d41c", runtime.Nix.Root + "/nix/store"]);
        Assert.Equal("", found.Output);
    }

    [Fact]
    public async Task Settings_change_no_store_path_of_a_file_or_tree()
    {
        const string Settings = "{ auth = { useHfCli = true; authScript = \"x\"; }; network.connections = 3; onFailure.action = \"retry\"; impureEnvVars = [ \"A\" ]; }";
        Assert.True((await EvalAsync($"(fileOf {Settings}).outPath == (fileOf {{ }}).outPath && (treeOf {Settings}).outPath == (treeOf {{ }}).outPath")).GetBoolean());
    }

    // The stub's packages are called `host-NAME`.
    private async Task<IEnumerable<string>> ToolsAsync(string derivation) =>
        ((await EvalAsync($"({derivation}).PATH")).GetString() ?? "").Split(':').Select(path => path.Split('/')[^2][33..].Replace("host-", "", StringComparison.Ordinal));

    private Task<JsonElement> EvalAsync(string expression) => runtime.EvalAsync($"{Bindings}\n{expression}");

    private static List<string> Strings(JsonElement list) => [.. list.EnumerateArray().Select(item => item.GetString() ?? "")];
}

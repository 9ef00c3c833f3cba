using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using NixGen.Nix.Hashing;
using Xunit;

namespace NixGen.EndToEnd.Runtime;

/// <summary>Definitions are checked as a whole, and every message says where and what.</summary>
[Collection(RuntimeNixGroup.Name)]
public sealed class TypesTests(RuntimeNix runtime)
{
    private const string Commit = "0123456789abcdef0123456789abcdef01234567";

    [Fact]
    public async Task Hexadecimal_hashes_become_real_sri_and_come_back()
    {
        var digests = Enumerable.Range(0, 40).Select(index => SHA256.HashData(Encoding.ASCII.GetBytes($"{index}"))).Append(new byte[32]).Append([.. Enumerable.Repeat((byte)255, 32)]).ToList();
        var hex = digests.ConvertAll(Convert.ToHexStringLower);
        var list = string.Join(' ', hex.Select(text => $"\"{text}\""));
        var sri = await runtime.EvalAsync($"map runtime.normalizeHash [ {list} ]");
        Assert.Equal(digests.Select(digest => SriHash.FromBytes(digest).Text), Strings(sri));
        var back = await runtime.EvalAsync($"map (h: (import {Testing.Checkout.Templates}/lib/hashes.nix {{ inherit lib; }}).hashToHex (runtime.normalizeHash h)) [ {list} ]");
        Assert.Equal(hex, Strings(back));
    }

    [Theory]
    [InlineData("sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=", "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=")]
    [InlineData("sha256:E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855", "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=")]
    [InlineData("", "sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    public async Task Hashes_have_one_spelling(string given, string expected) =>
        Assert.Equal(expected, (await runtime.EvalAsync($"runtime.normalizeHash \"{given}\"")).GetString());

    [Theory]
    [InlineData("0mdqa9w1p6cmli6976v4wi0sw9r4p5prkj7lzfd1877wk11c9c73", "nix hash to-sri --type sha256 0mdqa9w1p6cmli6976v4wi0sw9r4p5prkj7lzfd1877wk11c9c73")]
    [InlineData("sha512-AAAA", "only SHA-256 is used")]
    [InlineData("sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFV=", "is no SHA-256")]
    [InlineData("e3b0c442", "is no SHA-256")]
    public async Task Other_hashes_are_refused_with_a_way_on(string given, string message) =>
        Assert.Contains(message, await runtime.RefusalAsync($"runtime.normalizeHash \"{given}\""), StringComparison.Ordinal);

    [Fact]
    public async Task Names_of_file_derivations_are_those_of_the_compiler()
    {
        var digests = Enumerable.Range(0, 60).Select(index => SriHash.FromBytes(SHA256.HashData(BitConverter.GetBytes(index)))).ToList();
        var names = await runtime.EvalAsync($"map runtime.types.fileDerivationName [ {string.Join(' ', digests.Select(hash => $"\"{hash}\""))} ]");
        Assert.Equal(digests.Select(hash => "model-file-" + hash.Text[7..23].Replace('+', '-').Replace('/', '_')), Strings(names));
    }

    [Fact]
    public async Task All_that_is_wrong_is_said_at_once()
    {
        var errors = await ErrorsAsync("""
            {
              name = "phi 2";
              source.huggingface = { repo = "a/b/c"; files = "x"; branch = "main"; endpoint = "http://example.com"; };
              auth = { tokenEnvVar = "PATH"; tokenFile = "relative"; token = "hf_x"; };
              network.timeout.connect = 0;
              integration.huggingface.refs = [ "a" "a/b" ];
            }
            """);
        Assert.Equal(
            [
                "`auth.token` is not known here; there are `authScript`, `awsProfile`, `buildInputs`, `gatedModelHelp`, `gcpServiceAccountKey`, `netrcFile`, `required`, `tokenEnvVar`, `tokenFile`, `tokenRefresh`, `useHfCli`",
                "`auth.tokenEnvVar`: the build uses `PATH` itself",
                "`auth.tokenFile` must be the absolute path of a file that is on the machine when it builds, not `\"relative\"`",
                "`integration.huggingface.refs`: \"a\" is a file and a folder at once",
                "`name` must be at most 128 letters, digits, `_`, `.`, `+` and `-`, and begin with a letter, a digit or `_`, not `\"phi 2\"`",
                "`network.timeout.connect` must be a whole number, one or more, not `0`",
                "`source.huggingface.branch` is not known here; there are `auth`, `endpoint`, `exclude`, `files`, `repo`, `revision`, `type`",
                "`source.huggingface.endpoint` must be an https URL without user, query or fragment (http is accepted for this machine only), not `\"http://example.com\"`",
                "`source.huggingface.files` must be a list, not `\"x\"`",
                "`source.huggingface.repo` must be `owner/name` or `name`, not `\"a/b/c\"`",
            ],
            errors);
    }

    [Theory]
    [InlineData("{ }", "`name` is missing")]
    [InlineData("{ name = \"x\"; source = { }; }", "; it holds none")]
    [InlineData("{ name = \"x\"; source = { mock = { }; huggingface.repo = \"a/b\"; }; }", "it holds `huggingface`, `mock`")]
    [InlineData("{ name = \"x\"; source.nothing = { }; }", "`source.nothing` is not known; there are `")]
    [InlineData("{ name = \"x\"; source.huggingface.repo = \"a/b\"; }", "nothing says what the files are")]
    [InlineData("{ name = \"x\"; source.huggingface.repo = \"a/b\"; hash = \"\"; }", "must be a commit of 40 hexadecimal digits when nothing is locked, since `main` can move")]
    [InlineData("{ name = \"x\"; source.huggingface = { repo = \"a/b\"; revision = null; }; hash = \"\"; }", "since `main` can move")]
    [InlineData("{ name = \"x\"; source.mock.files = [ { path = \"../x\"; text = \"\"; } ]; }", "holds an empty segment, `.` or `..`")]
    [InlineData("{ name = \"x\"; source.mock.files = [ { path = \"a\"; text = \"\"; } { path = \"a\"; text = \"\"; } ]; }", "\"a\" is there more than once")]
    [InlineData("{ name = \"x\"; source.huggingface.repo = \"a/b--c\"; }", "must hold neither `--` nor `..`")]
    [InlineData("{ name = \"x\"; source.huggingface.repo = \"a/b\"; impure = true; hash = \"\"; }", "`impure` fetches whatever is there, so `hash` would check nothing")]
    [InlineData("{ name = \"x\"; source.huggingface.repo = \"a/b\"; impure = true; fileHashes.a = \"\"; }", "so `fileHashes` would check nothing")]
    [InlineData("{ name = \"x\"; source.huggingface.repo = \"a/b\"; impure = true; locked = { repo = \"a/b\"; revision = \"0123456789abcdef0123456789abcdef01234567\"; files = [ ]; }; }", "so `locked` would check nothing")]
    [InlineData("{ name = \"x\"; source.huggingface.repo = \"a/b\"; impure = true; lazy = true; }", "`impure` and `lazy` don't go together")]
    [InlineData("{ name = \"x\"; source.huggingface.repo = \"a/b\"; impure = 1; }", "`impure` must be true or false, not `1`")]
    [InlineData("{ name = \"x\"; source.mock = { }; impure = true; }", "there is nothing to fetch for `source.mock`")]
    [InlineData("{ name = \"x\"; source.mock = { }; lazy = \"yes\"; }", "`lazy` must be true or false, not `\"yes\"`")]
    [InlineData("[ ]", "must be an attribute set")]
    public async Task A_mistake_is_named(string config, string message) =>
        Assert.Contains(await ErrorsAsync(config), error => error.Contains(message, StringComparison.Ordinal));

    [Theory]
    [InlineData("auth.netrcFile = \"netrc\"", "`auth.netrcFile` must be the absolute path of a file")]
    [InlineData("auth.gcpServiceAccountKey = \"{}\"", "`auth.gcpServiceAccountKey` must be the absolute path of a file")]
    [InlineData("auth.awsProfile = \"[a]\"", "`auth.awsProfile` must be the name of a profile, without brackets")]
    [InlineData("auth.useHfCli = 1", "`auth.useHfCli` must be true or false")]
    [InlineData("auth.gatedModelHelp = \"\"", "`auth.gatedModelHelp` must be text")]
    [InlineData("auth.authScript = \"\"", "`auth.authScript` must be the text of a bash script, or the path or derivation of one")]
    [InlineData("auth.authScript = { }", "`auth.authScript` must be the text of a bash script, or the path or derivation of one, not a set")]
    [InlineData("auth.tokenRefresh = { command = \"x\"; maxTokenAgeSec = 0; }", "`auth.tokenRefresh.maxTokenAgeSec` must be a whole number, one or more")]
    [InlineData("auth.tokenRefresh = { }", "`auth.tokenRefresh.command` is missing")]
    [InlineData("auth.buildInputs = [ \"vault kv\" ]", "`auth.buildInputs[0]` must be a package, or its attribute in nixpkgs")]
    [InlineData("auth.buildInputs = [ 1 ]", "`auth.buildInputs[0]` must be a package")]
    [InlineData("impureEnvVars = [ \"A\" \"LD_PRELOAD\" ]", "`impureEnvVars[1]`: the build uses `LD_PRELOAD` itself")]
    [InlineData("security.maskSecretsInLogs = false", "`security.maskSecretsInLogs` can't be turned off: everybody can read the log of a build")]
    [InlineData("security.isolateCredentialsFromHooks = false", "`security.isolateCredentialsFromHooks` can't be turned off")]
    [InlineData("network.connections = 65", "`network.connections` must be a whole number from 1 to 64")]
    [InlineData("network.bandwidth.limit = \"50MB\"", "`network.bandwidth.limit` must be a size such as \"50M\"")]
    [InlineData("network.mirrors = [ { prefer = true; } ]", "`network.mirrors[0]` must hold exactly one of `base`, `endpoint`, `hashed`; it holds none")]
    [InlineData("network.mirrors = [ { base = \"gs://abc\"; hashed = \"https://x.y\"; } ]", "it holds `base`, `hashed`")]
    [InlineData("network.mirrors = [ { endpoint = \"s3://abc\"; } ]", "`network.mirrors[0].endpoint` must be an https URL")]
    [InlineData("network.mirrors = [ { base = \"https://me@x.y\"; } ]", "`network.mirrors[0].base` must be an https URL without user, query or fragment")]
    [InlineData("network.mirrors = [ { base = \"s3://abc/d?token=x\"; } ]", "`network.mirrors[0].base` must be a URL such as `s3://bucket/prefix?region=eu-central-1`")]
    [InlineData("network.mirrors = [ { hashed = \"gs://abc/d?x\"; } ]", "`network.mirrors[0].hashed` must be a URL such as `gs://bucket/prefix`")]
    [InlineData("download.maxResumeAttempts = -1", "`download.maxResumeAttempts` must be a whole number, zero or more")]
    [InlineData("onDownloadFailure.action = \"keep\"", "`onDownloadFailure.action` must be one of \"clean\", \"persist\", \"retry\"")]
    [InlineData("onDownloadFailure.action = \"persist\"", "`onDownloadFailure.persistPath` is missing")]
    [InlineData("onFailure.persistPath = \"/x\"", "`onFailure.persistPath` is for `action = \"persist\"`")]
    [InlineData("onFailure.action = \"clean\"; onDownloadFailure.action = \"clean\"", "`onFailure` is another spelling of `onDownloadFailure`")]
    [InlineData("onDownloadFailure.notify = \"x\"", "`onDownloadFailure.notify` is not known here")]
    [InlineData("sharding.parallelDownloads = 33", "`sharding.parallelDownloads` must be a whole number from 1 to 32")]
    public async Task A_wrong_setting_is_named(string setting, string message) =>
        Assert.Contains(message, Assert.Single(await ErrorsAsync($"{{ name = \"x\"; source.mock = {{ }}; {setting}; }}")), StringComparison.Ordinal);

    [Fact]
    public async Task Mirrors_are_where_the_manifest_may_name_them() =>
        Assert.Empty(await ErrorsAsync("""
            {
              name = "x";
              source.mock = { };
              network.mirrors = [
                { endpoint = "https://hub.example.com/base"; prefer = true; }
                { endpoint = "http://[::1]:8080"; base = null; }
                { hashed = "s3://bucket.name/pre/fix?region=eu-central-1&endpoint=http://127.0.0.1:9000"; }
                { hashed = "s3://bucket?endpoint=minio.example.com:9000"; }
                { base = "gs://example_models/all"; prefer = false; }
              ];
            }
            """));

    [Fact]
    public async Task Stated_hashes_and_the_lock_must_agree()
    {
        var errors = await ErrorsAsync($$"""
            {
              name = "x";
              source.huggingface.repo = "a/b";
              locked = { repo = "a/b"; revision = "{{Commit}}"; files = [ { path = "a"; size = 0; sha256 = "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="; blob = "{{Commit}}"; } ]; };
              fileHashes = { a = ""; b = ""; };
            }
            """);
        Assert.Equal(["`fileHashes` and `locked` disagree about \"a\"", "`fileHashes` names \"b\", which `locked` does not hold"], errors);
    }

    [Theory]
    [InlineData("../../etc/x")]
    [InlineData("/abs")]
    [InlineData("a//b")]
    [InlineData("a/")]
    [InlineData("./a")]
    [InlineData("a/./b")]
    [InlineData(".git/config")]
    [InlineData("line\nbreak")]
    [InlineData("tab\tstop")]
    [InlineData("escape\u001b[31m")]
    [InlineData("delete\u007f")]
    [InlineData("")]
    public async Task A_locked_path_that_leads_elsewhere_is_refused(string path)
    {
        var errors = await ErrorsAsync(runtime.Definition(Locked(path)));
        Assert.Contains("`locked.files[0].path`", Assert.Single(errors), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("with space.txt")]
    [InlineData("-$(x)`y`'\"${z}")]
    [InlineData("naïve/模型/🙂.txt")]
    [InlineData("...")]
    [InlineData("back\\slash")]
    public async Task Any_other_path_is_welcome(string path) => Assert.Empty(await ErrorsAsync(runtime.Definition(Locked(path))));

    [Fact]
    public async Task A_wrong_definition_is_refused_by_name_when_it_is_used()
    {
        var refusal = await runtime.RefusalAsync("""(runtime.fetchModel pkgs { name = "phi-2"; source.nothing = { }; }).drvPath""");
        Assert.Contains("The model definition \"phi-2\" is wrong:", refusal, StringComparison.Ordinal);
        Assert.Contains("  - `source.nothing` is not known", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Null_is_as_good_as_absent() =>
        Assert.Empty(await ErrorsAsync("""{ name = "x"; source.mock = { files = null; org = null; }; version = null; hash = null; auth = null; network = null; integration = null; meta = null; locked = null; }"""));

    private static JsonObject Locked(string path) => new()
    {
        ["name"] = "x",
        ["source"] = new JsonObject { ["huggingface"] = new JsonObject { ["repo"] = "a/b" } },
        ["locked"] = new JsonObject
        {
            ["repo"] = "a/b",
            ["revision"] = Commit,
            ["files"] = new JsonArray(new JsonObject { ["path"] = path, ["size"] = 0, ["sha256"] = "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=", ["blob"] = Commit }),
        },
    };

    private async Task<IReadOnlyList<string>> ErrorsAsync(string config)
    {
        var result = await runtime.EvalAsync($"runtime.validateConfig ({config})");
        var errors = Strings(result.GetProperty("errors"));
        Assert.Equal(errors.Count == 0, result.GetProperty("valid").GetBoolean());
        return errors;
    }

    private static List<string> Strings(JsonElement list) => [.. list.EnumerateArray().Select(item => item.GetString() ?? "")];
}

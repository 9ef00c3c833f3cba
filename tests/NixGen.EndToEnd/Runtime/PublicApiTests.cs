using System.Text.Json;
using NixGen.Testing;
using Xunit;

namespace NixGen.EndToEnd.Runtime;

/// <summary>The names that users call, in each form in which they may be called.</summary>
[Collection(RuntimeNixGroup.Name)]
public sealed class PublicApiTests(RuntimeNix runtime)
{
    private const string Bindings = """
        let
          tiny = { name = "tiny"; source.mock = { org = "test"; model = "tiny"; files = [ { path = "config.json"; text = "{}"; } ]; }; };
          model = runtime.fetchModel pkgs tiny;
          commit = "0123456789abcdef0123456789abcdef01234567";
          hash = "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
          bound = import TEMPLATES/lib { inherit lib pkgs; };
        in
        """;

    [Theory]
    [InlineData("runtime", "buildCache compose fetchFromHuggingFace fetchModel getModelPath instantiate integration mkHfCachePath mkHfSymlinks mkLinkScript mkModelWrapper mkShellHook mkValidator normalizeHash parseModelSpec sources types validateConfig validation validators")]
    [InlineData("runtime.integration", "buildCache getModelPath hfCachePath mkCacheName mkHfSymlinks mkLinkScript mkModelWrapper mkShellHook")]
    [InlineData("runtime.sources", "adapters dispatch factories getAdapter huggingface mkAzure mkGcs mkGitLfs mkGitXet mkHttp mkHuggingFace mkMlflow mkOci mkOllama mkS3 ollama parseModelSpec")]
    [InlineData("runtime.sources.huggingface", "google metaLlama microsoft mistralai mk org")]
    [InlineData("runtime.types", "blobName fileDerivationName hashToHex isFakeHash normalizeHash pathError sourceAttributes sourceRecords sourceTypes validateConfig validateSource")]
    [InlineData("runtime.validation", "chainOf mkValidationDerivation mkValidator presets validators")]
    [InlineData("runtime.validation.presets", "minimal none paranoid standard strict")]
    [InlineData("runtime.validation.validators", "checksums clamav custom fileTypes licenseCheck maxSize modelscan noPickleFiles noPythonCode noSymlinks pickleScan requiredFiles safetensorsOnly signatureVerify structure")]
    [InlineData("model.passthru", "config files hfCachePath locked raw refs revision source sourceMeta transformations transformed validated")]
    public async Task These_are_all_the_names(string set, string names) =>
        Assert.Equal(names.Split(' '), (await EvalAsync($"builtins.attrNames {set}")).EnumerateArray().Select(name => name.GetString()));

    [Theory]
    [InlineData("fetchModel", "tiny")]
    [InlineData("fetchFromHuggingFace", "{ name = \"x\"; repo = \"a/b\"; revision = commit; inherit hash; }")]
    [InlineData("buildCache", "[ model ]")]
    [InlineData("buildCache", "{ name = \"x\"; models = [ model ]; }")]
    [InlineData("compose", "{ name = \"x\"; parts.base = model; }")]
    [InlineData("mkHfSymlinks", "{ modelPath = model; org = \"a\"; model = \"b\"; }")]
    [InlineData("mkModelWrapper", "{ program = \"/bin/x\"; models = [ { path = model; name = \"x\"; envVar = \"X\"; } ]; }")]
    public async Task What_builds_takes_the_packages_first_or_with_the_library(string function, string argument)
    {
        var paths = await EvalAsync($"map (drv: drv.drvPath) [ (runtime.{function} pkgs ({argument})) (bound.{function} ({argument})) (bound.{function} pkgs ({argument})) ]");
        Assert.Single(paths.EnumerateArray().Select(path => path.GetString()).Distinct());
        Assert.Contains("call it with `pkgs` first", await runtime.RefusalAsync($"{Text} (runtime.{function} ({argument})).drvPath"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sets_and_hooks_take_the_packages_first_or_not()
    {
        Assert.True((await EvalAsync("(bound.instantiate { a = tiny; }).a.drvPath == (runtime.instantiate pkgs { a = tiny; }).a.drvPath")).GetBoolean());
        const string Hook = "{ models = [ { drv = model; org = \"meta-llama\"; model = \"Llama-2-7b-hf\"; } ]; }";
        Assert.True((await EvalAsync($"runtime.mkShellHook {Hook} == runtime.mkShellHook (pkgs // {{ models = [ ]; }}) {Hook}")).GetBoolean());
    }

    [Fact]
    public async Task Files_can_be_imported_with_the_arguments_that_are_documented()
    {
        var path = await EvalAsync("""
            (import TEMPLATES/lib/fetchModel.nix {
              inherit lib pkgs;
              inherit (runtime) types integration;
              sources = import TEMPLATES/lib/sources { inherit lib pkgs; };
              validation = import TEMPLATES/lib/validation { inherit lib pkgs; };
            } tiny).drvPath == model.drvPath
            """);
        Assert.True(path.GetBoolean());
        Assert.Equal("models--a--b", (await EvalAsync("(import TEMPLATES/lib/integration.nix { inherit lib; }).mkCacheName { org = \"a\"; model = \"b\"; }")).GetString());
        Assert.True((await EvalAsync("(import TEMPLATES/lib/types.nix { inherit lib; }) ? validateConfig")).GetBoolean());
        Assert.True((await EvalAsync("(import TEMPLATES/lib/sources/factories { inherit lib; }) ? mkHuggingFace")).GetBoolean());
    }

    [Fact]
    public async Task Files_alone_are_the_plain_tree_of_a_repository()
    {
        var same = await EvalAsync("""
            let
              rest = { name = "x"; inherit hash; auth.tokenEnvVar = "MINE"; network.retry.maxAttempts = 5; };
              source = { repo = "a/b"; type = "dataset"; revision = commit; files = [ "*.json" ]; exclude = [ "b*" ]; endpoint = "https://hub.example/mirror"; };
            in
            (runtime.fetchFromHuggingFace pkgs (rest // source)).drvPath
            == (runtime.fetchModel pkgs (rest // { source.huggingface = source; })).raw.drvPath
            """);
        Assert.True(same.GetBoolean());
    }

    [Fact]
    public async Task A_model_is_positioned_where_it_is_defined_and_not_in_the_library() =>
        Assert.Matches(@"/expression-[0-9]+\.nix:[0-9]+$", (await EvalAsync("model.meta.position")).GetString());

    [Fact]
    public async Task A_model_can_be_changed_like_any_package()
    {
        var changed = await EvalAsync("""
            let other = model.overrideAttrs (old: { name = "other"; meta = old.meta // { description = "mine"; }; }); in
            { inherit (other) name hfCachePath; inherit (other.meta) description; files = builtins.attrNames other.files; }
            """);
        Assert.Equal("""{"description":"mine","files":["config.json"],"hfCachePath":"models--test--tiny","name":"other"}""", changed.GetRawText());
    }

    [Fact]
    public async Task An_endpoint_is_the_same_with_a_slash_at_its_end_and_without()
    {
        const string Model = "(runtime.fetchModel pkgs { name = \"x\"; source.huggingface = { repo = \"a/b\"; revision = commit; endpoint = \"https://hub.example/mirror\" + end; }; inherit hash; })";
        Assert.True((await EvalAsync($"let raw = end: {Model}.raw.drvPath; in raw \"\" == raw \"/\"")).GetBoolean());
        Assert.Equal("https://hub.example/mirror/a/b", (await EvalAsync($"let end = \"/\"; in {Model}.meta.homepage")).GetString());
    }

    [Theory]
    [InlineData("BASH_ENV")]
    [InlineData("LD_PRELOAD")]
    [InlineData("SHELLOPTS")]
    [InlineData("NIX_SSL_CERT_FILE")]
    [InlineData("UID")]
    public async Task A_token_can_not_come_by_a_variable_that_drives_the_build(string variable) =>
        Assert.Contains($"the build uses `{variable}` itself", await runtime.RefusalAsync($"{Text} (runtime.fetchModel pkgs (tiny // {{ auth.tokenEnvVar = \"{variable}\"; }})).drvPath"), StringComparison.Ordinal);

    private static string Text { get; } = Bindings.Replace("TEMPLATES", Checkout.Templates, StringComparison.Ordinal);

    private Task<JsonElement> EvalAsync(string expression) =>
        runtime.EvalAsync($"{Text}\n{expression.Replace("TEMPLATES", Checkout.Templates, StringComparison.Ordinal)}");
}

using Xunit;

namespace NixGen.EndToEnd.Runtime;

/// <summary>Short ways to write a source mean what they say.</summary>
[Collection(RuntimeNixGroup.Name)]
public sealed class SourcesTests(RuntimeNix runtime)
{
    [Theory]
    [InlineData("sources.huggingface.metaLlama \"Llama-2-7b-hf\"", """{"huggingface":{"repo":"meta-llama/Llama-2-7b-hf"}}""")]
    [InlineData("sources.huggingface.mistralai \"Mistral-7B-v0.1\"", """{"huggingface":{"repo":"mistralai/Mistral-7B-v0.1"}}""")]
    [InlineData("sources.huggingface.microsoft \"phi-2\"", """{"huggingface":{"repo":"microsoft/phi-2"}}""")]
    [InlineData("sources.huggingface.google \"gemma-2b\"", """{"huggingface":{"repo":"google/gemma-2b"}}""")]
    [InlineData("sources.huggingface.org \"x\" \"y\"", """{"huggingface":{"repo":"x/y"}}""")]
    [InlineData("sources.factories.huggingface.org \"x\" { model = \"y\"; revision = \"v1\"; }", """{"huggingface":{"repo":"x/y","revision":"v1"}}""")]
    [InlineData("sources.mkHuggingFace { defaultAuth.tokenEnvVar = \"HF_TOKEN\"; } \"meta-llama/Llama-2-7b-hf\"", """{"huggingface":{"auth":{"tokenEnvVar":"HF_TOKEN"},"repo":"meta-llama/Llama-2-7b-hf"}}""")]
    [InlineData("sources.huggingface.mk { org = \"x\"; revision = \"v1\"; } { model = \"y\"; files = [ \"*.json\" ]; exclude = null; }", """{"huggingface":{"files":["*.json"],"repo":"x/y","revision":"v1"}}""")]
    [InlineData("sources.mkHuggingFace { } { repo = \"x/y\"; revision = \"v2\"; }", """{"huggingface":{"repo":"x/y","revision":"v2"}}""")]
    [InlineData("parseModelSpec \"hf:org/model@refs/pr/1\"", """{"huggingface":{"repo":"org/model","revision":"refs/pr/1"}}""")]
    [InlineData("parseModelSpec \"hf:gpt2\"", """{"huggingface":{"repo":"gpt2"}}""")]
    [InlineData("parseModelSpec \"hf://datasets/org/name@v1\"", """{"huggingface":{"repo":"org/name","revision":"v1","type":"dataset"}}""")]
    [InlineData("parseModelSpec \"https://huggingface.co/org/model\"", """{"huggingface":{"repo":"org/model"}}""")]
    [InlineData("parseModelSpec \"https://huggingface.co/org/model/tree/refs/pr/2/\"", """{"huggingface":{"repo":"org/model","revision":"refs/pr/2"}}""")]
    [InlineData("parseModelSpec \"https://huggingface.co/spaces/org/app/tree/main\"", """{"huggingface":{"repo":"org/app","revision":"main","type":"space"}}""")]
    [InlineData("sources.mkS3 { bucket = \"my-models\"; region = \"us-west-2\"; } \"models/llama/\"", """{"s3":{"bucket":"my-models","prefix":"models/llama/","region":"us-west-2"}}""")]
    [InlineData("sources.mkS3 { bucket = \"my-models\"; region = \"us-west-2\"; } { prefix = \"v2\"; files = [ \"*.json\" ]; exclude = null; }", """{"s3":{"bucket":"my-models","files":["*.json"],"prefix":"v2","region":"us-west-2"}}""")]
    [InlineData("parseModelSpec \"s3://my-models\"", """{"s3":{"bucket":"my-models"}}""")]
    [InlineData("parseModelSpec \"s3://my-models/llama/v1?region=eu-central-1&endpoint=s3.example.com\"", """{"s3":{"bucket":"my-models","endpoint":"https://s3.example.com","prefix":"llama/v1","region":"eu-central-1"}}""")]
    [InlineData("parseModelSpec \"s3://my-models/a b.gguf?versionId=x.y&endpoint=http%3A%2F%2F127.0.0.1:9000\"", """{"s3":{"bucket":"my-models","endpoint":"http://127.0.0.1:9000","prefix":"a b.gguf","versionId":"x.y"}}""")]
    [InlineData("sources.mkHttp { baseUrl = \"https://example.com/w/\"; } \"bert/model.bin\"", """{"url":{"urls":[{"url":"https://example.com/w/bert/model.bin"}]}}""")]
    [InlineData("sources.mkHttp { baseUrl = \"https://example.com\"; defaultAuth.netrcFile = \"/run/netrc\"; } { path = \"x?v=1\"; filename = \"a/b.bin\"; sha256 = null; }", """{"url":{"auth":{"netrcFile":"/run/netrc"},"urls":[{"filename":"a/b.bin","url":"https://example.com/x?v=1"}]}}""")]
    [InlineData("parseModelSpec \"https://example.com/org/model.bin?v=1\"", """{"url":{"url":"https://example.com/org/model.bin?v=1"}}""")]
    [InlineData("parseModelSpec \"civitai:3036@9857\"", """{"civitai":{"modelId":3036,"modelVersionId":9857}}""")]
    [InlineData("parseModelSpec \"urn:air:sd2:embedding:civitai:3036@9857\"", """{"civitai":{"modelId":3036,"modelVersionId":9857}}""")]
    [InlineData("sources.mkGitLfs { baseUrl = \"https://git.example.com/team/\"; } { repo = \"models\"; rev = \"v1.0\"; subdir = \"bert\"; files = null; }", """{"git-lfs":{"rev":"v1.0","subdir":"bert","url":"https://git.example.com/team/models"}}""")]
    [InlineData("sources.mkGitLfs { baseUrl = \"https://git.example.com/team\"; } \"models\"", """{"git-lfs":{"rev":"HEAD","url":"https://git.example.com/team/models"}}""")]
    [InlineData("sources.mkGitXet { endpoint = \"https://xet.example.com\"; } { url = \"https://git.example.com/a/b\"; rev = \"main\"; files = [ \"*\" ]; }", """{"git-xet":{"files":["*"],"rev":"main","url":"https://git.example.com/a/b","xet":{"endpoint":"https://xet.example.com"}}}""")]
    [InlineData("parseModelSpec \"git+https://git.example.com/a/b.git?rev=feature%2Fx&subdir=c\"", """{"git-lfs":{"rev":"feature/x","subdir":"c","url":"https://git.example.com/a/b.git"}}""")]
    [InlineData("parseModelSpec \"git+ssh://git@git.example.com/a/b.git\"", """{"git-lfs":{"rev":"HEAD","url":"ssh://git@git.example.com/a/b.git"}}""")]
    [InlineData("sources.mkMlflow { trackingUri = \"https://mlflow.example.com\"; defaultAuth.tokenEnvVar = \"T\"; } { name = \"fraud\"; version = \"3\"; }", """{"mlflow":{"auth":{"tokenEnvVar":"T"},"modelName":"fraud","trackingUri":"https://mlflow.example.com","version":"3"}}""")]
    [InlineData("sources.mkMlflow { trackingUri = \"https://mlflow.example.com\"; } { modelName = \"fraud\"; modelVersion = null; modelStage = \"Production\"; }", """{"mlflow":{"modelName":"fraud","modelStage":"Production","trackingUri":"https://mlflow.example.com"}}""")]
    [InlineData("sources.mkMlflow { modelAlias = \"champion\"; } \"fraud\"", """{"mlflow":{"modelAlias":"champion","modelName":"fraud"}}""")]
    [InlineData("sources.mkMlflow { } \"fraud@champion\"", """{"mlflow":{"modelAlias":"champion","modelName":"fraud"}}""")]
    [InlineData("sources.mkMlflow { } \"runs:/0123abcd/model\"", """{"mlflow":{"uri":"runs:/0123abcd/model"}}""")]
    [InlineData("parseModelSpec \"mlflow:fraud@latest\"", """{"mlflow":{"modelName":"fraud","modelVersion":"latest"}}""")]
    [InlineData("parseModelSpec \"mlflow:models:/fraud@champion\"", """{"mlflow":{"uri":"models:/fraud@champion"}}""")]
    [InlineData("parseModelSpec \"mock:example/tiny\"", """{"mock":{"model":"tiny","org":"example"}}""")]
    [InlineData("sources.ollama.model \"llama2:7b-q4_0\"", """{"ollama":{"model":"llama2:7b-q4_0"}}""")]
    [InlineData("sources.mkOllama { registry = \"registry.example.com\"; namespace = \"team\"; } \"assistant:v1\"", """{"ollama":{"model":"team/assistant:v1","registry":"registry.example.com"}}""")]
    [InlineData("sources.ollama.mk { namespace = \"team\"; } { model = \"other/assistant\"; tag = \"v1\"; registry = null; }", """{"ollama":{"model":"other/assistant","tag":"v1"}}""")]
    [InlineData("sources.mkOci { registry = \"ghcr.io/example\"; } \"small-lm:v1\"", """{"oci":{"image":"ghcr.io/example/small-lm:v1"}}""")]
    [InlineData("sources.mkOci { registry = \"ghcr.io\"; exclude = null; } { image = \"example/small-lm\"; files = [ \"*.gguf\" ]; }", """{"oci":{"files":["*.gguf"],"image":"ghcr.io/example/small-lm"}}""")]
    [InlineData("parseModelSpec \"ollama:llama2\"", """{"ollama":{"model":"llama2"}}""")]
    [InlineData("parseModelSpec \"ollama:someone/llama2:7b\"", """{"ollama":{"model":"someone/llama2","tag":"7b"}}""")]
    [InlineData("parseModelSpec \"ollama://localhost:5000/someone/llama2:7b\"", """{"ollama":{"model":"someone/llama2","registry":"localhost:5000","tag":"7b"}}""")]
    [InlineData("parseModelSpec \"oci://ghcr.io/org/model:v1\"", """{"oci":{"image":"ghcr.io/org/model:v1"}}""")]
    [InlineData("parseModelSpec \"az://account/models/a b/v1/\"", """{"azure":{"account":"account","container":"models","prefix":"a b/v1"}}""")]
    [InlineData("parseModelSpec \"abfss://models@account.dfs.core.windows.net/v1\"", """{"azure":{"account":"account","container":"models","prefix":"v1"}}""")]
    [InlineData("parseModelSpec \"wasbs://models@account.blob.core.usgovcloudapi.net\"", """{"azure":{"account":"account","container":"models","endpoint":"https://account.blob.core.usgovcloudapi.net"}}""")]
    [InlineData("sources.mkAzure { account = \"account\"; container = \"models\"; } \"v1\"", """{"azure":{"account":"account","container":"models","prefix":"v1"}}""")]
    [InlineData("parseModelSpec \"gs://models/a b/v1/\"", """{"gcs":{"bucket":"models","prefix":"a b/v1"}}""")]
    [InlineData("parseModelSpec \"gs://models\"", """{"gcs":{"bucket":"models"}}""")]
    [InlineData("parseModelSpec \"gs://models/a#1.gguf#1709294400000000\"", """{"gcs":{"bucket":"models","generation":"1709294400000000","prefix":"a#1.gguf"}}""")]
    [InlineData("sources.mkGcs { bucket = \"models\"; } \"llama/v1\"", """{"gcs":{"bucket":"models","prefix":"llama/v1"}}""")]
    [InlineData("sources.mkGcs { bucket = \"models\"; } { prefix = \"llama/v1\"; files = [ \"*.json\" ]; exclude = null; }", """{"gcs":{"bucket":"models","files":["*.json"],"prefix":"llama/v1"}}""")]
    public async Task A_short_form_is_a_source(string expression, string expected)
    {
        var source = await runtime.EvalAsync($"runtime.{expression}");
        Assert.Equal(expected, source.GetRawText());
        Assert.True((await runtime.EvalAsync($"(runtime.types.validateSource (runtime.{expression})).valid")).GetBoolean());
    }

    [Theory]
    [InlineData("parseModelSpec \"org/model\"", "is none of the short forms, such as `hf:owner/name@revision`")]
    [InlineData("parseModelSpec \"hf:org/model:Q4_K_M\"", "is chosen from the list of a repository's files, which nixgen does when it locks")]
    [InlineData("parseModelSpec \"hf:org/model@\"", "is none of")]
    [InlineData("parseModelSpec \"http://example.com/org/model\"", "is none of")]
    public async Task What_is_no_short_form_is_refused(string expression, string message) =>
        Assert.Contains(message, await runtime.RefusalAsync($"runtime.{expression}"), StringComparison.Ordinal);

    [Fact]
    public async Task An_adapter_that_does_not_exist_is_named()
    {
        const string Sources = "(import TEMPLATES/lib/sources { inherit lib pkgs; })";
        var sources = Sources.Replace("TEMPLATES", Testing.Checkout.Templates, StringComparison.Ordinal);
        Assert.Contains("There is no source `nowhere`; there are `", await runtime.RefusalAsync($"{sources}.getAdapter \"nowhere\""), StringComparison.Ordinal);
        Assert.Contains("exactly one attribute", await runtime.RefusalAsync($"{sources}.dispatch {{ }}"), StringComparison.Ordinal);
        Assert.Equal("[\"buildInputs\",\"extractMeta\",\"impureEnvVars\",\"isRepository\",\"mkFetchDerivation\",\"mkFileAttrs\",\"mkFileDerivation\",\"mkImpureDerivation\",\"resolve\",\"validateConfig\"]",
            (await runtime.EvalAsync($"builtins.attrNames ({sources}.dispatch {{ huggingface.repo = \"a/b\"; }})")).GetRawText());
    }

    [Theory]
    [InlineData("huggingface", "{ repo = \"a/b\"; auth.tokenEnvVar = \"MY_TOKEN\"; }", "MY_TOKEN")]
    [InlineData("huggingface", "{ repo = \"a/b\"; }", "HF_TOKEN")]
    [InlineData("ollama", "{ model = \"a/b:c\"; auth.tokenEnvVar = \"MY_TOKEN\"; }", "MY_TOKEN")]
    public async Task An_adapter_can_be_imported_alone(string kind, string source, string variable)
    {
        var adapter = $"(import {Testing.Checkout.Templates}/lib/sources/{kind}.nix {{ inherit lib pkgs; }})";
        var variables = await runtime.EvalAsync($"{adapter}.impureEnvVars {source}");
        Assert.Contains(variable, variables.EnumerateArray().Select(item => item.GetString()));
        Assert.Contains("https_proxy", variables.EnumerateArray().Select(item => item.GetString()));
        Assert.True((await runtime.EvalAsync($"({adapter}.validateConfig {source}).valid")).GetBoolean());
        Assert.Equal("a", (await runtime.EvalAsync($"({adapter}.extractMeta {source}).org")).GetString());
    }

    [Theory]
    [InlineData("{ repo = \"a/b\"; }", true)]
    [InlineData("{ repo = \"a/b\"; endpoint = \"https://huggingface.co\"; }", true)]
    [InlineData("{ repo = \"a/b\"; endpoint = \"https://hub.example.com\"; }", false)]
    [InlineData("{ repo = \"a/b\"; endpoint = \"https://hub.example.com\"; auth.tokenEnvVar = \"HF_TOKEN\"; }", true)]
    public async Task A_hub_that_only_the_definition_names_gets_no_usual_token(string source, bool seesToken)
    {
        var adapter = $"(import {Testing.Checkout.Templates}/lib/sources/huggingface.nix {{ inherit lib pkgs; }})";
        var variables = await runtime.EvalAsync($"{adapter}.impureEnvVars {source}");
        Assert.Equal(seesToken, variables.EnumerateArray().Any(item => item.GetString() == "HF_TOKEN"));
    }
}

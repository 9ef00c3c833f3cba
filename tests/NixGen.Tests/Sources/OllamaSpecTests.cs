using NixGen.Nix.Printing;
using NixGen.Sources.Ollama;
using Xunit;

namespace NixGen.Tests.Sources;

public sealed class OllamaSpecTests
{
    private const string Digest = "@sha256:0000000000000000000000000000000000000000000000000000000000000000";

    [Theory]
    [InlineData("ollama:llama2:7b", "https://registry.ollama.ai library/llama2 7b")]
    [InlineData("ollama:llama2", "https://registry.ollama.ai library/llama2 latest")]
    [InlineData("OLLAMA:llama2", "https://registry.ollama.ai library/llama2 latest")]
    [InlineData("ollama://llama3.2:3b-instruct-q4_K_M", "https://registry.ollama.ai library/llama3.2 3b-instruct-q4_K_M")]
    [InlineData("ollama:SomeOne/Model", "https://registry.ollama.ai SomeOne/Model latest")]
    [InlineData("ollama:registry.example.com/team/assistant:v1", "https://registry.example.com team/assistant v1")]
    [InlineData("ollama:registry.example.com:8443/team/assistant", "https://registry.example.com:8443 team/assistant latest")]
    [InlineData("ollama:localhost:5000/team/assistant:v1", "http://localhost:5000 team/assistant v1")]
    [InlineData("ollama:https://localhost:5000/team/assistant", "https://localhost:5000 team/assistant latest")]
    [InlineData("https://ollama.com/library/llama3.2:1b", "https://registry.ollama.ai library/llama3.2 1b")]
    [InlineData("https://ollama.com/someone/model", "https://registry.ollama.ai someone/model latest")]
    public void A_short_source_is_understood(string spec, string expected)
    {
        var (request, diagnostics) = Declarations.Bind($"m: \"{spec}\"");
        Assert.Empty(diagnostics);
        Assert.Equal(expected, Shown(Assert.IsType<OllamaRequest>(request)));
    }

    [Theory]
    [InlineData("{ model: \"llama2:7b\" }", "https://registry.ollama.ai library/llama2 7b")]
    [InlineData("{ model: llama2, tag: 7b }", "https://registry.ollama.ai library/llama2 7b")]
    [InlineData("{ model: \"llama2:7b\", tag: 7b }", "https://registry.ollama.ai library/llama2 7b")]
    [InlineData("{ model: team/assistant, registry: registry.example.com }", "https://registry.example.com team/assistant latest")]
    [InlineData("{ model: registry.example.com/team/assistant, registry: registry.example.com }", "https://registry.example.com team/assistant latest")]
    [InlineData("{ model: team/assistant, registry: \"http://127.0.0.1:5000\" }", "http://127.0.0.1:5000 team/assistant latest")]
    public void A_long_source_is_understood(string fields, string expected)
    {
        var (request, diagnostics) = Declarations.Bind($"m: {{ source: {{ ollama: {fields} }} }}");
        Assert.Empty(diagnostics);
        Assert.Equal(expected, Shown(Assert.IsType<OllamaRequest>(request)));
    }

    [Theory]
    [InlineData("m: \"ollama:\"", "NG3012", "has the model ''")]
    [InlineData("m: \"ollama:a/b/c/d\"", "NG3012", "more parts")]
    [InlineData("m: \"ollama:llama2:\"", "NG3012", "has the tag ''")]
    [InlineData("m: \"ollama:llama2" + Digest + "\"", "NG3012", "names a digest")]
    [InlineData("m: \"ollama:../../etc/passwd\"", "NG3012", "more parts")]
    [InlineData("m: \"ollama:../passwd\"", "NG3012", "namespace '..'")]
    [InlineData("m: \"ollama:a.b/model\"", "NG3012", "namespace 'a.b'")]
    [InlineData("m: \"ollama:http://registry.example.com/a/b\"", "NG3012", "TLS")]
    [InlineData("m: \"ollama:mödel\"", "NG3012", "has the model")]
    [InlineData("m: { source: { ollama: { model: \"hf.co/org/model:Q8_0\" } } }", "NG3432", "Hugging Face Hub")]
    [InlineData("m: { source: { ollama: { model: \"llama2:7b\", tag: 13b } } }", "NG3430", "'13b'")]
    [InlineData("m: { source: { ollama: { model: a.example/b/c, registry: d.example } } }", "NG3430", "'d.example'")]
    public void What_is_wrong_is_said(string model, string code, string words)
    {
        var (request, diagnostics) = Declarations.Bind(model);
        Assert.Null(request);
        var diagnostic = Assert.Single(diagnostics);
        Assert.Equal(code, diagnostic.Code);
        Assert.Contains(words, diagnostic.Message, StringComparison.Ordinal);
        Assert.False(string.IsNullOrEmpty(diagnostic.Help));
    }

    [Fact]
    public void Spellings_of_one_model_are_one_request()
    {
        var requests = new[] { "\"ollama:llama2\"", "\"ollama:library/llama2:latest\"", "{ source: { ollama: { model: registry.ollama.ai/library/llama2 } } }" }
            .Select(model => Declarations.Bind("m: " + model).Request?.Canonical);
        Assert.Single(requests.Distinct());
    }

    [Fact]
    public void In_Nix_the_registry_stands_beside_the_model()
    {
        var (request, _) = Declarations.Bind("m: \"ollama:registry.example.com/team/assistant\"");
        var text = NixPrinter.Print(Assert.IsType<OllamaRequest>(request).ToNix());
        Assert.Equal("{\n  model = \"team/assistant\";\n  tag = \"latest\";\n  registry = \"https://registry.example.com\";\n}\n", text);
    }

    private static string Shown(OllamaRequest request) => $"{request.Registry.BaseUrl} {request.Repository} {request.Tag}";
}

using NixGen.Lock;
using NixGen.Manifest;
using NixGen.Sources;
using NixGen.Sources.HuggingFace;
using Xunit;

namespace NixGen.Tests.Sources;

public sealed class HuggingFaceSpecTests
{
    [Theory]
    [InlineData("hf:org/model", "model org/model main")]
    [InlineData("hf:gpt2", "model gpt2 main")]
    [InlineData("HF:org/model", "model org/model main")]
    [InlineData("huggingface:org/model@v1.0", "model org/model v1.0")]
    [InlineData("hf:org/model@refs/pr/1", "model org/model refs/pr/1")]
    [InlineData("hf:org/model@feature/a/b", "model org/model feature/a/b")]
    [InlineData("hf:org/model@feature%2Fa", "model org/model feature/a")]
    [InlineData("hf:models/org/name", "model org/name main")]
    [InlineData("hf:datasets/org/name@rev", "dataset org/name rev")]
    [InlineData("hf:datasets/squad", "dataset squad main")]
    [InlineData("hf:spaces/org/name", "space org/name main")]
    [InlineData("hf://org/model", "model org/model main")]
    [InlineData("hf://datasets/org/name@v1/train.csv", "dataset org/name v1 train.csv")]
    [InlineData("hf://org/model@refs/pr/10/a/b.bin", "model org/model refs/pr/10 a/b.bin")]
    [InlineData("hf://org/model@refs/convert/parquet", "model org/model refs/convert/parquet")]
    [InlineData("hf://org/model@feature%2Fx/a.bin", "model org/model feature/x a.bin")]
    [InlineData("hf://org/model/sub/config.json", "model org/model main sub/config.json")]
    [InlineData("https://huggingface.co/org/model", "model org/model main")]
    [InlineData("https://huggingface.co/org/model/", "model org/model main")]
    [InlineData("https://huggingface.co/gpt2", "model gpt2 main")]
    [InlineData("https://huggingface.co/gpt2/tree/v2", "model gpt2 v2")]
    [InlineData("https://hf.co/org/model?library=transformers#readme", "model org/model main")]
    [InlineData("huggingface.co/org/model", "model org/model main")]
    [InlineData("https://huggingface.co/org/model/tree/main", "model org/model main")]
    [InlineData("https://huggingface.co/org/model/tree/main/onnx", "model org/model main onnx/")]
    [InlineData("https://huggingface.co/org/model/tree/refs%2Fpr%2F3", "model org/model refs/pr/3")]
    [InlineData("https://huggingface.co/org/model/tree/refs/pr/3", "model org/model refs/pr/3")]
    [InlineData("https://huggingface.co/org/model/blob/main/a%20b/c%5B0%5D.bin", "model org/model main a b/c[[]0].bin")]
    [InlineData("https://huggingface.co/org/model/resolve/main/x.gguf?download=true", "model org/model main x.gguf")]
    [InlineData("https://huggingface.co/datasets/org/name/tree/main", "dataset org/name main")]
    [InlineData("https://huggingface.co/datasets/squad/blob/main/README.md", "dataset squad main README.md")]
    [InlineData("https://huggingface.co/spaces/org/name", "space org/name main")]
    public void A_short_source_is_understood(string spec, string expected)
    {
        var (request, diagnostics) = Declarations.Bind($"m: \"{spec}\"");
        Assert.Empty(diagnostics);
        var bound = Assert.IsType<HuggingFaceRequest>(request);
        Assert.Equal(expected, string.Join(' ', (string[])[bound.Type.Name(), bound.Repository, bound.Revision, .. bound.Files]));
    }

    [Theory]
    [InlineData("hf:", "NG3101", "''")]
    [InlineData("hf:org/model/file", "NG3101", "more than one slash")]
    [InlineData("hf:a/b/c@main", "NG3101", "more than one slash")]
    [InlineData("hf:org/mo--del", "NG3101", "'--'")]
    [InlineData("hf:org/model.git", "NG3101", "'.git'")]
    [InlineData("hf:org/-model", "NG3101", "begins or ends with")]
    [InlineData("hf:org/mödel", "NG3101", "ASCII")]
    [InlineData("hf:../../etc", "NG3101", "slash")]
    [InlineData("hf:org/model@", "NG3101", "is empty")]
    [InlineData("hf:org/model@a..b", "NG3101", "'..'")]
    [InlineData("hf:org/model@../x", "NG3101", "'..'")]
    [InlineData("hf:org/model@a b", "NG3101", "' '")]
    [InlineData("hf:org/model@x.lock", "NG3101", "'.lock'")]
    [InlineData("hf://org/model/file@rev", "NG3101", "before the revision")]
    [InlineData("https://huggingface.co/", "NG3101", "''")]
    [InlineData("https://huggingface.co/api/models/x", "NG3101", "is no repository")]
    [InlineData("https://huggingface.co/org/model/discussions/1", "NG3101", "no page of files")]
    public void A_short_source_that_can_not_be_is_refused(string spec, string code, string words)
    {
        var (request, diagnostics) = Declarations.Bind($"m: \"{spec}\"");
        Assert.Null(request);
        var diagnostic = Assert.Single(diagnostics);
        Assert.Equal(code, diagnostic.Code);
        Assert.Contains(words, diagnostic.Message, StringComparison.Ordinal);
        Assert.False(string.IsNullOrEmpty(diagnostic.Help));
    }

    [Theory]
    [InlineData("hg:org/model", "Did you mean 'hf:org/model'?")]
    [InlineData("hugingface:org/model", "Did you mean 'huggingface:org/model'?")]
    [InlineData("org/model", "Did you mean 'hf:org/model'?")]
    [InlineData("ftp://example.com/org/model", "hf:org/model")]
    public void An_unknown_scheme_is_refused_with_what_was_meant(string spec, string help)
    {
        var diagnostic = Assert.Single(Declarations.Bind($"m: {spec}").Diagnostics);
        Assert.Contains(help, diagnostic.Help, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("m: hf:org/mo--del@main", "org/mo--del")]
    [InlineData("m: \"hf:org/model@a..b\"", "a..b")]
    [InlineData("m: https://huggingface.co/org/model/settings/x", "settings")]
    [InlineData("m: { source: { huggingface: { repo: org/mo--del } } }", "org/mo--del")]
    [InlineData("m: { source: { huggingface: { repo: org/model, revision: 'a..b' } } }", "'a..b'")]
    [InlineData("m: { source: { huggingface: { repo: org/model, endpoint: 'http://example.com' } } }", "'http://example.com'")]
    public void The_part_that_is_wrong_is_shown(string model, string part) =>
        Assert.Equal(part, Declarations.Underlined(Assert.Single(Declarations.Bind(model).Diagnostics)));

    [Theory]
    [InlineData("datasets/org/name", "Did you mean 'repo: org/name, type: dataset'?")]
    [InlineData("https://huggingface.co/org/model/tree/v1", "Did you mean 'repo: org/model, revision: v1'?")]
    [InlineData("hf:org/model", "Did you mean 'repo: org/model'?")]
    public void What_was_pasted_into_repo_is_taken_apart(string repo, string help) =>
        Assert.Equal(help, Assert.Single(Declarations.BindLong("huggingface", ("repo", repo)).Diagnostics).Help);

    [Fact]
    public void Requests_that_mean_the_same_are_the_same_in_the_lock()
    {
        var first = Declarations.Bind("m: { source: { huggingface: { repo: org/model, files: [\"*.json\", \"onnx/\", \"*.json\"] } } }").Request;
        var second = Declarations.Bind("m: { source: { huggingface: { repo: org/model, type: model, revision: main, files: [\"onnx\\\\*\", \"*.json\"] } } }").Request;
        Assert.Equal(first?.Canonical, second?.Canonical);
        Assert.Equal(Declarations.Bind("m: hf:org/model").Request?.Canonical, Declarations.Bind("m: https://hf.co/org/model/tree/main").Request?.Canonical);
        Assert.NotEqual(first?.Canonical, Declarations.Bind("m: hf:org/model").Request?.Canonical);
        Assert.Equal(
            ["files", "repo", "revision"],
            first?.Canonical.Fields.Keys);
        Assert.Equal(new RequestValue.List(["*.json", "onnx/*"]), first?.Canonical.Fields["files"]);
    }

    [Fact]
    public void The_registry_and_the_manifests_vocabulary_name_the_same_kinds() =>
        Assert.Equal(SourceVocabulary.Kinds.Select(kind => kind.Kind), SourceRegistry.Kinds.Select(kind => kind.Name));

    [Fact]
    public void The_manifests_vocabulary_knows_the_prefixes_of_the_Hubs_short_specs() =>
        Assert.Equal(HubReference.Prefixes.Order(StringComparer.Ordinal), SourceVocabulary.Find("huggingface")?.ShortPrefixes.Order(StringComparer.Ordinal));
}

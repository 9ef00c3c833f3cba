using System.Text;

namespace NixGen.Testing.Oci;

/// <summary>Small models of the forms that Ollama's registry has. What <c>mark</c> says makes their content unlike that of other tests.</summary>
public static class OllamaModels
{
    public const string Prefix = "application/vnd.ollama.image.";

    /// <summary>A chat model: weights, template, system prompt, parameters and two licences.</summary>
    public static OciArtifact Chat(string mark) => OciArtifact.Ollama(
        Config("llama", "3.2B"),
        Layer("model", "GGUF weights of " + mark),
        Layer("template", "{{ .System }} {{ .Prompt }} of " + mark),
        Layer("system", "You are " + mark),
        Layer("params", $$"""{"stop":["<|eot|>"],"mark":"{{mark}}"}"""),
        Layer("license", "COMMUNITY LICENCE of " + mark),
        Layer("license", "Acceptable use of " + mark));

    /// <summary>A model that sees: its weights in two layers and a projector, and an adapter on top.</summary>
    public static OciArtifact Vision(string mark) => OciArtifact.Ollama(
        Config("llama", "7B"),
        Layer("model", "first half of " + mark),
        Layer("model", "second half of " + mark),
        Layer("projector", "projector of " + mark),
        Layer("adapter", "adapter of " + mark),
        Layer("messages", $$"""[{"role":"user","content":"{{mark}}"}]"""));

    /// <summary>A model for MLX: a layer for each tensor and each JSON file, with their names.</summary>
    public static OciArtifact Tensors(string mark, int count) => OciArtifact.Ollama(
        """{"model_format":"safetensors","model_family":"qwen3","capabilities":["completion"],"requires":"0.14.0","architecture":"arm64","os":"darwin"}""",
        [
            .. Enumerable.Range(0, count).Select(i => Layer("tensor", $"tensor {i} of {mark}") with { Name = $"model.layers.{i}.self_attn.q_proj.weight" }),
            Layer("json", $$"""{"model_type":"qwen3","mark":"{{mark}}"}""") with { Name = "config.json" },
            Layer("json", $$"""{"version":"1.0","mark":"{{mark}}"}""") with { Name = "tokenizer/tokenizer.json" },
        ]);

    /// <summary>A model that is somebody else's computer.</summary>
    public static OciArtifact Cloud() => OciArtifact.Ollama(
        """{"model_format":"","model_family":"gptoss","remote_host":"https://ollama.com:443","remote_model":"gpt-oss:120b","capabilities":["completion","tools"],"architecture":"amd64","os":"linux"}""");

    public static OciLayer Layer(string type, string text) => new(Prefix + type, Encoding.UTF8.GetBytes(text));

    // Fields and their order as in blobs of the real registry; readers must not write it anew.
    private static string Config(string family, string size) =>
        $$$"""{"model_format":"gguf","model_family":"{{{family}}}","model_families":["{{{family}}}"],"model_type":"{{{size}}}","file_type":"Q4_K_M","architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":["sha256:0000"]}}""";
}

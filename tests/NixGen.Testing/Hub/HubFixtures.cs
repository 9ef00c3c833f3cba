using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace NixGen.Testing.Hub;

/// <summary>Repositories that many tests want.</summary>
public static class HubFixtures
{
    /// <summary>File names that have to survive every step: spaces, characters of URLs, shells and globs, other scripts.</summary>
    public static IReadOnlyList<string> AwkwardNames { get; } =
    [
        "with space.txt", "hash#tag.txt", "percent%20.txt", "plus+sign.txt", "question?.txt", "amp&and=.txt", "semi;colon,comma.txt",
        "quote'single.txt", "brackets[0]{1}.txt", "dollar$HOME.txt", "back`tick`.txt", "tilde~at@.txt", "naïve-ünïcode.txt", "模型.txt", "emoji🙂.txt", ".hidden",
    ];

    /// <summary>A small model in the shape that loaders know, with real (tiny) safetensors weights in LFS, and a folder.</summary>
    public static HubRepository TinyModel(string id = "example/tiny", int seed = 1)
    {
        var repository = new HubRepository(id) { License = "mit", Tags = ["transformers", "safetensors", "text-generation"] };
        repository.Commit("initial commit", [HubFile.Text(".gitattributes", "*.safetensors filter=lfs diff=lfs merge=lfs -text\n"), HubFile.Text("README.md", "---\nlicense: mit\n---\n")]);
        repository.Commit("Add the model",
        [
            HubFile.Text("README.md", "---\nlicense: mit\n---\n\n# Tiny\n\nA model for tests.\n"),
            HubFile.Text("config.json", """{"architectures": ["BertModel"], "model_type": "bert", "hidden_size": 8, "num_hidden_layers": 1, "num_attention_heads": 1, "intermediate_size": 8, "vocab_size": 8}""" + "\n"),
            HubFile.Text("tokenizer.json", Tokenizer),
            HubFile.Text("tokenizer_config.json", """{"tokenizer_class": "PreTrainedTokenizerFast", "unk_token": "[UNK]", "model_max_length": 16}""" + "\n"),
            HubFile.Text("onnx/config.json", """{"model_type": "bert"}""" + "\n"),
            HubFile.Lfs("model.safetensors", Safetensors(seed, 64)),
            HubFile.Lfs("onnx/model.safetensors", Safetensors(seed + 1, 96)),
        ]);
        return repository;
    }

    /// <summary>Two models that share a weight file and a tokenizer, each with files of its own.</summary>
    public static (HubRepository First, HubRepository Second) SharingModels(string firstId = "example/first", string secondId = "example/second")
    {
        var first = TinyModel(firstId);
        var second = TinyModel(secondId);
        second.Commit("Tune it", [HubFile.Text("config.json", """{"model_type": "bert", "hidden_size": 16}""" + "\n"), HubFile.Lfs("onnx/model.safetensors", Safetensors(99, 128))]);
        return (first, second);
    }

    /// <summary>A model whose file names are awkward, in the root and in folders; small files and LFS files alternate.</summary>
    public static HubRepository AwkwardModel(string id = "example/awkward")
    {
        var repository = new HubRepository(id) { License = "apache-2.0" };
        repository.Commit("Add files", AwkwardNames.SelectMany((name, index) => new[]
        {
            index % 2 == 0 ? HubFile.Text(name, $"small {name}\n") : HubFile.Lfs(name, Encoding.UTF8.GetBytes($"large {name}\n")),
            HubFile.Text($"a folder/{index:d2} #%+/{name}", $"nested {name}\n"),
        }));
        return repository;
    }

    /// <summary>A model that advertises 140 GB in 30 shards over three folders, none of which can be served, and 1,100 small files that can.</summary>
    public static HubRepository BigModel(string id = "example/big")
    {
        var repository = new HubRepository(id) { License = "llama2" };
        var files = new List<HubFile>();
        string[] folders = ["fp16", "int8", "merged weights"];
        for (var shard = 0; shard < 30; shard++)
            files.Add(HubFile.Synthetic(string.Create(CultureInfo.InvariantCulture, $"{folders[shard % 3]}/model-{shard / 3 + 1:d5}-of-00010.safetensors"), 4_666_666_666L + shard));
        for (var index = 0; index < 1100 - AwkwardNames.Count; index++)
            files.Add(HubFile.Text(string.Create(CultureInfo.InvariantCulture, $"configs/{index % 7}/part {index / 100}/config-{index:d4}.json"), $"{{\"index\": {index}}}\n"));
        files.AddRange(AwkwardNames.Select(name => HubFile.Text("notes/" + name, name + "\n")));
        repository.Commit("Upload", files);
        return repository;
    }

    /// <summary>Paths that a repository could state to harm whoever writes them to disk.</summary>
    public static IReadOnlyList<string> HostilePaths { get; } =
        ["../../etc/x", "/abs", "a//b", ".git/config", "folder/../../x", "./dot", "trailing/", "nul\0byte", "back\\..\\slash", "line\nbreak"];

    /// <summary>A model with one good file and one that has a hostile path.</summary>
    public static HubRepository HostileModel(string path, string id = "example/hostile")
    {
        var repository = new HubRepository(id);
        repository.Commit("Attack", [HubFile.Text("config.json", "{}\n"), HubFile.Text(path, "hostile\n")]);
        return repository;
    }

    /// <summary>A valid safetensors file: one tensor of single bytes.</summary>
    public static byte[] Safetensors(int seed, int bytes)
    {
        var header = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $$$"""{"weight":{"dtype":"U8","shape":[{{{bytes}}}],"data_offsets":[0,{{{bytes}}}]}}"""));
        var file = new byte[8 + header.Length + bytes];
        BinaryPrimitives.WriteInt64LittleEndian(file, header.Length);
        header.CopyTo(file, 8);
        for (var index = 0; index < bytes; index++)
            file[8 + header.Length + index] = (byte)((index + 1) * (seed * 2 + 1));
        return file;
    }

    private const string Tokenizer = """
        {"version": "1.0", "truncation": null, "padding": null, "added_tokens": [], "normalizer": null, "pre_tokenizer": {"type": "Whitespace"},
         "post_processor": null, "decoder": null, "model": {"type": "WordLevel", "vocab": {"[UNK]": 0, "hello": 1, "world": 2}, "unk_token": "[UNK]"}}

        """;
}

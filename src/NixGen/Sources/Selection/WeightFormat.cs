using System.Collections.Immutable;

namespace NixGen.Sources.Selection;

/// <summary>A format of weights that a request can prefer.</summary>
public enum WeightFormat
{
    /// <summary><c>.safetensors</c> and the index of its shards.</summary>
    Safetensors,

    /// <summary><c>.gguf</c>.</summary>
    Gguf,

    /// <summary><c>.onnx</c> and the files of its external data.</summary>
    Onnx,

    /// <summary>What PyTorch pickles: <c>.bin</c>, <c>.pt</c>, <c>.pth</c>, <c>.ckpt</c>, and the index of shards.</summary>
    Pytorch,

    /// <summary>Weights for other frameworks (TensorFlow, Flax, Rust, Core ML, OpenVINO, TensorFlow Lite), which can't be preferred.</summary>
    Other,
}

/// <summary>Formats by the names of files.</summary>
public static class WeightFormats
{
    private static readonly ImmutableArray<(string Ending, WeightFormat Format)> _endings =
    [
        (".safetensors", WeightFormat.Safetensors),
        (".safetensors.index.json", WeightFormat.Safetensors),
        (".gguf", WeightFormat.Gguf),
        (".onnx", WeightFormat.Onnx),
        (".onnx_data", WeightFormat.Onnx),
        (".onnx.data", WeightFormat.Onnx),
        (".bin", WeightFormat.Pytorch),
        (".bin.index.json", WeightFormat.Pytorch),
        (".pt", WeightFormat.Pytorch),
        (".pth", WeightFormat.Pytorch),
        (".ckpt", WeightFormat.Pytorch),
        (".h5", WeightFormat.Other),
        (".h5.index.json", WeightFormat.Other),
        (".msgpack", WeightFormat.Other),
        (".msgpack.index.json", WeightFormat.Other),
        (".ot", WeightFormat.Other),
        (".tflite", WeightFormat.Other),
    ];

    /// <summary>The names that a manifest can hold, in the order of the enumeration.</summary>
    public static ImmutableArray<string> Names { get; } = ["safetensors", "gguf", "onnx", "pytorch"];

    /// <summary>The format of a name, or null.</summary>
    public static WeightFormat? Parse(string name) =>
        Names.IndexOf(name) is var index and >= 0 ? (WeightFormat)index : null;

    /// <summary>The name of a format in messages and manifests.</summary>
    public static string Name(this WeightFormat format) =>
        format == WeightFormat.Other ? "other frameworks" : Names[(int)format];

    /// <summary>The format of a file, or null where it holds no weights.</summary>
    public static WeightFormat? Of(string path)
    {
        foreach (var (ending, format) in _endings)
        {
            if (path.EndsWith(ending, StringComparison.OrdinalIgnoreCase))
            {
                return path.Split('/') is [.., "openvino", _] || path.Contains(".mlpackage/", StringComparison.OrdinalIgnoreCase)
                    ? WeightFormat.Other
                    : format;
            }
        }

        // Shards of external data: model.onnx_data_1
        var name = path[(path.LastIndexOf('/') + 1)..];
        return name.Contains(".onnx_data", StringComparison.OrdinalIgnoreCase) ? WeightFormat.Onnx : null;
    }
}

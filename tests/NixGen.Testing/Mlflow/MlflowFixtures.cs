using System.Text;

namespace NixGen.Testing.Mlflow;

/// <summary>What tests put on a server.</summary>
public static class MlflowFixtures
{
    /// <summary>The id of the run that made the models.</summary>
    public const string Run = "0123456789abcdef0123456789abcdef";

    /// <summary>The id of the logged model.</summary>
    public const string LoggedModel = "m-00112233445566778899aabbccddeeff";

    /// <summary>Names that clients tend to get wrong.</summary>
    public static IReadOnlyList<string> AwkwardNames { get; } =
        ["a b.bin", "a+b=c&d.bin", "ü 模型.bin", "deep/er/folder/x.bin", "x?y;z.bin", "$(id)'\".bin", "[a]{b}.bin"];

    /// <summary>A model as MLflow saves one, of bytes that no other test has.</summary>
    public static (string Path, byte[] Content)[] Model(string mark) =>
    [
        ("MLmodel", Text($"artifact_path: model\nflavors: {{}}\nmodel_uuid: {mark}\n")),
        ("requirements.txt", Text($"mlflow # {mark}\n")),
        ("data/model.safetensors", Weights(mark, 200_000)),
        ("data/empty.txt", []),
    ];

    /// <summary>Bytes that depend on a mark.</summary>
    public static byte[] Weights(string mark, int length)
    {
        var seed = Encoding.UTF8.GetBytes(mark);
        return [.. Enumerable.Range(0, length).Select(i => (byte)((i * 7) + (i >> 8) + seed[i % seed.Length]))];
    }

    /// <summary>Version 1 of <c>fraud</c>, made by the run, at a place below its artifacts (MLflow 2).</summary>
    public static MlflowState AddRegistered(this MlflowState state, string artifactRoot, params (string Path, byte[] Content)[] files)
    {
        state.Runs[Run] = artifactRoot;
        state.Versions[("fraud", "1")] = new($"{artifactRoot}/model") { RunId = Run };
        return state.With($"{artifactRoot}/model", files);
    }

    /// <summary>Version 1 of <c>fraud</c> as a logged model (MLflow 3).</summary>
    public static MlflowState AddLogged(this MlflowState state, string artifactUri, params (string Path, byte[] Content)[] files)
    {
        state.LoggedModels[LoggedModel] = new(artifactUri);
        state.Versions[("fraud", "1")] = new($"models:/{LoggedModel}") { RunId = Run };
        return state.With(artifactUri, files);
    }

    private static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);
}

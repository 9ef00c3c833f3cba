using NixGen.Diagnostics;
using NixGen.Manifest;
using Xunit;

namespace NixGen.Tests.Manifest;

public sealed class ManifestLoaderTests
{
    [Fact]
    public void Defaults_profiles_and_the_model_lie_over_each_other_in_this_order()
    {
        var manifest = Load("""
            version: 1
            defaults: { network: { timeout: { connect: 5, read: 6 }, retry: { maxAttempts: 7 } } }
            profiles:
              slow: { network: { timeout: { read: 60 } } }
              slower: { network: { timeout: { read: 600 } }, pin: true }
            models:
              phi-2: hf:microsoft/phi-2@main
              llama:
                source: { huggingface: { repo: meta-llama/Llama-2-7b-hf } }
                profile: [slow, slower]
                network: { retry: { baseDelay: 9 } }
            """);

        Assert.Equal(["llama", "phi-2"], manifest.Models.Select(model => model.Name));
        Assert.Equal((5, 600, 7, 9), Limits(manifest.Models[0].Network));
        Assert.True(manifest.Models[0].Pin);
        Assert.Equal((5, 6, 7, 2), Limits(manifest.Models[1].Network));
        Assert.Equal("hf:microsoft/phi-2@main", Assert.IsType<ShortSpec>(manifest.Models[1].Source).Text);
    }

    private static ModelManifest Load(string text)
    {
        var diagnostics = new DiagnosticBag();
        var manifest = ManifestLoader.Load(["models.yaml"], new MemoryManifestFiles(("models.yaml", text)), null, diagnostics);
        Assert.Empty(diagnostics.Items);
        Assert.NotNull(manifest);
        return manifest;
    }

    private static (int Connect, int Read, int Attempts, int Delay) Limits(NetworkSettings network) =>
        (network.ConnectTimeout, network.ReadTimeout, network.MaxAttempts, network.BaseDelay);
}

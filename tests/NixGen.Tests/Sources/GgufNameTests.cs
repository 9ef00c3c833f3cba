using NixGen.Sources.Selection;
using Xunit;

namespace NixGen.Tests.Sources;

public sealed class GgufNameTests
{
    [Theory]
    [InlineData("llama-2-7b.Q4_K_M.gguf", "Q4_K_M")]
    [InlineData("Qwen3-8B-q4_k_m.gguf", "Q4_K_M")]
    [InlineData("model_Q8_0.GGUF", "Q8_0")]
    [InlineData("gemma-3-27b-it-UD-Q4_K_XL.gguf", "UD-Q4_K_XL")]
    [InlineData("UD-IQ2_XXS/DeepSeek-R1-UD-IQ2_XXS-00001-of-00004.gguf", "UD-IQ2_XXS")]
    [InlineData("Q2_K/big-00003-of-00005.gguf", "Q2_K")]
    [InlineData("model.i1-IQ3_XS.gguf", "I1-IQ3_XS")]
    [InlineData("gpt-oss-20b-mxfp4.gguf", "MXFP4")]
    [InlineData("mmproj-model-f16.gguf", "F16")]
    [InlineData("mmproj-BF16.gguf", "BF16")]
    [InlineData("ggml-model-Q4_0_4_4.gguf", "Q4_0_4_4")]
    [InlineData("bitnet-TQ2_0.gguf", "TQ2_0")]
    [InlineData("Q8-model.gguf", null)]
    [InlineData("llamaQ4_K_M.gguf", null)]
    [InlineData("plain.gguf", null)]
    public void The_label_is_read_from_the_name_or_its_folder(string path, string? label) =>
        Assert.Equal(label, GgufName.Parse(path)?.Label);

    [Theory]
    [InlineData("mmproj-F16.gguf", GgufRole.Projector)]
    [InlineData("gemma-3.mmproj-Q8_0.gguf", GgufRole.Projector)]
    [InlineData("mtp-Q8_0.gguf", GgufRole.Draft)]
    [InlineData("GLM-4.6-mtp-Q8_0.gguf", GgufRole.Draft)]
    [InlineData("imatrix_unsloth.gguf", GgufRole.Calibration)]
    [InlineData("Q4_K_M/model.gguf", GgufRole.Model)]
    [InlineData("mtpaint-Q4_0.gguf", GgufRole.Model)]
    public void The_role_is_read_from_the_name(string path, GgufRole role) => Assert.Equal(role, GgufName.Parse(path)?.Role);

    [Fact]
    public void Parts_have_their_stem_in_common()
    {
        var first = GgufName.Parse("Q8_0/m-Q8_0-00001-of-00002.gguf");
        var second = GgufName.Parse("Q8_0/m-Q8_0-00002-of-00002.gguf");
        Assert.Equal(("Q8_0/m-Q8_0", 1, 2), (first?.Stem, first?.Part, first?.Parts));
        Assert.Equal((first?.Stem, 2, 2), (second?.Stem, second?.Part, second?.Parts));
        Assert.Null(GgufName.Parse("m.safetensors"));
    }
}

using System.Text;
using NixGen.Sources.Civitai;
using Xunit;

namespace NixGen.Tests.Sources.Civitai;

public sealed class CivitaiReferenceTests
{
    [Theory]
    [InlineData("civitai:101055@128078", 128078L, 101055L, null)]
    [InlineData("civitai:128078", 128078L, null, null)]
    [InlineData("urn:air:sdxl:checkpoint:civitai:101055@128078", 128078L, 101055L, null)]
    [InlineData("https://civitai.com/models/101055?modelVersionId=128078", 128078L, 101055L, null)]
    [InlineData("https://civitai.com/models/101055/sd-xl?x=1&modelVersionId=128078#top", 128078L, 101055L, null)]
    [InlineData("https://civitai.com/api/download/models/128078", 128078L, null, null)]
    [InlineData("https://civitai.com/api/download/models/128078?type=Model&format=SafeTensor", 128078L, null, null)]
    [InlineData("https://civitai.com/api/download/models/128078?type=Model&fileId=90000", 128078L, null, 90000L)]
    public void A_version_is_read_from_what_people_write(string text, long version, long? model, long? file) =>
        Assert.Equal(new CivitaiReference(version, model, file), CivitaiReference.Parse(text));

    [Theory]
    [InlineData("civitai:")]
    [InlineData("civitai:0")]
    [InlineData("civitai:-1")]
    [InlineData("civitai:a@1")]
    [InlineData("civitai:1@")]
    [InlineData("civitai:1@2@3")]
    [InlineData("https://civitai.com/models/101055")]
    [InlineData("https://civitai.com.evil.example/models/1?modelVersionId=2")]
    [InlineData("urn:air:sdxl:checkpoint:huggingface:a@1")]
    public void Anything_else_is_none(string text) => Assert.Null(CivitaiReference.Parse(text));

    [Theory]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{ "id": 1 }""")]
    [InlineData("""{ "id": "1", "modelId": 2 }""")]
    [InlineData("""{ "id": 1, "modelId": 2, "files": [{}] }""")]
    [InlineData("<html>")]
    public void A_description_that_is_none_is_said_to_be(string json)
    {
        var (info, problem) = CivitaiVersionInfo.Parse(Encoding.UTF8.GetBytes(json));
        Assert.Null(info);
        Assert.NotNull(problem);
    }

    [Fact]
    public void Hashes_in_capitals_are_read_and_others_are_none()
    {
        const string Json = """
            { "id": 1, "modelId": 2, "files": [
              { "id": 3, "name": "a", "sizeKB": 1.5, "hashes": { "SHA256": "E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855" }, "primary": true },
              { "id": 4, "name": "b", "sizeKB": "x", "hashes": { "SHA256": "E3B0C44298", "AutoV2": "E3B0C44298" }, "metadata": null },
              { "id": 5, "name": "c", "hashes": null, "pickleScanResult": "Danger" } ] }
            """;
        var files = CivitaiVersionInfo.Parse(Encoding.UTF8.GetBytes(Json)).Info?.Files ?? [];
        Assert.Equal(["sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=", null, null], files.Select(file => file.Sha256?.Text));
        Assert.Equal([1536L, 0L, 0L], files.Select(file => file.AboutBytes));
        Assert.Equal("pickleScanResult", Assert.Single(files[2].Findings));
        Assert.True(files[0].IsPrimary);
    }
}

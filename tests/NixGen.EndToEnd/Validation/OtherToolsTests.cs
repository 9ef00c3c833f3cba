using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using NixGen.EndToEnd.Runtime;
using NixGen.Testing;
using Xunit;

namespace NixGen.EndToEnd.Validation;

/// <summary>Validators that call programs of others: the real minisign, OpenSSH and ClamAV, in sandboxed builds.</summary>
[Collection(RuntimeNixGroup.Name)]
public sealed class OtherToolsTests : IDisposable
{
    private const string Config = "{\"model_type\": \"bert\"}\n";
    private const string Weights = "weights of the model\n";
    private readonly RuntimeNix runtime;
    private readonly TemporaryFolder folder = new();

    public OtherToolsTests(RuntimeNix runtime) => this.runtime = runtime;

    public static TheoryData<string> Methods => ["minisign", "ssh"];

    public void Dispose() => folder.Dispose();

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task Files_with_good_signatures_beside_them_are_accepted(string method)
    {
        var signer = await Signer.CreateAsync(folder, method);
        var model = Model(signer, ("config.json", Config), ("w/model.bin", Weights), await signer.SignAsync("config.json", Config), await signer.SignAsync("w/model.bin", Weights));
        await runtime.BuildAsync(model);
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task A_signed_list_of_hashes_signs_what_it_names(string method)
    {
        var signer = await Signer.CreateAsync(folder, method);
        var list = $"{Hex(Config)}  config.json\n{Hex(Weights)} *w/model.bin\n";
        var signature = await signer.SignAsync("SHA256SUMS", list);
        await runtime.BuildAsync(Model(signer, ("config.json", Config), ("w/model.bin", Weights), ("SHA256SUMS", list), signature));
        var other = await runtime.TryBuildAsync(Model(signer, ("config.json", Config), ("w/model.bin", Weights + "x"), ("SHA256SUMS", list), signature));
        Assert.Contains("w/model.bin: its SHA-256 is another than the signed list says", other.Errors, StringComparison.Ordinal);
        // A list that isn't signed itself signs nothing.
        var unsigned = await runtime.TryBuildAsync(Model(signer, ("config.json", Config), ("SHA256SUMS", list)));
        Assert.Contains("config.json: it is not signed", unsigned.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task Changed_files_other_keys_and_missing_signatures_are_refused(string method)
    {
        var signer = await Signer.CreateAsync(folder, method);
        var stranger = await Signer.CreateAsync(folder, method);
        var signature = await signer.SignAsync("config.json", Config);
        foreach (var (model, words) in new[]
        {
            (Model(signer, ("config.json", Config + " "), signature), "config.json: its signature"),
            (Model(stranger, ("config.json", Config), signature), "config.json: its signature"),
            (Model(signer, ("config.json", Config), ("w/model.bin", Weights), signature), "w/model.bin: it is not signed"),
        })
        {
            var refused = await runtime.TryBuildAsync(model);
            Assert.False(refused.Succeeded);
            Assert.Contains("the validator `signature-verify` refuses", refused.Errors, StringComparison.Ordinal);
            Assert.Contains(words, refused.Errors, StringComparison.Ordinal);
        }

        // Only what a pattern names has to be signed.
        await runtime.BuildAsync(Model(signer, "[ \"*.json\" ]", ("config.json", Config), ("w/model.bin", Weights), signature));
    }

    [Fact]
    public async Task A_signature_for_another_purpose_does_not_count()
    {
        var signer = await Signer.CreateAsync(folder, "ssh");
        var signature = await signer.SignAsync("config.json", Config, "email");
        Assert.False((await runtime.TryBuildAsync(Model(signer, ("config.json", Config), signature))).Succeeded);
    }

    [Theory]
    [InlineData("weights of the model\n", true)]
    [InlineData("something else\n", false)]
    public async Task ClamAV_looks_at_the_files_behind_the_links(string known, bool isFound)
    {
        var bytes = Encoding.UTF8.GetBytes(known);
        var database = Directory.CreateDirectory(folder.At("database")).FullName;
        await File.WriteAllTextAsync(Path.Combine(database, "test.hsb"), $"{Hex(known)}:{bytes.Length}:Test.Model\n");
        var built = await runtime.TryBuildAsync(With(Definitions.Mock("scanned", ("w/model.bin", Weights), ("config.json", Config)), $"[ (v.clamav {{ database = {database}; }}) ]"));
        Assert.Equal(!isFound, built.Succeeded);
        if (isFound)
            Assert.Contains("w/model.bin: Test.Model.UNOFFICIAL", built.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, null)]
    [InlineData(3, null)]
    [InlineData(1, "the validator `modelscan` refuses")]
    [InlineData(2, "the validator `modelscan` refuses")]
    public async Task Modelscan_runs_where_nixpkgs_has_it(int exitCode, string? refusal)
    {
        var overlay = $"(pkgs.extend (_: previous: {{ modelscan = previous.writeShellScriptBin \"modelscan\" ''test \"$1\" = --path && test -e \"$2/config.json\" && exit {exitCode}''; }}))";
        var definition = runtime.Definition(Definitions.Mock($"modelscan-{exitCode}", ("config.json", Config)));
        var built = await runtime.TryBuildAsync($"runtime.fetchModel {overlay} ({definition})");
        Assert.Equal(refusal is null, built.Succeeded);
        if (refusal is not null)
            Assert.Contains(refusal, built.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_package_that_nixpkgs_lacks_is_named()
    {
        var definition = Definitions.Mock("lacking", ("config.json", Config));
        definition["validation"] = new JsonObject { ["validators"] = new JsonArray("modelscan") };
        Assert.Contains(
            "The validator `modelscan` of the model `lacking` needs the package `modelscan`, which this nixpkgs doesn't have",
            await runtime.RefusalAsync($"({runtime.Model(definition)}).drvPath"),
            StringComparison.Ordinal);
    }

    private static string Hex(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private string Model(Signer signer, params (string Path, string Text)[] files) => Model(signer, "[ ]", files);

    private string Model(Signer signer, string patterns, params (string Path, string Text)[] files) =>
        With(Definitions.Mock($"signed-{signer.Method}", files), $"[ (v.signatureVerify {{ method = \"{signer.Method}\"; publicKey = {signer.KeyFile}; files = {patterns}; }}) ]");

    private string With(JsonObject definition, string validators) =>
        $"let v = runtime.validation.validators; in runtime.fetchModel pkgs (({runtime.Definition(definition)}) // {{ validation = runtime.validation.presets.standard // {{ validators = {validators}; }}; }})";

    private sealed record Signer(string Method, string Secret, string KeyFile)
    {
        public static async Task<Signer> CreateAsync(TemporaryFolder folder, string method)
        {
            var secret = folder.At(Path.GetRandomFileName());
            if (method == "minisign")
                (await ProcessRunner.RunAsync("minisign", ["-G", "-W", "-p", secret + ".pub", "-s", secret])).OrThrow("minisign");
            else
                (await ProcessRunner.RunAsync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "release", "-f", secret])).OrThrow("ssh-keygen");
            return new(method, secret, secret + ".pub");
        }

        public async Task<(string Path, string Text)> SignAsync(string path, string text, string purpose = "file")
        {
            var file = Secret + "-" + Path.GetFileName(path);
            await File.WriteAllTextAsync(file, text);
            if (Method == "minisign")
            {
                (await ProcessRunner.RunAsync("minisign", ["-S", "-s", Secret, "-m", file])).OrThrow("minisign");
                return (path + ".minisig", await File.ReadAllTextAsync(file + ".minisig"));
            }

            File.Delete(file + ".sig");
            (await ProcessRunner.RunAsync("ssh-keygen", ["-q", "-Y", "sign", "-f", Secret, "-n", purpose, file])).OrThrow("ssh-keygen");
            return (path + ".sig", await File.ReadAllTextAsync(file + ".sig"));
        }
    }
}

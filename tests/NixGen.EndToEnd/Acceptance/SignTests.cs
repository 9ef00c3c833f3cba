using NixGen.Testing;
using Xunit;

namespace NixGen.EndToEnd.Acceptance;

/// <summary><c>nixgen sign</c> with real keys, on a store of its own.</summary>
public sealed class SignTests : IDisposable
{
    private const string Manifest = """
        version: 1
        flake: { nixpkgs: "path:STUB" }
        models:
          signed.1: { source: { mock: { org: example, model: signed, files: [{ path: config.json, text: "{}" }] } }, provenance: { signOutput: true } }
          plain: { source: { mock: { org: example, model: plain, files: [{ path: config.json, text: "{ }" }] } } }
          both: { compose: { base: plain } }
        """;

    private readonly Workbench bench = new();
    private readonly NixSandbox nix = NixSandbox.Create();

    public SignTests()
    {
        bench.Write("models.yaml", Manifest.Replace("STUB", Checkout.StubNixpkgs, StringComparison.Ordinal));
    }

    public void Dispose()
    {
        nix.Dispose();
        bench.Dispose();
    }

    [Theory]
    [InlineData("models.nix")]
    [InlineData("flake")]
    public async Task What_the_manifest_names_is_built_and_signed_with_all_it_refers_to(string output)
    {
        var option = output == "flake" ? "--out" : "-o";
        (await bench.NixgenAsync("build", option, output)).ShouldEndWith(0);
        var (secret, open) = await KeyAsync("test-1");
        var signed = (await SignAsync("--key-file", secret, option, output)).OrThrow("nixgen sign");
        var path = Assert.Single(signed.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("signed.1 /nix/store/", path, StringComparison.Ordinal);
        path = path.Split(' ')[1];
        Assert.True((await VerifyAsync(path, open)).Succeeded);
        Assert.False((await VerifyAsync(path, (await KeyAsync("other-1")).Public)).Succeeded);
        Assert.DoesNotContain((await File.ReadAllTextAsync(secret)).Split(':')[1].Trim(), signed.Output + signed.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Models_can_be_named_and_compositions_too()
    {
        (await bench.NixgenAsync("build", "-o", "models.nix")).ShouldEndWith(0);
        var (secret, open) = await KeyAsync("test-1");
        var signed = (await SignAsync("--key-file", secret, "both", "plain")).OrThrow("nixgen sign");
        foreach (var line in signed.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            Assert.True((await VerifyAsync(line.Split(' ')[1], open)).Succeeded, line);
        Assert.Equal(["both", "plain"], signed.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ')[0]));
    }

    [Fact]
    public async Task Nothing_is_signed_that_the_manifest_does_not_say()
    {
        (await bench.NixgenAsync("build", "-o", "models.nix")).ShouldEndWith(0);
        var secret = (await KeyAsync("test-1")).Secret;
        bench.Write("models.yaml", bench.Read("models.yaml").Replace("signOutput: true", "signOutput: true, recordSource: false", StringComparison.Ordinal));
        var stale = (await bench.NixgenAsync("sign", "--key-file", secret)).ShouldEndWith(3);
        Assert.Contains("nixgen build -o models.nix", stale.Errors, StringComparison.Ordinal);
        Assert.Empty(nix.StoreNames);
    }

    [Theory]
    [InlineData("nothing", "NG5007", "is to be signed")]
    [InlineData("nonsense", "NG5007", "isn't a secret key of Nix's")]
    [InlineData("missing", "NG5003", "can't read 'key.sec'")]
    [InlineData("unknown", "NG5002", "did you mean 'plain'?")]
    public async Task What_is_missing_is_said(string what, string code, string words)
    {
        (await bench.NixgenAsync("build", "-o", "models.nix")).ShouldEndWith(0);
        if (what != "missing")
            bench.Write("key.sec", what == "nonsense" ? "test-1:c2hvcnQ=" : await File.ReadAllTextAsync((await KeyAsync("test-1")).Secret));
        if (what == "nothing")
            bench.Write("models.yaml", bench.Read("models.yaml").Replace("signOutput: true", "signOutput: false", StringComparison.Ordinal));
        var refused = (await bench.NixgenAsync(["sign", "--key-file", "key.sec", .. what == "unknown" ? new[] { "plane" } : []])).ShouldEndWith(2);
        Assert.Contains($"error[{code}]", refused.Errors, StringComparison.Ordinal);
        Assert.Contains(words, refused.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("c2hvcnQ=", refused.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_Nix_refuses_is_passed_on()
    {
        bench.WriteProgram("nix", "#!/bin/sh\necho 'error: no such store' >&2\nexit 7");
        (await bench.NixgenAsync("build", "-o", "models.nix")).ShouldEndWith(0);
        var refused = (await bench.NixgenAsync("sign", "plain", "--key-file", (await KeyAsync("test-1")).Secret)).ShouldEndWith(2);
        Assert.Contains("error: no such store", refused.Errors, StringComparison.Ordinal);
        Assert.Contains("plain was not signed: `nix build` ended with 7", refused.Errors, StringComparison.Ordinal);
    }

    private Task<ProcessResult> SignAsync(params string[] arguments) => nix.RunInsideAsync(
        "sh",
        ["-c", "cd \"$1\"; shift; exec \"$@\"", "sh", bench.Folder, "dotnet", Workbench.Program, "sign", .. arguments],
        new Dictionary<string, string?> { ["NIX_PATH"] = $"nixpkgs={Checkout.StubNixpkgs}", ["DOTNET_NOLOGO"] = "1" });

    private Task<ProcessResult> VerifyAsync(string path, string key) =>
        nix.RunAsync(["store", "verify", "--recursive", "--no-contents", "--sigs-needed", "1", "--option", "trusted-public-keys", key, path]);

    private async Task<(string Secret, string Public)> KeyAsync(string name)
    {
        var secret = (await nix.RunAsync(["key", "generate-secret", "--key-name", name])).OrThrow("nix key").Output;
        bench.Write($"{name}.sec", secret);
        var open = await ProcessRunner.RunAsync("sh", ["-c", "nix --extra-experimental-features nix-command key convert-secret-to-public <\"$1\"", "sh", bench.PathOf($"{name}.sec")]);
        return (bench.PathOf($"{name}.sec"), open.OrThrow("nix key convert").Output.Trim());
    }
}

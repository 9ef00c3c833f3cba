using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using NixGen.EndToEnd.Runtime;
using Xunit;

namespace NixGen.EndToEnd.Validation;

/// <summary>Signatures of whole models as OpenSSF Model Signing makes them, in sandboxed builds with the real openssl.</summary>
[Collection(RuntimeNixGroup.Name)]
public sealed class ModelSigningTests(RuntimeNix runtime)
{
    private static readonly (string Path, string Text)[] Files = [("config.json", "{\"model_type\": \"bert\"}\n"), ("w/model.bin", "weights of the model\n")];

    [Theory]
    [InlineData("nistP256")]
    [InlineData("nistP384")]
    [InlineData("nistP521")]
    public async Task A_model_that_its_signature_lists_is_accepted(string curve)
    {
        using var key = ECDsa.Create(ECCurve.CreateFromFriendlyName(curve));
        await runtime.BuildAsync(Model(key, [.. Files, (".gitattributes", "* text\n"), Signature(key, Statement(Files))]));
    }

    [Fact]
    public async Task Parts_of_files_are_checked_as_parts()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var statement = Statement(Files);
        statement["predicate"]?["serialization"]?.AsObject()["method"] = "shards";
        var resources = Files.SelectMany(file => new[]
        {
            Resource($"{file.Path}:0:8", file.Text[..8]),
            Resource($"{file.Path}:8:{file.Text.Length}", file.Text[8..]),
        });
        Relist(statement, resources);
        await runtime.BuildAsync(Model(key, [.. Files, Signature(key, statement)]));
        Relist(statement, resources.Skip(1));
        await ExpectAsync(key, [.. Files, Signature(key, statement)], "config.json: its parts aren't those that the signature lists");
    }

    [Theory]
    [InlineData("changed", "w/model.bin: its hash is another than the signature lists")]
    [InlineData("more", "more.txt: it is not signed: the signature doesn't list it")]
    [InlineData("missing", "model.sig: it isn't there, so that nothing is signed")]
    [InlineData("other-key", "model.sig: it isn't signed by the given key")]
    [InlineData("other-list", "model.sig: it isn't signed by the given key")]
    [InlineData("root", "model.sig: its hash of all hashes isn't that of what it lists")]
    [InlineData("predicate", "model.sig: what it signs is no list of a model's files, of version 1.0")]
    [InlineData("algorithm", "config.json: the signature lists a hash that can't be checked here ('blake3')")]
    [InlineData("method", "model.sig: it lists hashes in a way that isn't known ('other')")]
    [InlineData("nonsense", "model.sig: it isn't a signature of a model: it is no JSON")]
    [InlineData("deep", "model.sig: it isn't a signature of a model: it is no JSON")]
    [InlineData("empty", "model.sig: it isn't a signature of a model: 'dsseEnvelope' is missing, or something else than it should be")]
    [InlineData("base64", "model.sig: it isn't a signature of a model: something in it is no base64")]
    [InlineData("two", "model.sig: it doesn't hold exactly one signature")]
    public async Task What_is_wrong_is_said(string what, string words)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var stranger = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var statement = Statement(Files);
        switch (what)
        {
            case "root":
                statement["subject"]?[0]?["digest"]?.AsObject()["sha256"] = Hex("something else");
                break;
            case "predicate":
                statement["predicateType"] = "https://example.com/v1";
                break;
            case "algorithm":
                statement["predicate"]?["resources"]?[0]?.AsObject()["algorithm"] = "blake3";
                break;
            case "method":
                statement["predicate"]?["serialization"]?.AsObject()["method"] = "other";
                break;
        }

        var bundle = JsonNode.Parse(Signature(what == "other-key" ? stranger : key, statement).Text) ?? throw new InvalidOperationException("There is no bundle.");
        switch (what)
        {
            case "other-list":
                bundle["dsseEnvelope"]?.AsObject()["payload"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(Statement([("config.json", "x")]).ToJsonString()));
                break;
            case "base64":
                bundle["dsseEnvelope"]?.AsObject()["payload"] = "not base64!";
                break;
            case "two":
                bundle["dsseEnvelope"]?["signatures"]?.AsArray().Add(new JsonObject { ["sig"] = "" });
                break;
        }

        var signature = what switch
        {
            "nonsense" => "no signature\n",
            "deep" => new string('[', 100_000),
            "empty" => "{}",
            _ => bundle.ToJsonString(),
        };
        IEnumerable<(string, string)> files = what switch
        {
            "changed" => [Files[0], (Files[1].Path, "Weights of the model\n")],
            "more" => [.. Files, ("more.txt", "more\n")],
            _ => Files,
        };
        await ExpectAsync(key, what == "missing" ? [.. files] : [.. files, ("model.sig", signature)], words);
    }

    [Fact]
    public async Task Another_name_and_patterns_can_be_given_and_a_key_must_be_one()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var signed = Signature(key, Statement([Files[0]])).Text;
        await runtime.BuildAsync(Model(key, [.. Files, ("signed/all.sig", signed)], "signature = \"signed/all.sig\"; files = [ \"*.json\" ];"));
        var refused = await runtime.TryBuildAsync(Model("no key", [.. Files, ("model.sig", signed)], ""));
        Assert.Contains("model.sig: the given key is no public key of one of the curves P-256, P-384 and P-521", refused.Errors, StringComparison.Ordinal);
    }

    private async Task ExpectAsync(ECDsa key, (string Path, string Text)[] files, string words)
    {
        var refused = await runtime.TryBuildAsync(Model(key, files));
        Assert.False(refused.Succeeded);
        Assert.Contains("the validator `signature-verify` refuses", refused.Errors, StringComparison.Ordinal);
        Assert.Contains(words, refused.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("Traceback", refused.Errors, StringComparison.Ordinal);
    }

    private string Model(ECDsa key, (string Path, string Text)[] files, string more = "") => Model(key.ExportSubjectPublicKeyInfoPem(), files, more);

    private string Model(string key, (string Path, string Text)[] files, string more) =>
        $"let v = runtime.validation.validators; in runtime.fetchModel pkgs (({runtime.Definition(Definitions.Mock("signed-model", files))}) // {{ validation = runtime.validation.presets.none // {{ enable = true; validators = [ (v.signatureVerify {{ method = \"model-signing\"; publicKey = \"{key.Replace("\n", "\\n", StringComparison.Ordinal)}\"; {more} }}) ]; }}; }})";

    // https://github.com/ossf/model-signing-spec
    private static JsonObject Statement((string Path, string Text)[] files)
    {
        var statement = new JsonObject
        {
            ["_type"] = "https://in-toto.io/Statement/v1",
            ["subject"] = new JsonArray(new JsonObject { ["name"] = "model", ["digest"] = new JsonObject() }),
            ["predicateType"] = "https://model_signing/signature/v1.0",
            ["predicate"] = new JsonObject
            {
                ["serialization"] = new JsonObject { ["method"] = "files", ["hash_type"] = "sha256", ["allow_symlinks"] = false, ["ignore_paths"] = new JsonArray("model.sig") },
            },
        };
        Relist(statement, files.Select(file => Resource(file.Path, file.Text)));
        return statement;
    }

    private static JsonObject Resource(string name, string text) => new() { ["name"] = name, ["algorithm"] = "sha256", ["digest"] = Hex(text) };

    private static void Relist(JsonObject statement, IEnumerable<JsonObject> resources)
    {
        JsonNode[] all = [.. resources];
        statement["predicate"]?.AsObject()["resources"] = new JsonArray(all);
        var digests = all.SelectMany(resource => Convert.FromHexString(resource["digest"]?.GetValue<string>() ?? "")).ToArray();
        statement["subject"]?[0]?["digest"]?.AsObject()["sha256"] = Convert.ToHexStringLower(SHA256.HashData(digests));
    }

    private static (string Path, string Text) Signature(ECDsa key, JsonObject statement)
    {
        const string Type = "application/vnd.in-toto+json";
        var payload = Encoding.UTF8.GetBytes(statement.ToJsonString());
        byte[] signed = [.. Encoding.ASCII.GetBytes($"DSSEv1 {Type.Length} {Type} {payload.Length} "), .. payload];
        var hash = key.KeySize switch { 256 => HashAlgorithmName.SHA256, 384 => HashAlgorithmName.SHA384, _ => HashAlgorithmName.SHA512 };
        return ("model.sig", new JsonObject
        {
            ["mediaType"] = "application/vnd.dev.sigstore.bundle.v0.3+json",
            ["verificationMaterial"] = new JsonObject { ["publicKey"] = new JsonObject(), ["tlogEntries"] = new JsonArray() },
            ["dsseEnvelope"] = new JsonObject
            {
                ["payload"] = Convert.ToBase64String(payload),
                ["payloadType"] = Type,
                ["signatures"] = new JsonArray(new JsonObject { ["sig"] = Convert.ToBase64String(key.SignData(signed, hash, DSASignatureFormat.Rfc3279DerSequence)), ["keyid"] = "" }),
            },
        }.ToJsonString());
    }

    private static string Hex(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}

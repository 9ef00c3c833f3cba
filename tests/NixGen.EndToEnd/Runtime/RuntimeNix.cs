using System.Text.Json;
using System.Text.Json.Nodes;
using NixGen.Testing;
using Xunit;

namespace NixGen.EndToEnd.Runtime;

/// <summary>One Nix store for all tests of the runtime, since its tools need building once.</summary>
public sealed class RuntimeNix : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("nixgen-runtime-").FullName;
    private int definitions;

    public NixSandbox Nix { get; } = NixSandbox.Create();

    /// <summary>What an expression sees: <c>pkgs</c>, <c>lib</c> and <c>runtime</c>, the library that is emitted.</summary>
    public static string Prelude { get; } = $$"""
        let
          pkgs = import {{Checkout.StubNixpkgs}} { };
          inherit (pkgs) lib;
          runtime = import {{Checkout.Templates}}/lib { inherit lib; };
          define = file: builtins.fromJSON (builtins.readFile file);
        in
        """;

    public static NixTarget Expression(string text) => new NixTarget.Expression($"{Prelude}\n{text}");

    public Task<JsonElement> EvalAsync(string text) => Nix.EvalAsync(Expression(text));

    /// <summary>What Nix says against an expression; it must say something.</summary>
    public async Task<string> RefusalAsync(string text)
    {
        var result = await Nix.TryEvalAsync(Expression(text));
        Assert.False(result.Succeeded, result.Output);
        return result.Errors;
    }

    /// <summary>The expression of a model whose definition is given as data.</summary>
    public string Model(JsonNode definition) => $"runtime.fetchModel pkgs ({Definition(definition)})";

    /// <summary>The expression of a definition that is given as data, so that no string of it is Nix.</summary>
    public string Definition(JsonNode definition)
    {
        var path = Path.Combine(folder, $"definition-{Interlocked.Increment(ref definitions)}.json");
        File.WriteAllText(path, definition.ToJsonString());
        return $"define {path}";
    }

    public Task<string> BuildAsync(string text, IReadOnlyDictionary<string, string>? variables = null) => Nix.BuildAsync(Expression(text), variables);

    public Task<ProcessResult> TryBuildAsync(string text, IReadOnlyDictionary<string, string>? variables = null) => Nix.TryBuildAsync(Expression(text), variables);

    public void Dispose()
    {
        Nix.Dispose();
        Directory.Delete(folder, recursive: true);
    }
}

[CollectionDefinition(Name)]
public sealed class RuntimeNixGroup : ICollectionFixture<RuntimeNix>
{
    public const string Name = "The runtime's Nix store";
}

using System.Collections.Immutable;
using NixGen.Nix.Hashing;

namespace NixGen.Manifest;

/// <summary>How a model's weights get fewer bits.</summary>
/// <param name="Method"><c>gguf</c>, <c>gptq</c> or <c>awq</c>.</param>
public sealed record QuantizeRequest(string Method)
{
    /// <summary>The one method that needs no script of the user's.</summary>
    public const string Gguf = "gguf";

    /// <summary>A type of llama.cpp's such as <c>Q4_K_M</c>, or null.</summary>
    public string? Type { get; init; }

    /// <summary>Bits of each weight, or null where <see cref="Type"/> says it.</summary>
    public int? Bits { get; init; }

    /// <summary>Whether the model as it was is there too.</summary>
    public bool KeepOriginal { get; init; }

    /// <summary>Whether it is converted to GGUF first; null where its files tell.</summary>
    public bool? Convert { get; init; }

    /// <summary>The bash text of methods that need one, or null.</summary>
    public string? Script { get; init; }

    /// <summary>Attributes of nixpkgs whose programs are called.</summary>
    public ImmutableArray<string> BuildInputs { get; init; } = [];

    /// <summary>Hash of the NAR of what comes of it, or null where it isn't fixed.</summary>
    public SriHash? OutputHash { get; init; }
}

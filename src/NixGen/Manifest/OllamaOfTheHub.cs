using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace NixGen.Manifest;

/// <summary>Names such as <c>ollama:hf.co/org/model:Q4_K_M</c>: Ollama has the Hub make a manifest for them. Here they are sources of the Hub, laid out for Ollama under that name.</summary>
public static partial class OllamaOfTheHub
{
    /// <summary>The host in the names, and so in the store.</summary>
    public const string Host = "hf.co";

    /// <summary>The tag where a name has none, as Ollama has it. It says nothing of the quantization.</summary>
    public const string DefaultTag = "latest";

    /// <summary>What such short specs begin with, without regard to case.</summary>
    public static ImmutableArray<string> Prefixes { get; } =
        ["ollama:hf.co/", "ollama://hf.co/", "ollama:huggingface.co/", "ollama://huggingface.co/"];

    /// <summary>Whether a short spec is one.</summary>
    public static bool Is(string spec) => Prefixes.Any(prefix => spec.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));

    /// <summary>How the model of a declaration is laid out, where its name says it and the manifest says nothing else.</summary>
    public static OllamaIntegration Complete(OllamaIntegration stated, SourceDeclaration source)
    {
        if (source is not ShortSpec spec || !Is(spec.Text))
        {
            return stated;
        }

        var name = Name().Match(spec.Text);
        return stated with
        {
            Enable = stated.Enable ?? true,
            Name = stated.Name ?? (name.Success ? name.Groups["name"].Value : null),
            Tag = stated.Tag ?? (name.Groups["tag"] is { Success: true } tag ? tag.Value : DefaultTag),
            Registry = stated.Registry ?? (stated.Name is null ? Host : null),
        };
    }

    // The rules of Ollama's names are stricter than the Hub's: what doesn't fit has to be named by the manifest.
    [GeneratedRegex(
        "^ollama:(//)?[^/]+/(?<name>[A-Za-z0-9_][A-Za-z0-9_-]{0,79}/[A-Za-z0-9_][A-Za-z0-9_.-]{0,79})(:(?<tag>[A-Za-z0-9_][A-Za-z0-9_.-]{0,79}))?$",
        RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Name();
}

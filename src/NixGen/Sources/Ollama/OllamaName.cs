using System.Text.RegularExpressions;
using NixGen.Sources.Registries;

namespace NixGen.Sources.Ollama;

/// <summary>A model's name as Ollama has it: <c>[host/][namespace/]model[:tag]</c>.</summary>
/// <param name="Registry">The registry, or null where the name has none.</param>
/// <param name="Namespace">The namespace; <c>library</c> where the name has none.</param>
/// <param name="Model">The model.</param>
/// <param name="Tag">The tag, or null where the name has none.</param>
public sealed partial record OllamaName(RegistryEndpoint? Registry, string Namespace, string Model, string? Tag)
{
    /// <summary>Where names without a host are looked for.</summary>
    public static readonly RegistryEndpoint DefaultRegistry = new("https://registry.ollama.ai");

    internal const string DefaultNamespace = "library";

    internal const string DefaultTag = "latest";

    /// <summary>Understands a name; says what is wrong with it, as the end of a sentence that begins with it.</summary>
    public static (OllamaName? Name, string? Problem) Parse(string text)
    {
        if (text.Contains('@', StringComparison.Ordinal))
        {
            return (null, "names a digest, which Ollama's names don't have; the lock pins the digest of a tag");
        }

        var rest = text;
        string? tag = null;
        var colon = rest.LastIndexOf(':');
        if (colon > rest.LastIndexOf('/'))
        {
            (rest, tag) = (rest[..colon], rest[(colon + 1)..]);
        }

        var (scheme, plain) = rest.IndexOf("://", StringComparison.Ordinal) is var at and > 0 ? (rest[..(at + 3)], rest[(at + 3)..]) : ("", rest);
        var parts = plain.Split('/');
        if (parts.Length > 3 || (scheme.Length > 0 && parts.Length != 3))
        {
            return (null, "has more parts than host, namespace and model");
        }

        RegistryEndpoint? registry = null;
        if (parts.Length == 3)
        {
            (registry, var problem) = RegistryEndpoint.Parse(scheme + parts[0]);
            if (registry is null)
            {
                return (null, $"begins with '{parts[0]}', which {problem}");
            }
        }

        var name = new OllamaName(registry, parts.Length == 1 ? DefaultNamespace : parts[^2], parts[^1], tag);
        return name.Fault is { } fault ? (null, fault) : (name, null);
    }

    /// <summary>Which rule a tag breaks, as the end of a sentence, or null.</summary>
    internal static string? TagProblem(string tag) =>
        Part().IsMatch(tag) ? null : "is no tag: at most 80 letters, digits, '_', '-' and '.', the first a letter, a digit or '_'";

    private string? Fault =>
        !NamespacePart().IsMatch(Namespace) ? $"has the namespace '{Namespace}', which isn't at most 80 letters, digits, '_' and '-'"
        : !Part().IsMatch(Model) ? $"has the model '{Model}', which isn't at most 80 letters, digits, '_', '-' and '.'"
        : Tag is not null && TagProblem(Tag) is { } problem ? $"has the tag '{Tag}', which {problem}"
        : null;

    [GeneratedRegex("^[A-Za-z0-9_][A-Za-z0-9_.-]{0,79}$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Part();

    [GeneratedRegex("^[A-Za-z0-9_][A-Za-z0-9_-]{0,79}$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NamespacePart();
}

using NixGen.Diagnostics;
using NixGen.Manifest;
using NixGen.Sources.Fields;
using NixGen.Sources.Registries;

namespace NixGen.Sources.Ollama;

/// <summary>Understands declarations of Ollama's models.</summary>
internal static class OllamaBinder
{
    private const string Example = "ollama:llama3.2:3b";

    /// <summary>A short spec: <c>ollama:NAME</c>, or the address of a model's page.</summary>
    public static OllamaRequest? Bind(ShortSpec spec, DiagnosticBag diagnostics)
    {
        var text = spec.Text;
        var prefix = OllamaKind.Prefixes.Where(prefix => text.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)).MaxBy(prefix => prefix.Length) ?? "";
        var (name, problem) = OllamaName.Parse(text[prefix.Length..].TrimEnd('/'));
        if (name is null)
        {
            diagnostics.Add(FieldDiagnostics.HasBadSpec(spec, problem ?? "is empty", Example));
            return null;
        }

        return Request(name, null, null, spec.Span, diagnostics);
    }

    /// <summary>The long form.</summary>
    public static OllamaRequest? Bind(LongSource source, DiagnosticBag diagnostics)
    {
        var problems = new DiagnosticBag();
        var fields = new FieldReader(source, problems);
        OllamaName? name = null;
        if (fields.Required("model", "model: \"llama3.2:3b\"") is { } text)
        {
            (name, var problem) = OllamaName.Parse(text);
            if (name is null)
            {
                problems.Add(FieldDiagnostics.HasBadValue(fields.At("model"), "model", text, problem ?? "is empty", "llama3.2:3b"));
            }
        }

        var tag = fields.Checked("tag", OllamaName.TagProblem, "3b");
        if (name?.Tag is { } named && tag is not null && named != tag)
        {
            problems.Add(OllamaDiagnostics.SaysTwoTags(fields.At("tag"), named, tag));
        }

        RegistryEndpoint? registry = null;
        if (fields.Text("registry") is { } host)
        {
            (registry, var problem) = RegistryEndpoint.Parse(host);
            if (registry is null)
            {
                problems.Add(FieldDiagnostics.HasBadValue(fields.At("registry"), "registry", host, problem ?? "is empty", "registry.example.com"));
            }
            else if (name?.Registry is { } other && other != registry)
            {
                problems.Add(OllamaDiagnostics.SaysTwoRegistries(fields.At("registry"), other.Host, registry.Host));
            }
        }

        diagnostics.AddRange(problems.Items);
        return problems.HasErrors || name is null ? null : Request(name, tag, registry, source.Span, diagnostics);
    }

    private static OllamaRequest? Request(OllamaName name, string? tag, RegistryEndpoint? registry, SourceSpan at, DiagnosticBag diagnostics)
    {
        var request = new OllamaRequest
        {
            Registry = registry ?? name.Registry ?? OllamaName.DefaultRegistry,
            Namespace = name.Namespace,
            Model = name.Model,
            Tag = tag ?? name.Tag ?? OllamaName.DefaultTag,
        };
        if (request.Registry.Host is "hf.co" or "huggingface.co")
        {
            diagnostics.Add(OllamaDiagnostics.IsOfTheHub(at, request));
            return null;
        }

        return request;
    }
}

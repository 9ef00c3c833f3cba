using NixGen.Diagnostics;
using NixGen.Manifest;
using NixGen.Sources.Fields;
using NixGen.Sources.Selection;

namespace NixGen.Sources.HuggingFace;

/// <summary>Understands declarations of the Hugging Face source. The schema has checked their shape; this checks what they mean.</summary>
internal static class HuggingFaceBinder
{
    /// <summary>A short spec.</summary>
    public static HuggingFaceRequest? Bind(ShortSpec spec, DiagnosticBag diagnostics)
    {
        if (!HubReference.TryParse(spec.Text, out var reference, out var problem))
        {
            diagnostics.Add(HuggingFaceDiagnostics.HasBadSpec(PartOf(spec, problem), problem));
            return null;
        }

        return new()
        {
            Repository = reference.Repository,
            Type = reference.Type,
            Revision = reference.Revision ?? "main",
            Files = reference.Pattern is null ? [] : [reference.Pattern],
            Weights = reference.Quant is null ? WeightChoice.All : new(new(reference.Quant), null),
        };
    }

    /// <summary>The long form.</summary>
    public static HuggingFaceRequest? Bind(LongSource source, DiagnosticBag diagnostics)
    {
        var problems = new DiagnosticBag();
        var fields = new FieldReader(source, problems);
        var type = TypeOf(fields, problems);
        var repository = Repository(source, fields, type, problems);
        var revision = fields.Text("revision") ?? "main";
        if (RevisionName.Problem(revision) is { } wrongRevision)
        {
            problems.Add(HuggingFaceDiagnostics.HasBadRevision(fields.At("revision"), revision, wrongRevision));
        }

        var request = new HuggingFaceRequest
        {
            Repository = repository ?? "",
            Type = type,
            Revision = revision,
            Files = fields.Patterns("files"),
            Exclude = fields.Patterns("exclude"),
            Weights = WeightFields.Read(fields),
            Endpoint = Endpoint(fields, problems),
        };
        diagnostics.AddRange(problems.Items);
        return problems.HasErrors ? null : request;
    }

    private static string? Repository(LongSource source, FieldReader fields, RepositoryType type, DiagnosticBag problems)
    {
        var repository = fields.Text("repo");
        if (repository is null)
        {
            if (!fields.Has("repo"))
            {
                problems.Add(HuggingFaceDiagnostics.LacksRepository(source.Span));
            }

            return null;
        }

        if (RepositoryId.Problem(repository) is { } problem)
        {
            problems.Add(HuggingFaceDiagnostics.HasBadRepository(fields.At("repo"), repository, problem, Guess(repository, type)));
        }

        return repository;
    }

    // People paste URLs and short specs here.
    private static string? Guess(string repository, RepositoryType type)
    {
        var spec = HubReference.Prefixes.Any(prefix => repository.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
            ? repository
            : "hf:" + repository;
        if (!HubReference.TryParse(spec, out var reference, out _))
        {
            return null;
        }

        var parts = new List<string> { $"repo: {reference.Repository}" };
        if (reference.Type != type)
        {
            parts.Add($"type: {reference.Type.Name()}");
        }

        if (reference.Revision is { } revision)
        {
            parts.Add($"revision: {revision}");
        }

        return string.Join(", ", parts);
    }

    private static RepositoryType TypeOf(FieldReader fields, DiagnosticBag problems)
    {
        if (fields.Text("type") is not { } name)
        {
            return RepositoryType.Model;
        }

        if (RepositoryTypes.Parse(name) is { } type)
        {
            return type;
        }

        problems.Add(HuggingFaceDiagnostics.HasBadType(fields.At("type"), name));
        return RepositoryType.Model;
    }

    private static HubEndpoint? Endpoint(FieldReader fields, DiagnosticBag problems)
    {
        if (fields.Text("endpoint") is not { } text)
        {
            return null;
        }

        var (endpoint, problem) = HubEndpoint.Parse(text);
        if (problem is not null)
        {
            problems.Add(HuggingFaceDiagnostics.HasBadEndpoint(fields.At("endpoint"), "'endpoint'", problem));
        }

        return endpoint;
    }

    // Inside of the scalar where it stands as it is read; the whole scalar where escapes move things.
    private static SourceSpan PartOf(ShortSpec spec, SpecProblem problem)
    {
        var (source, span) = (spec.Span.Source, spec.Span.Span);
        foreach (var quote in (ReadOnlySpan<int>)[0, 1])
        {
            var start = span.Start + quote;
            if (start + spec.Text.Length <= source.Text.Length
                && source.Text.AsSpan(start, spec.Text.Length).SequenceEqual(spec.Text))
            {
                return source.At(new(start + problem.Start, problem.Length));
            }
        }

        return spec.Span;
    }
}

using System.Collections.Immutable;
using NixGen.Diagnostics;
using NixGen.Manifest;
using NixGen.Manifest.Tree;

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
        };
    }

    /// <summary>The long form.</summary>
    public static HuggingFaceRequest? Bind(LongSource source, DiagnosticBag diagnostics)
    {
        var problems = new DiagnosticBag();
        var type = TypeOf(source, problems);
        var repository = Repository(source, type, problems);
        var revision = Text(source, "revision", problems) ?? "main";
        if (RevisionName.Problem(revision) is { } wrongRevision)
        {
            problems.Add(HuggingFaceDiagnostics.HasBadRevision(At(source, "revision"), revision, wrongRevision));
        }

        var request = new HuggingFaceRequest
        {
            Repository = repository ?? "",
            Type = type,
            Revision = revision,
            Files = Patterns(source, "files", problems),
            Exclude = Patterns(source, "exclude", problems),
            Endpoint = Endpoint(source, problems),
        };
        diagnostics.AddRange(problems.Items);
        return problems.HasErrors ? null : request;
    }

    private static string? Repository(LongSource source, RepositoryType type, DiagnosticBag problems)
    {
        var repository = Text(source, "repo", problems);
        if (repository is null)
        {
            if (source.Fields["repo"] is null)
            {
                problems.Add(HuggingFaceDiagnostics.LacksRepository(source.Span));
            }

            return null;
        }

        if (RepositoryId.Problem(repository) is { } problem)
        {
            problems.Add(HuggingFaceDiagnostics.HasBadRepository(At(source, "repo"), repository, problem, Guess(repository, type)));
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

    private static RepositoryType TypeOf(LongSource source, DiagnosticBag problems)
    {
        if (Text(source, "type", problems) is not { } name)
        {
            return RepositoryType.Model;
        }

        if (RepositoryTypes.Parse(name) is { } type)
        {
            return type;
        }

        problems.Add(HuggingFaceDiagnostics.HasBadType(At(source, "type"), name));
        return RepositoryType.Model;
    }

    private static HubEndpoint? Endpoint(LongSource source, DiagnosticBag problems)
    {
        if (Text(source, "endpoint", problems) is not { } text)
        {
            return null;
        }

        var (endpoint, problem) = HubEndpoint.Parse(text);
        if (problem is not null)
        {
            problems.Add(HuggingFaceDiagnostics.HasBadEndpoint(At(source, "endpoint"), "'endpoint'", problem));
        }

        return endpoint;
    }

    private static ImmutableArray<string> Patterns(LongSource source, string key, DiagnosticBag problems)
    {
        switch (source.Fields[key])
        {
            case null:
                return [];
            case SequenceNode list:
                var patterns = ImmutableArray.CreateBuilder<string>();
                foreach (var item in list.Items)
                {
                    if (item is ScalarNode { Text.Length: > 0 } scalar)
                    {
                        patterns.Add(scalar.Text);
                    }
                    else
                    {
                        problems.Add(HuggingFaceDiagnostics.HasBadPattern(item.Span, key));
                    }
                }

                return patterns.ToImmutable();
            case { } other:
                problems.Add(HuggingFaceDiagnostics.HasBadPattern(other.Span, key));
                return [];
        }
    }

    private static string? Text(LongSource source, string key, DiagnosticBag problems)
    {
        switch (source.Fields[key])
        {
            case null:
                return null;
            case ScalarNode scalar when scalar.Kind != ScalarKind.Null:
                return scalar.Text;
            case { } other:
                problems.Add(HuggingFaceDiagnostics.IsNotText(other.Span, key));
                return null;
        }
    }

    private static SourceSpan At(LongSource source, string key) => source.Fields[key]?.Span ?? source.Span;

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

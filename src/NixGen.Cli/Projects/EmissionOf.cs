using System.Collections.Immutable;
using NixGen.Diagnostics;
using NixGen.Emit;
using NixGen.Lock;
using NixGen.Manifest;
using NixGen.Sources;

namespace NixGen.Cli.Projects;

/// <summary>Joins a manifest and a lock that covers it; impure models need no entry there.</summary>
internal static class EmissionOf
{
    /// <summary>What is to be emitted; null where the lock lacks a model or has it from another kind of source, or with diagnostics where a source isn't understood.</summary>
    public static Emission? Project(Project project, LockFile locked, DiagnosticBag diagnostics)
    {
        var models = ImmutableArray.CreateBuilder<EmittedModel>(project.Manifest.Models.Length);
        foreach (var model in project.Manifest.Models)
        {
            var entry = model.Impure ? null : locked.Models.GetValueOrDefault(model.Name);
            if ((entry is null && !model.Impure)
                || SourceRegistry.Bind(model.Source, diagnostics) is not { } bound
                || (entry is not null && bound.Kind.Name != entry.Request.Kind))
            {
                return null;
            }

            if (Alternates(model, entry, diagnostics) is not { } alternates)
            {
                return null;
            }

            models.Add(new(model, bound.Request, entry) { Alternates = alternates });
        }

        return new(project.Paths.Name, project.Manifest.Flake, models.ToImmutable(), project.Manifest.Groups)
        {
            Compositions = project.Manifest.Compositions,
        };
    }

    private static ImmutableArray<EmittedAlternate>? Alternates(ModelRequest model, LockedModel? entry, DiagnosticBag diagnostics)
    {
        var locked = entry?.Alternates ?? [];
        if (locked.Length != model.Alternates.Length)
        {
            return null;
        }

        var alternates = ImmutableArray.CreateBuilder<EmittedAlternate>(locked.Length);
        foreach (var (declaration, alternate) in model.Alternates.Zip(locked))
        {
            if (SourceRegistry.Bind(declaration, diagnostics) is not { } bound || bound.Kind.Name != alternate.Request.Kind)
            {
                return null;
            }

            alternates.Add(new(bound.Request, alternate) { Auth = declaration.Auth });
        }

        return alternates.ToImmutable();
    }
}

using NixGen.Diagnostics;
using NixGen.Emit;
using NixGen.Lock;
using NixGen.Manifest;
using NixGen.Sources;
using NixGen.Testing;
using Xunit;

namespace NixGen.Tests.Emit;

/// <summary>A manifest and its lock below <c>tests/fixtures/emit</c>, and what they give.</summary>
internal static class EmitFixture
{
    public static string Folder(string name) => Path.Combine(GoldenFixtures.Folder("emit"), name);

    public static Emission Load(string name)
    {
        var diagnostics = new DiagnosticBag();
        var folder = Folder(name);
        var file = Directory.GetFiles(folder, "models.*").Select(Path.GetFileName).Single(file => file is "models.yaml" or "models.json") ?? "";
        var manifest = ManifestLoader.Load([file], new DiskManifestFiles(folder), memoFolder: null, diagnostics);
        var reading = LockJson.Read("models.lock.json", File.ReadAllBytes(Path.Combine(folder, "models.lock.json")), diagnostics);
        Assert.Empty(diagnostics.Items);
        Assert.NotNull(manifest);
        Assert.NotNull(reading);
        return new(
            file,
            manifest.Flake,
            [.. manifest.Models.Select(model => Join(model, model.Impure ? null : reading.Lock.Models[model.Name], diagnostics))],
            manifest.Groups);
    }

    private static EmittedModel Join(ModelRequest model, LockedModel? locked, DiagnosticBag diagnostics)
    {
        var bound = SourceRegistry.Bind(model.Source, diagnostics);
        Assert.NotNull(bound);
        Assert.Equal(locked?.Request ?? bound.Request.Canonical, bound.Request.Canonical);
        return new(model, bound.Request, locked) { Alternates = [.. model.Alternates.Zip(locked?.Alternates ?? []).Select(pair => Join(pair.First, pair.Second, diagnostics))] };
    }

    private static EmittedAlternate Join(SourceDeclaration declaration, LockedAlternate locked, DiagnosticBag diagnostics)
    {
        var bound = SourceRegistry.Bind(declaration, diagnostics);
        Assert.NotNull(bound);
        Assert.Equal(locked.Request, bound.Request.Canonical);
        return new(bound.Request, locked);
    }
}

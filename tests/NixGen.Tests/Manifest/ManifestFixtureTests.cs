using System.Text;
using NixGen.Diagnostics;
using NixGen.Diagnostics.Rendering;
using NixGen.Manifest;
using NixGen.Testing;
using Xunit;

namespace NixGen.Tests.Manifest;

/// <summary>Each folder of <c>tests/fixtures/manifest</c> is loaded, and what comes of it is compared with its verified files.</summary>
public sealed class ManifestFixtureTests
{
    private const string Suite = "manifest";

    public static TheoryData<string> Cases => new(GoldenFixtures.Cases(Suite));

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_manifest_gives_its_verified_diagnostics_and_meaning(string name)
    {
        var folder = Path.Combine(GoldenFixtures.Folder(Suite), name);
        var diagnostics = new DiagnosticBag();

        var manifest = ManifestLoader.Load(Paths(folder), new DiskManifestFiles(folder), null, diagnostics);

        var text = new StringWriter();
        DiagnosticWriter.Write(DiagnosticFormat.Text, diagnostics.Items, text);
        Golden.Verify(folder, "diagnostics", "txt", text.ToString());
        Assert.Equal(manifest is null, diagnostics.HasErrors);
        Assert.Equal(manifest is null, name.StartsWith("invalid-", StringComparison.Ordinal));
        if (manifest is not null)
        {
            Golden.Verify(folder, "manifest", "json", ManifestDump.Json(manifest));
        }
    }

    [Fact]
    public void There_are_at_least_sixty_cases() => Assert.True(GoldenFixtures.Cases(Suite).Count >= 60);

    // Several manifests are listed in paths.txt; otherwise there is one.
    private static System.Collections.Immutable.ImmutableArray<string> Paths(string folder)
    {
        var list = Path.Combine(folder, "paths.txt");
        return File.Exists(list)
            ? [.. File.ReadAllLines(list, Encoding.UTF8)]
            : [File.Exists(Path.Combine(folder, "models.json")) ? "models.json" : "models.yaml"];
    }
}

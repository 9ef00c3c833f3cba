using System.Diagnostics;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using NixGen.Diagnostics;
using NixGen.Diagnostics.Rendering;
using NixGen.Manifest;
using NixGen.Testing;
using Xunit;

namespace NixGen.Tests.Manifest;

public sealed class ManifestPropertyTests
{
    private static readonly string[] Tokens =
    [
        "\n", "\r\n", "\t", "  ", ": ", "- ", "&a ", "*a", "<<: ", "{", "}", "[", "]", "\"", "'", "|\n", ">-\n", "!!str ", "!x ", "? ",
        "---\n", "...\n", "%YAML 1.2\n", "#", ",", "\\u0000", "\\ud800", "\u202e", "😀", "\u0085", "\u2028", "\ufeff", "\u0001", "1e3", "~", "://a:b@c",
    ];

    // The token of the fixtures with secrets.
    private static readonly string Token = "hf_" + string.Concat(Enumerable.Repeat("Ab1", 11));

    private static readonly (string Name, byte[] Bytes)[] Seeds =
    [
        .. GoldenFixtures.Cases("manifest")
            .SelectMany(name => Directory.GetFiles(Path.Combine(GoldenFixtures.Folder("manifest"), name), "models.*"))
            .Select(path => (Path.GetFileName(path), File.ReadAllBytes(path)))
            .Where(seed => seed.Item2.Length < 5_000),
    ];

    [Fact]
    public void Mutated_manifests_never_crash_hang_leak_a_token_or_point_outside_their_text()
    {
        Load("models.yaml", "version: 1\nmodels: { a: 1 }\n"u8.ToArray());
        var mutation =
            from seed in Gen.Elements(Seeds)
            from edits in Gen.Choose(0, int.MaxValue).ArrayOf().Resize(12)
            select (seed.Name, Bytes: edits.Aggregate(seed.Bytes, Mutate));

        Prop.ForAll(mutation.ToArbitrary(), sample =>
        {
            var diagnostics = Load(sample.Name, sample.Bytes);
            var rendered = Render(diagnostics);
            Assert.DoesNotContain(Token, rendered, StringComparison.Ordinal);
            Assert.All(diagnostics, item => Assert.True(IsInside(item), $"{item.Code} points outside its text"));
            Assert.True(Enumerable.Range(0, 3).Any(_ => IsFast(sample.Name, sample.Bytes)), "loading took more than a second");
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(800));
    }

    [Fact]
    public void Yaml_and_json_spellings_of_a_manifest_mean_the_same() =>
        Prop.ForAll(RandomManifests.Arbitrary, json =>
        {
            var fromJson = Bind("models.json", json.ToJsonString());
            var block = Bind("models.yaml", RandomManifests.Block(json));
            var flow = Bind("models.yaml", json.ToJsonString());
            Assert.Equal(fromJson, block);
            Assert.Equal(fromJson, flow);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(200));

    private static byte[] Mutate(byte[] bytes, int edit)
    {
        var at = bytes.Length == 0 ? 0 : edit % bytes.Length;
        var token = Encoding.UTF8.GetBytes(Tokens[edit / 7 % Tokens.Length]);
        return (edit / 3 % 5) switch
        {
            0 => [.. bytes[..at], .. token, .. bytes[at..]],
            1 => [.. bytes[..at], .. bytes.Skip(at + 1 + (edit % 9))],
            2 => [.. bytes[..at], (byte)(edit >> 8), .. bytes.Skip(at + 1)],
            3 => [.. bytes[..at], .. bytes[(at / 2)..]],
            _ => bytes[..at],
        };
    }

    // One slow run may be the machine's fault.
    private static bool IsFast(string name, byte[] bytes)
    {
        var watch = Stopwatch.StartNew();
        Render(Load(name, bytes));
        return watch.ElapsedMilliseconds < 1_000;
    }

    private static string Render(IReadOnlyList<Diagnostic> diagnostics)
    {
        var rendered = new StringWriter();
        foreach (var format in Enum.GetValues<DiagnosticFormat>())
        {
            DiagnosticWriter.Write(format, diagnostics, rendered);
        }

        return rendered.ToString();
    }

    private static bool IsInside(Diagnostic diagnostic) =>
        diagnostic.Related.Select(related => related.Location).Append(diagnostic.Location).OfType<SourceSpan>()
            .All(place => place.Span is { Start: >= 0, Length: >= 0 } && place.Span.End <= place.Source.Text.Length);

    private static IReadOnlyList<Diagnostic> Load(string name, byte[] bytes)
    {
        var diagnostics = new DiagnosticBag();
        ManifestLoader.Load([name], new MemoryManifestFiles(name, bytes), null, diagnostics);
        return diagnostics.Items;
    }

    private static string Bind(string name, string text)
    {
        var diagnostics = new DiagnosticBag();
        var manifest = ManifestLoader.Load([name], new MemoryManifestFiles((name, text)), null, diagnostics);
        Assert.True(manifest is not null, $"{text}\n{string.Join('\n', diagnostics.Items.Select(item => $"{item.Location} {item.Message} {item.Actual}"))}");
        return ManifestDump.Json(manifest);
    }
}

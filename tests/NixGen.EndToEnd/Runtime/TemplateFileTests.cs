using System.Collections.Immutable;
using System.Text.RegularExpressions;
using NixGen.Emit;
using NixGen.Testing;
using Xunit;

namespace NixGen.EndToEnd.Runtime;

/// <summary>What is emitted verbatim parses, lints and is formatted where it lies.</summary>
[Collection(RuntimeNixGroup.Name)]
public sealed partial class TemplateFileTests(RuntimeNix runtime)
{
    public static TheoryData<string> NixFiles => FilesOf("*.nix");

    public static TheoryData<string> Scripts => FilesOf("*.sh");

    [Theory]
    [MemberData(nameof(NixFiles))]
    public async Task Nix_files_parse(string file) =>
        Assert.Equal("", (await ProcessRunner.RunAsync("nix-instantiate", ["--parse", Full(file)])).OrThrow(file).Errors);

    [Theory]
    [MemberData(nameof(NixFiles))]
    public void Nix_files_keep_to_the_layout_of_nixfmt(string file)
    {
        var lines = File.ReadAllText(Full(file)).Split('\n');
        Assert.Equal("", lines[^1]);
        Assert.NotEqual("", lines[^2]);
        foreach (var line in lines)
        {
            Assert.Equal(line.TrimEnd(), line);
            Assert.DoesNotContain('\t', line);
            Assert.DoesNotMatch(WithScope(), line);
        }
    }

    [Theory]
    [MemberData(nameof(Scripts))]
    public async Task Scripts_parse_and_are_formatted(string file)
    {
        (await ProcessRunner.RunAsync("bash", ["-n", Full(file)])).OrThrow("bash -n");
        (await ProcessRunner.RunAsync("shfmt", ["-i", "2", "-ci", "-d", Full(file)])).OrThrow("shfmt");
    }

    // Each is looked at with the parts of the shared script that it says it needs, as a single file has them.
    [Fact]
    public async Task Fetchers_pass_shellcheck_with_what_they_share()
    {
        using var folder = new TemporaryFolder();
        string[] own = [.. Directory.EnumerateFiles(Path.Combine(Checkout.Templates, "fetchers"), "*.sh").Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal)];
        Assert.NotEmpty(own);
        Directory.CreateDirectory(folder.At(FetchScripts.Common));
        await File.WriteAllTextAsync(folder.At("common/common.sh"), FetchScripts.Read(FetchScripts.Common));
        foreach (var script in own)
        {
            Directory.CreateDirectory(folder.At(script));
            File.Copy(Full(Path.Combine("fetchers", script + ".sh")), folder.At($"{script}/{script}.sh"));
            await File.WriteAllTextAsync(folder.At($"{script}/common.sh"), FetchScripts.ReadCommon(FetchScripts.Parts(script).ToImmutableHashSet(StringComparer.Ordinal)));
        }

        var two = new ParallelOptions { MaxDegreeOfParallelism = 2 };
        await Parallel.ForEachAsync(own.Prepend(FetchScripts.Common), two, async (script, _) =>
            (await ProcessRunner.RunAsync("shellcheck", ["-x", script + ".sh"], folder: folder.At(script))).OrThrow($"shellcheck {script}"));
    }

    [Fact]
    public async Task Nix_joins_the_shared_script_as_the_compiler_does()
    {
        var path = await runtime.EvalAsync($"builtins.readFile (import {Checkout.Templates}/fetchers).common");
        Assert.Equal(FetchScripts.Read(FetchScripts.Common), path.GetString());
    }

    [Fact]
    public void Every_part_of_the_shared_script_is_read()
    {
        var common = FetchScripts.Read(FetchScripts.Common);
        foreach (var part in Directory.EnumerateDirectories(Full("fetchers")).SelectMany(Directory.EnumerateFiles))
            Assert.Contains(File.ReadAllText(part), common, StringComparison.Ordinal);
    }

    [Fact]
    public void The_library_takes_from_lib_only_what_the_stub_has()
    {
        var used = UsedLib();
        Assert.NotEmpty(used);
        var stub = File.ReadAllText(Path.Combine(Checkout.StubNixpkgs, "lib", "default.nix"));
        Assert.All(used, name => Assert.Matches($@"\b{Regex.Escape(name)}\b", stub));
    }

    [Fact]
    public async Task The_stub_of_lib_has_nothing_that_is_not_used()
    {
        var names = await runtime.EvalAsync("builtins.attrNames lib");
        var needed = UsedLib().Concat(["fetchers", "licenses"]).ToHashSet(StringComparer.Ordinal);
        // What the stub itself is made with.
        var own = new[] { "escapeRegex", "genAttrs", "isFunction" };
        Assert.Equal([], names.EnumerateArray().Select(name => name.GetString() ?? "").Except(needed, StringComparer.Ordinal).Except(own, StringComparer.Ordinal));
    }

    [Fact]
    public void Files_import_one_another_only_where_they_are_wired()
    {
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Checkout.Templates, "lib"), "*.nix", SearchOption.AllDirectories))
        {
            if (Path.GetFileName(file) == "default.nix")
                continue;
            Assert.All(File.ReadLines(file).Where(line => line.Contains("import ", StringComparison.Ordinal)), line => Assert.Matches(DefaultedArgument(), line));
        }
    }

    // The library takes `lib` apart at the top of each file and nowhere else, so that this finds all of it.
    private static HashSet<string> UsedLib()
    {
        var library = Path.Combine(Checkout.Templates, "lib") + "/";
        var used = new HashSet<string>(StringComparer.Ordinal);
        foreach (var file in Directory.EnumerateFiles(Checkout.Templates, "*.nix", SearchOption.AllDirectories))
        {
            var text = File.ReadAllText(file);
            foreach (Match match in InheritedFromLib().Matches(text))
                used.UnionWith(match.Groups["names"].Value.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
            var others = UseOfLib().Matches(text).Select(match => match.Groups["name"].Value).ToList();
            used.UnionWith(others);
            if (file.StartsWith(library, StringComparison.Ordinal))
                Assert.Empty(others.Except(["licenses"], StringComparer.Ordinal));
        }

        return used;
    }

    private static TheoryData<string> FilesOf(string pattern) =>
        [.. Directory.EnumerateFiles(Checkout.Templates, pattern, SearchOption.AllDirectories).Select(file => Path.GetRelativePath(Checkout.Templates, file)).Order(StringComparer.Ordinal)];

    private static string Full(string file) => Path.Combine(Checkout.Templates, file);

    [GeneratedRegex(@"(^|\s)with\s+[a-zA-Z.]+;", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex WithScope();

    [GeneratedRegex(@"inherit \((lib|lib\.fetchers)\)(?<names>[^;]*);", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex InheritedFromLib();

    // `lib.x` in code; in comments and texts it stands between other marks.
    [GeneratedRegex(@"(?<=[\s(\[=])lib\.(?!fetchers\))(?<name>[a-zA-Z]+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex UseOfLib();

    [GeneratedRegex(@"^  [a-zA-Z]+ \? import [./a-zA-Z]+( \{ inherit( [a-zA-Z]+)+; \})?,$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex DefaultedArgument();
}

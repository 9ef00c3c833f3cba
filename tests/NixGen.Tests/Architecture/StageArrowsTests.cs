using System.Text.RegularExpressions;
using NixGen.Testing;
using Xunit;

namespace NixGen.Tests.Architecture;

/// <summary>The pipeline's stages use only what stands before them.</summary>
public sealed partial class StageArrowsTests
{
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["Diagnostics"] = [],
        ["Files"] = [],
        ["Nix"] = [],
        ["Manifest"] = ["Diagnostics", "Files", "Nix"],
        ["Lock"] = ["Diagnostics", "Files", "Manifest", "Nix"],
        ["Sources"] = ["Diagnostics", "Lock", "Manifest", "Nix"],
        ["Resolve"] = ["Diagnostics", "Files", "Lock", "Manifest", "Nix", "Sources"],
        ["Emit"] = ["Diagnostics", "Files", "Lock", "Manifest", "Nix", "Sources"],
    };

    public static TheoryData<string> Stages => [.. Allowed.Keys];

    [Fact]
    public void Every_folder_of_the_library_is_a_stage() =>
        Assert.Equal(
            Allowed.Keys.Order(StringComparer.Ordinal),
            Directory.EnumerateDirectories(Checkout.At("src", "NixGen")).Select(Path.GetFileName).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Stages))]
    public void A_stage_uses_only_the_stages_before_it(string stage)
    {
        var arrows = UsedBy(stage).ToList();
        Assert.Empty(arrows.Where(arrow => !Allowed[stage].Contains(arrow.Used)).Select(arrow => $"{arrow.File} uses {arrow.Used}"));
    }

    [Fact]
    public void Only_the_resolving_stage_opens_a_socket()
    {
        var offenders = Directory.GetFiles(Checkout.At("src", "NixGen"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}Resolve{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .Where(file => Socket().IsMatch(File.ReadAllText(file)))
            .Select(file => Path.GetRelativePath(Checkout.Root, file));
        // Libraries of Amazon and Microsoft take clients, and get them on the transport that a kind is handed.
        Assert.Equal(
            ["src/NixGen/Sources/Azure/AzureIdentity.cs", "src/NixGen/Sources/S3/S3Transport.cs"], offenders.Order(StringComparer.Ordinal));
    }

    /// <summary>What the files of a stage use of the others.</summary>
    internal static IEnumerable<(string File, string Used)> UsedBy(string stage)
    {
        var files = Directory.GetFiles(Checkout.At("src", "NixGen", stage), "*.cs", SearchOption.AllDirectories);
        Assert.NotEmpty(files);
        return files.SelectMany(file => UsedBy(file, stage));
    }

    private static IEnumerable<(string File, string Used)> UsedBy(string file, string stage) =>
        Reference().Matches(WithoutComments(File.ReadAllText(file)))
            .Select(match => match.Groups["stage"].Value)
            .Where(used => used != stage && Allowed.ContainsKey(used))
            .Distinct()
            .Select(used => (Path.GetRelativePath(Checkout.Root, file), used));

    private static string WithoutComments(string text) => Comment().Replace(text, "");

    // `using NixGen.Lock;`, `NixGen.Lock.LockFile`, and the short form `Lock.LockFile` that a sibling namespace allows.
    [GeneratedRegex(@"(?:\bNixGen\.(?<stage>[A-Z]\w*)\b)|(?:(?<![\w.""])(?<stage>Diagnostics|Files|Nix|Manifest|Lock|Sources|Resolve|Emit)\.[A-Z]\w*\.[A-Z])")]
    private static partial Regex Reference();

    [GeneratedRegex(@"^\s*//.*$", RegexOptions.Multiline)]
    private static partial Regex Comment();

    [GeneratedRegex(@"\b(?:System\.Net\.(?:Http|Sockets)|HttpClient|TcpClient|new Socket)\b")]
    private static partial Regex Socket();
}

using System.Collections.Immutable;
using System.Text.RegularExpressions;
using NixGen.Emit;
using NixGen.Sources;
using NixGen.Testing;
using Xunit;

namespace NixGen.Tests.Emit;

/// <summary>Which parts of the shared fetch script one file of Nix holds.</summary>
public sealed partial class FetchScriptsTests
{
    // What the common parts call where a mirror is in a bucket: then the emitter adds these parts.
    private static readonly ImmutableArray<string> ForMirrors = ["go_to_s3", "go_to_gcs", "sign_s3", "find_aws_credentials"];

    // What the common parts call where `link_object` is set, which only the parts that have these do.
    private static readonly ImmutableArray<string> ForLinks = ["keep_link", "renew_link", "follow_link"];

    public static TheoryData<string> Kinds => [.. SourceRegistry.Kinds.Select(kind => kind.Name).Where(kind => !FetchScripts.For([kind]).IsEmpty)];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_script_calls_no_function_of_a_part_that_it_does_not_name(string kind)
    {
        var parts = FetchScripts.Parts(kind).ToHashSet(StringComparer.Ordinal);
        var text = Code(FetchScripts.ReadCommon(parts)) + Code(FetchScripts.Read(kind));
        var here = Functions(text);
        var missing = Functions(Code(FetchScripts.Read(FetchScripts.Common))).Except(here, StringComparer.Ordinal)
            .Where(name => Regex.IsMatch(text, $@"(?<![\w-]){name}(?![\w-])"));
        Assert.Equal([], missing.Except(ForMirrors, StringComparer.Ordinal).Except(ForLinks, StringComparer.Ordinal));
        Assert.True(here.Contains("keep_link") || !text.Contains("link_object=$", StringComparison.Ordinal));
    }

    [Fact]
    public void A_script_of_a_kind_without_parts_of_its_own_is_shorter_than_the_whole()
    {
        Assert.Empty(FetchScripts.Parts("url"));
        var least = FetchScripts.ReadCommon(ImmutableHashSet<string>.Empty);
        Assert.DoesNotContain("enter_registry()", least, StringComparison.Ordinal);
        Assert.DoesNotContain("find_signing_key()", least, StringComparison.Ordinal);
        Assert.Contains("enter_registry()", FetchScripts.ReadCommon(FetchScripts.Parts("oci").ToHashSet(StringComparer.Ordinal)), StringComparison.Ordinal);
    }

    [Fact]
    public void Each_folder_of_parts_is_one_that_some_script_names_or_that_is_for_all()
    {
        var named = SourceRegistry.Kinds.SelectMany(kind => FetchScripts.For([kind.Name])).SelectMany(script => FetchScripts.Parts(script)).Append("common");
        var folders = Directory.EnumerateDirectories(Path.Combine(Checkout.Templates, "fetchers")).Select(folder => Path.GetFileName(folder) ?? "");
        Assert.Equal(folders.Order(StringComparer.Ordinal), named.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
    }

    private static string Code(string script) => Comment().Replace(script, "");

    private static HashSet<string> Functions(string script) =>
        Definition().Matches(script).Select(match => match.Groups["name"].Value).ToHashSet(StringComparer.Ordinal);

    [GeneratedRegex(@"^(?<name>[a-z_0-9]+)\(\) ", RegexOptions.ExplicitCapture | RegexOptions.Multiline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Definition();

    [GeneratedRegex(@"(^|\s)#.*$", RegexOptions.ExplicitCapture | RegexOptions.Multiline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Comment();
}

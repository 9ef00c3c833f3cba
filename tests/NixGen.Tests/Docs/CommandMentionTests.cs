using System.Text.RegularExpressions;
using NixGen.Cli;
using NixGen.Tests.Cli;
using Xunit;

namespace NixGen.Tests.Docs;

/// <summary>Pages tell to run only what there is.</summary>
public sealed partial class CommandMentionTests
{
    public static TheoryData<string> Pages => [.. MarkdownPage.Paths];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Commands_and_their_options_are_those_of_the_reference(string path)
    {
        using var console = new TestConsole();
        // `reference` is for those who work on nixgen, so the reference leaves it out.
        var hidden = CommandLine.Create(console.Terminal).Subcommands.Where(command => command.Hidden).Select(command => command.Name).ToList();
        var known = Known();
        var wrong = new List<string>();
        foreach (var command in MarkdownPage.Read(path).Commands)
        {
            var call = Call().Match(command);
            if (!call.Success || hidden.Contains(call.Groups["verb"].Value, StringComparer.Ordinal))
            {
                continue;
            }

            var options = Option().Matches(call.Groups["rest"].Value).Select(match => match.Value);
            if (!known.TryGetValue(call.Groups["verb"].Value, out var section)
                || options.Any(option => !section.Contains($"`{option}`", StringComparison.Ordinal)))
            {
                wrong.Add(command);
            }
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public void The_readme_names_every_command()
    {
        var named = MarkdownPage.Read("README.md").Commands
            .Select(command => Call().Match(command))
            .Where(call => call.Success)
            .Select(call => call.Groups["verb"].Value)
            .ToHashSet(StringComparer.Ordinal);
        Assert.Equal(Known().Keys.Order(StringComparer.Ordinal), named.Order(StringComparer.Ordinal));
    }

    // The sections of the reference page by the name of their command.
    private static Dictionary<string, string> Known()
    {
        var sections = MarkdownPage.Read("docs/reference/cli.md").Text.Split("\n## `nixgen ");
        Assert.True(sections.Length > 5);
        return sections.Skip(1).ToDictionary(section => section[..section.IndexOf('`', StringComparison.Ordinal)], StringComparer.Ordinal);
    }

    [GeneratedRegex(@"(?:^|[ =])(?:[./\w]*/)?nixgen (?<verb>[a-z]+)(?<rest>[^|&;>#]*)")]
    private static partial Regex Call();

    [GeneratedRegex(@"(?<=[ \[])--?[a-z][a-z-]*")]
    private static partial Regex Option();
}

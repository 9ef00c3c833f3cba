using System.Collections.Immutable;

namespace NixGen.Cli;

/// <summary>The console, the environment and the working folder, handed to commands so that tests can stand in for them.</summary>
/// <param name="Input">Standard input.</param>
/// <param name="Output">Standard output: the product only.</param>
/// <param name="Error">Standard error: diagnostics, progress and people's text.</param>
/// <param name="Environment">Environment variables.</param>
/// <param name="Folder">Absolute path of the working folder.</param>
/// <param name="ErrorIsTerminal">Whether standard error is a terminal that a person watches.</param>
public sealed record Terminal(
    Stream Input,
    Stream Output,
    TextWriter Error,
    ImmutableDictionary<string, string> Environment,
    string Folder,
    bool ErrorIsTerminal)
{
    /// <summary>Whether to colour: a terminal, unless <c>NO_COLOR</c> is set (no-color.org) or <c>TERM</c> is <c>dumb</c>.</summary>
    public bool UsesColor =>
        ErrorIsTerminal && Variable("NO_COLOR") is null && Variable("TERM") is not "dumb";

    /// <summary>Whether to redraw progress in place: a terminal, and not a CI job.</summary>
    public bool ShowsLiveProgress => UsesColor && Variable("CI") is null;

    /// <summary>Where nixgen keeps what it can do without: <c>$XDG_CACHE_HOME/nixgen</c> (XDG Base Directory Specification); null without a home.</summary>
    public string? CacheFolder =>
        Variable("XDG_CACHE_HOME") is { } cache && Path.IsPathFullyQualified(cache) ? Path.Combine(cache, "nixgen")
        : Variable("HOME") is { } home && Path.IsPathFullyQualified(home) ? Path.Combine(home, ".cache", "nixgen")
        : null;

    /// <summary>A variable's value; null where it is unset or empty.</summary>
    public string? Variable(string name) =>
        Environment.TryGetValue(name, out var value) && value.Length > 0 ? value : null;

    /// <summary>Makes a path absolute against the working folder.</summary>
    public string Absolute(string path) => Path.GetFullPath(path, Folder);

    /// <summary>The console of this process.</summary>
    public static Terminal OfProcess()
    {
        var variables = ImmutableDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (System.Collections.DictionaryEntry entry in System.Environment.GetEnvironmentVariables())
        {
            if (entry is { Key: string name, Value: string value })
            {
                variables[name] = value;
            }
        }

        return new(
            Console.OpenStandardInput(),
            Console.OpenStandardOutput(),
            Console.Error,
            variables.ToImmutable(),
            System.Environment.CurrentDirectory,
            !Console.IsErrorRedirected);
    }
}

using System.Collections.Immutable;

namespace NixGen.Sources;

/// <summary>What resolving may know of the machine: the environment's variables, taken once by the command line.</summary>
/// <param name="Variables">Variables by name; never shown, since they hold tokens.</param>
public sealed record HostEnvironment(ImmutableDictionary<string, string> Variables)
{
    /// <summary>A machine without variables.</summary>
    public static HostEnvironment Empty { get; } = new(ImmutableDictionary<string, string>.Empty);

    /// <summary>A variable's value, or null where it is unset or empty.</summary>
    public string? Variable(string name) =>
        Variables.TryGetValue(name, out var value) && value.Length > 0 ? value : null;

    /// <summary>The user's home folder, or null where <c>HOME</c> says nothing.</summary>
    public string? HomeFolder => Variable("HOME");

    /// <summary>The folder for caches by the XDG base directory specification: <c>XDG_CACHE_HOME</c> where it is absolute, else <c>~/.cache</c>; null without a home.</summary>
    public string? CacheFolder =>
        Variable("XDG_CACHE_HOME") is { } stated && Path.IsPathRooted(stated)
            ? stated
            : HomeFolder is { } home ? Path.Combine(home, ".cache") : null;

    /// <summary>A path with a leading <c>~</c> and <c>$NAME</c> or <c>${NAME}</c> replaced, as the Hub's own client does for its variables.</summary>
    public string Expand(string path)
    {
        var expanded = HomeFolder is { } home && (path == "~" || path.StartsWith("~/", StringComparison.Ordinal))
            ? home + path[1..]
            : path;
        return ExpandVariables(expanded);
    }

    private string ExpandVariables(string path)
    {
        var output = new System.Text.StringBuilder();
        for (var i = 0; i < path.Length; i++)
        {
            if (path[i] != '$' || NameAt(path, i + 1) is not var (name, end) || !Variables.TryGetValue(name, out var value))
            {
                output.Append(path[i]);
                continue;
            }

            output.Append(value);
            i = end - 1;
        }

        return output.ToString();
    }

    private static (string Name, int End)? NameAt(string path, int start)
    {
        var braced = start < path.Length && path[start] == '{';
        var begin = braced ? start + 1 : start;
        var end = begin;
        while (end < path.Length && (char.IsAsciiLetterOrDigit(path[end]) || path[end] == '_'))
        {
            end++;
        }

        if (end == begin || (braced && (end == path.Length || path[end] != '}')))
        {
            return null;
        }

        return (path[begin..end], braced ? end + 1 : end);
    }
}

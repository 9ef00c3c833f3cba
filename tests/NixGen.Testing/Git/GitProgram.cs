namespace NixGen.Testing.Git;

/// <summary>The real git, with nothing of this machine's configuration.</summary>
public static class GitProgram
{
    /// <summary>Takes away every variable and file that tells git of its user, and names one.</summary>
    /// <param name="environment">Where variables are set.</param>
    /// <param name="home">A folder that stands for the home.</param>
    public static void Isolate(IDictionary<string, string?> environment, string home)
    {
        foreach (var name in environment.Keys.Where(name => name.StartsWith("GIT_", StringComparison.Ordinal)).ToList())
            environment.Remove(name);
        environment["HOME"] = home;
        environment["XDG_CONFIG_HOME"] = Path.Combine(home, ".config");
        environment["GIT_CONFIG_NOSYSTEM"] = "1";
        environment["GIT_TERMINAL_PROMPT"] = "0";
        environment["GIT_ASKPASS"] = "true";
        environment["LC_ALL"] = "C";
        foreach (var (role, stamp) in new[] { ("AUTHOR", "1700000000 +0000"), ("COMMITTER", "1700000000 +0000") })
        {
            environment[$"GIT_{role}_NAME"] = "Somebody";
            environment[$"GIT_{role}_EMAIL"] = "somebody@example.org";
            environment[$"GIT_{role}_DATE"] = stamp;
        }
    }

    /// <summary>Runs git to its end; it must succeed.</summary>
    /// <param name="folder">Its working folder.</param>
    /// <param name="home">A folder that stands for the home.</param>
    /// <param name="arguments">Its arguments.</param>
    public static Task<string> RunAsync(string folder, string home, params string[] arguments) => RunAsync(folder, home, "", arguments);

    /// <summary>Runs git to its end with something to read; it must succeed.</summary>
    public static async Task<string> RunAsync(string folder, string home, string input, string[] arguments)
    {
        var result = await TryAsync(folder, home, input, arguments);
        return result.OrThrow($"git {string.Join(' ', arguments)}").Output.TrimEnd('\n');
    }

    /// <summary>Runs git to its end, however it ends.</summary>
    public static Task<ProcessResult> TryAsync(string folder, string home, string input, string[] arguments)
    {
        var environment = Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>()
            .ToDictionary(entry => (string)entry.Key, entry => (string?)entry.Value, StringComparer.Ordinal);
        Isolate(environment, home);
        return ProcessRunner.RunAsync("git", arguments, environment, input, folder, clean: true);
    }
}

using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using NixGen.Files;
using NixGen.Sources;
using NixGen.Sources.GitLfs;

namespace NixGen.Resolve.Git;

/// <summary>The variables and the configuration that git gets: the user's credential helpers, proxies and certificates, and nothing else of theirs.</summary>
/// <param name="options">Limits of time.</param>
/// <param name="environment">The machine's variables.</param>
internal sealed class GitSettings(UpstreamOptions options, HostEnvironment environment)
{
    /// <summary>Which of the user's settings are taken over. Values of <c>credential.*</c> may name programs: that is how git is told of credentials.</summary>
    public const string UserKeys = "^(credential\\..*|http\\.(.*\\.)?(proxy|proxyauthmethod|sslcainfo|sslcapath))$";

    // Answers once, for the one server that the password is for.
    private const string TokenHelper =
        "!f() { test \"$1\" = get || exit 0; a=; b=; while read -r line; do case $line in \"protocol=$NIXGEN_GIT_PROTOCOL\") a=1 ;; \"host=$NIXGEN_GIT_HOST\") b=1 ;; esac; done; "
        + "test \"$a$b\" = 11 && printf 'username=%s\\npassword=%s\\n' \"$NIXGEN_GIT_USER\" \"$NIXGEN_GIT_PASSWORD\"; }; f";

    // What of the user's variables git and its helpers may see: not those that say which repository, index or objects to use.
    private static readonly ImmutableHashSet<string> _gitVariables =
        ["GIT_SSH", "GIT_SSH_COMMAND", "GIT_SSH_VARIANT", "GIT_SSL_CAINFO", "GIT_SSL_CAPATH", "GIT_PROXY_SSL_CAINFO", "GIT_HTTP_PROXY_AUTHMETHOD"];

    /// <summary>The path of a program, or null.</summary>
    public string? Find(string program) =>
        (environment.Variable("PATH") ?? Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    /// <summary>A variable of the user's.</summary>
    public string? Variable(string name) => environment.Variable(name);

    /// <summary>The user's variables, for reading the user's configuration: outside of any repository.</summary>
    public Dictionary<string, string> OfUser()
    {
        var variables = environment.Variables
            .Where(entry => !entry.Key.StartsWith("GIT_", StringComparison.Ordinal) || entry.Key.StartsWith("GIT_CONFIG", StringComparison.Ordinal) || _gitVariables.Contains(entry.Key))
            .ToDictionary(entry => entry.Key, entry => entry.Value, StringComparer.Ordinal);
        variables["PATH"] = environment.Variable("PATH") ?? Environment.GetEnvironmentVariable("PATH") ?? "";
        variables["LC_ALL"] = "C";
        variables["GIT_CEILING_DIRECTORIES"] = "/";
        return variables;
    }

    /// <summary>The variables of a repository's git.</summary>
    /// <param name="folder">The repository.</param>
    /// <param name="access">Its remote.</param>
    /// <param name="taken">Keys and values of the user's configuration that are taken over.</param>
    public Dictionary<string, string> Of(string folder, GitAccess access, IEnumerable<(string Key, string Value)> taken)
    {
        var variables = OfUser();
        foreach (var name in variables.Keys.Where(name => name.StartsWith("GIT_CONFIG", StringComparison.Ordinal) || name is "SSH_ASKPASS").ToArray())
        {
            variables.Remove(name);
        }

        var url = new Uri(access.Address);
        variables["GIT_DIR"] = folder;
        variables["GIT_CONFIG_NOSYSTEM"] = "1";
        variables["GIT_CONFIG_GLOBAL"] = Path.Combine(folder, "nixgen-config");
        variables["GIT_ATTR_NOSYSTEM"] = "1";
        variables["GIT_TERMINAL_PROMPT"] = "0";
        variables["GCM_INTERACTIVE"] = "never";
        variables["GIT_NO_LAZY_FETCH"] = "1";
        variables["GIT_ALLOW_PROTOCOL"] = url.Scheme;
        if (!variables.ContainsKey("GIT_SSH") && !variables.ContainsKey("GIT_SSH_COMMAND"))
        {
            variables["GIT_SSH_COMMAND"] = string.Create(CultureInfo.InvariantCulture, $"ssh -o BatchMode=yes -o ConnectTimeout={(int)options.ConnectTimeout.TotalSeconds} -o ServerAliveInterval=15");
        }

        AddSettings(variables, access, taken);
        if (access.Password is { } token)
        {
            (variables["NIXGEN_GIT_USER"], variables["NIXGEN_GIT_PASSWORD"]) = GitCredentials.Split(token);
            variables["NIXGEN_GIT_PROTOCOL"] = url.Scheme;
            variables["NIXGEN_GIT_HOST"] = url.Authority;
        }

        return variables;
    }

    /// <summary>Writes the configuration that holds no secret.</summary>
    public void Write(string folder)
    {
        var stall = (int)Math.Max(1, options.StallTimeout.TotalSeconds);
        var text = string.Create(CultureInfo.InvariantCulture, $"""
            [core]
                hooksPath = /dev/null
                fsmonitor = false
            [fetch]
                unpackLimit = 1
                recurseSubmodules = false
            [gc]
                auto = 0
            [http]
                followRedirects = initial
                lowSpeedLimit = 1
                lowSpeedTime = {stall}
            [log]
                showSignature = false
            [maintenance]
                auto = false
            [safe]
                directory = *
            [submodule]
                recurse = false
            [uploadpack]
                allowFilter = true
                allowAnySHA1InWant = true

            """);
        AtomicFile.WritePrivate(Path.Combine(folder, "nixgen-config"), Encoding.UTF8.GetBytes(text));
    }

    // In variables, since what the user's own configuration holds may be secret.
    private void AddSettings(Dictionary<string, string> variables, GitAccess access, IEnumerable<(string Key, string Value)> taken)
    {
        var settings = new List<(string Key, string Value)>();
        if (environment.Variable("SSL_CERT_FILE") is { } certificates && environment.Variable("GIT_SSL_CAINFO") is null)
        {
            settings.Add(("http.sslCAInfo", certificates));
        }

        settings.AddRange(taken.Where(entry => access.Password is null || !entry.Key.StartsWith("credential.", StringComparison.OrdinalIgnoreCase)));
        settings.Add(("credential.interactive", "false"));
        if (access.Password is not null)
        {
            settings.Add(("credential.helper", TokenHelper));
        }

        for (var i = 0; i < settings.Count; i++)
        {
            (variables[$"GIT_CONFIG_KEY_{i}"], variables[$"GIT_CONFIG_VALUE_{i}"]) = settings[i];
        }

        variables["GIT_CONFIG_COUNT"] = settings.Count.ToString(CultureInfo.InvariantCulture);
    }
}

namespace NixGen.Testing;

/// <summary>The settings that every Nix of the tests has, in the words of <c>nix.conf</c>.</summary>
internal static class NixSettings
{
    /// <summary>Sandboxed builds, and nothing from elsewhere.</summary>
    /// <remarks>
    /// The paths of the sandbox are mounted writable, and Nix makes mount points in them: <c>/etc</c> must never be among them.
    /// </remarks>
    /// <param name="usesBuildUsers">Whether builds run as the users of <c>nixbld</c>.</param>
    /// <param name="features">Experimental features beside commands and flakes.</param>
    public static string Text(bool usesBuildUsers, string features = "") => $"""
        experimental-features = nix-command flakes {features}
        sandbox = true
        sandbox-paths = /bin /usr /lib /lib64 /etc/alternatives /etc/ld.so.cache
        substitute = false
        substituters =
        build-users-group = {(usesBuildUsers ? "nixbld" : "")}
        flake-registry =
        warn-dirty = false
        max-jobs = 2
        builders =
        connect-timeout = 2
        """;

    /// <summary>Whether builds run as the users of <c>nixbld</c>: without them, root's builds would run as root and could write the machine's own <c>/usr</c>.</summary>
    public static bool UsesBuildUsers(NixCommand command) =>
        command.IsPrivileged && (HasBuildUsers ? true : throw new InvalidOperationException("Run by root, Nix builds as users of the group nixbld, which this machine lacks; tests/run makes it."));

    private static bool HasBuildUsers { get; } = File.ReadLines("/etc/group").Any(line => line.StartsWith("nixbld:", StringComparison.Ordinal));
}

namespace NixGen.Testing;

/// <summary>A <c>nix</c>, and the user that runs it.</summary>
/// <param name="Name">What tests call it.</param>
/// <param name="Program">A path, or a name on PATH.</param>
/// <param name="User">The number of a user that has no rights, as which root runs it; null is the user of the tests.</param>
public sealed record NixCommand(string Name, string Program, int? User = null)
{
    // Belongs to nobody: Debian gives numbers from here on to no package and no login.
    private const int UserWithoutRights = 61_999;

    /// <summary>The installed one, or what <c>NIXGEN_TEST_NIX</c> names.</summary>
    public static NixCommand Default { get; } =
        new("installed", Environment.GetEnvironmentVariable("NIXGEN_TEST_NIX") is { Length: > 0 } other ? other : "nix");

    /// <summary>The default one, and those of Debian's newer suites that <c>tests/run</c> has unpacked in this checkout.</summary>
    public static IReadOnlyList<NixCommand> Found { get; } =
    [
        Default,
        .. new[] { "nix-trixie", "nix-sid" }
            .Select(name => new NixCommand(name, Path.Combine(Checkout.Root, "artifacts", name, "nix")))
            .Where(command => File.Exists(command.Program)),
    ];

    /// <summary>Whether it runs as root.</summary>
    public bool IsPrivileged => User is null && Environment.IsPrivilegedProcess;

    /// <summary>The same, run as a user that has no rights. For root only.</summary>
    public NixCommand WithoutRights() => this with { User = UserWithoutRights };

    /// <summary>The program and arguments that run it.</summary>
    /// <param name="arguments">Those of <c>nix</c>.</param>
    /// <param name="checkout">Where that user sees the checkout, wherever it is.</param>
    internal (string Program, IReadOnlyList<string> Arguments) Line(IReadOnlyList<string> arguments, string checkout) => User is not { } user
        ? (Program, arguments)
        : ("unshare",
        [
            "--mount", "--", "sh", "-euc", """mount --bind "$1" "$2"; shift 2; exec "$@" """, "sh", Checkout.Root, checkout,
            "setpriv", $"--reuid={user}", $"--regid={user}", "--clear-groups", "--no-new-privs", "--",
            In(checkout, Program), .. arguments,
        ]);

    /// <summary>A path of the checkout as its user sees it.</summary>
    internal string In(string checkout, string path) =>
        User is not null && path.StartsWith(Checkout.Root + "/", StringComparison.Ordinal) ? checkout + path[Checkout.Root.Length..] : path;
}

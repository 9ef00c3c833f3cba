using System.Diagnostics;
using System.Text.Json;

namespace NixGen.Testing;

/// <summary>
/// Real Nix with a store of its own: builds are sandboxed, nothing is substituted, and no setting or store of the machine
/// is used or changed. Store paths are those of every other machine; their files lie below <see cref="Root"/>.
/// </summary>
/// <remarks>
/// Works as root (builds then run as users of <c>nixbld</c>) and as any other user.
/// </remarks>
public sealed class NixSandbox : IDisposable
{
    private const string StoreFolder = "/nix/store/";
    private readonly HostFiles hostFiles = HostFiles.Remember();
    private readonly NixCommand command;
    private readonly string home;
    private readonly string checkout;
    private readonly string features;
    private int expressions;

    private NixSandbox(NixCommand command, string root, string features)
    {
        this.command = command;
        this.features = features;
        Root = root;
        home = Path.Combine(root, "home");
        checkout = Path.Combine(home, "checkout");
        var owner = command.User is { } user ? new[] { "--owner", $"{user}", "--group", $"{user}" } : [];
        using var install = Process.Start("install", ["--directory", "--mode", "755", .. owner, root, home, checkout]);
        install.WaitForExit();
        if (install.ExitCode != 0)
            throw new InvalidOperationException($"{root} can't be made.");
    }

    /// <summary>The store's root: <c>/nix/store/X</c> is <c>{Root}/nix/store/X</c>.</summary>
    public string Root { get; }

    /// <summary>The paths in the store, without the folder.</summary>
    public IReadOnlyList<string> StoreNames =>
        Directory.Exists(Root + StoreFolder)
            ? [.. Directory.EnumerateFileSystemEntries(Root + StoreFolder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)]
            : [];

    /// <summary>Makes an empty store.</summary>
    /// <param name="command">The <c>nix</c> to use; <see cref="NixCommand.Default"/> by default.</param>
    /// <param name="features">Experimental features beside commands and flakes.</param>
    public static NixSandbox Create(NixCommand? command = null, string features = "")
    {
        command ??= NixCommand.Default;
        return new NixSandbox(command, Path.Combine(ParentOf(command), "nixgen-" + Path.GetRandomFileName()), features);
    }

    /// <summary>Where stores can be: root's Nix refuses those below folders that everybody may write, such as <c>/tmp</c>, where a home may lie too.</summary>
    internal static string ParentOf(NixCommand command) =>
        command.IsPrivileged ? "/var/cache/nixgen-tests"
        : command.User is not null ? "/var/tmp"
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache", "nixgen-tests");

    /// <summary>Runs <c>nix</c> with arguments as they are, on this store.</summary>
    public async Task<ProcessResult> RunAsync(IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string>? variables = null)
    {
        using var turn = arguments[0] == "build" && UsesBuildUsers ? await BuildTurn.TakeAsync() : null;
        var (program, line) = command.Line([.. arguments, "--store", Root], checkout);
        return await ProcessRunner.RunAsync(
            program,
            line,
            [.. Variables(), .. (variables ?? new Dictionary<string, string>()).Select(pair => KeyValuePair.Create(pair.Key, (string?)pair.Value))],
            folder: home,
            clean: true);
    }

    /// <summary>Runs a program where this store is the machine's own, at <c>/nix</c>: as it would run for who has installed it.</summary>
    public async Task<ProcessResult> RunInsideAsync(string program, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string?>? variables = null)
    {
        using var turn = UsesBuildUsers ? await BuildTurn.TakeAsync() : null;
        return await ProcessRunner.RunAsync(
            "unshare",
            [
                .. command.IsPrivileged ? [] : new[] { "--map-root-user" },
                "--mount", "--", "sh", "-euc", """mkdir -p /nix "$1"; mount --bind "$1" /nix; shift; exec "$@" """, "sh", Root + "/nix",
                program, .. arguments,
            ],
            [.. Variables(), .. variables ?? new Dictionary<string, string?>()],
            folder: home,
            clean: true);
    }

    /// <summary>Builds; the result tells whether it worked.</summary>
    public Task<ProcessResult> TryBuildAsync(NixTarget target, IReadOnlyDictionary<string, string>? variables = null, IEnumerable<string>? options = null) =>
        RunAsync(["build", .. Arguments(target), "--no-link", "--json", "-L", .. options ?? []], variables);

    /// <summary>Builds and returns the store path of the output.</summary>
    public async Task<string> BuildAsync(NixTarget target, IReadOnlyDictionary<string, string>? variables = null)
    {
        var result = (await TryBuildAsync(target, variables)).OrThrow($"Building {target}");
        using var json = JsonDocument.Parse(result.Output);
        return json.RootElement[0].GetProperty("outputs").EnumerateObject().First().Value.GetString()
            ?? throw new InvalidOperationException($"{target} has no output.");
    }

    /// <summary>Evaluates; the result tells whether it worked, and has JSON on stdout.</summary>
    public Task<ProcessResult> TryEvalAsync(NixTarget target, IReadOnlyDictionary<string, string>? variables = null) =>
        RunAsync(["eval", .. Arguments(target), "--json"], variables);

    /// <summary>Evaluates to JSON.</summary>
    public async Task<JsonElement> EvalAsync(NixTarget target)
    {
        var result = (await TryEvalAsync(target)).OrThrow($"Evaluating {target}");
        using var json = JsonDocument.Parse(result.Output);
        return json.RootElement.Clone();
    }

    /// <summary>The store paths that an output needs at run time, itself among them.</summary>
    public async Task<IReadOnlyList<string>> ClosureAsync(string storePath)
    {
        var result = (await RunAsync(["path-info", "--recursive", storePath])).OrThrow("nix path-info");
        return result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>What a derivation or output said while it was built.</summary>
    public async Task<string> LogAsync(string storePath) => (await RunAsync(["log", storePath])).OrThrow("nix log").Output;

    /// <summary>Where a path of the store is on this machine; links into the store are followed within it.</summary>
    public string Physical(string storePath)
    {
        var path = Root + storePath;
        return new FileInfo(path).LinkTarget is not { } target ? path
            : target.StartsWith(StoreFolder, StringComparison.Ordinal) ? Physical(target)
            : Physical(Path.GetFullPath(Path.Combine(Path.GetDirectoryName(storePath) ?? "/", target)));
    }

    /// <summary>Every file, folder and link below a store path: <c>path/</c>, <c>path -> target</c> or <c>path</c>, in ordinal order.</summary>
    public IReadOnlyList<string> Listing(string storePath)
    {
        var top = Root + storePath;
        return
        [
            .. new DirectoryInfo(top).EnumerateFileSystemInfos("*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None })
                .Select(entry => (entry, name: Path.GetRelativePath(top, entry.FullName)))
                .Select(pair => pair.entry.LinkTarget is { } target ? $"{pair.name} -> {target}" : pair.entry is DirectoryInfo ? pair.name + "/" : pair.name)
                .Order(StringComparer.Ordinal),
        ];
    }

    /// <summary>Takes the store away, and fails if a file of the machine itself was harmed meanwhile.</summary>
    public void Dispose()
    {
        ReadOnlyTree.Delete(Root);
        hostFiles.ThrowIfHarmed();
    }

    private IEnumerable<string> Arguments(NixTarget target) =>
        (target is NixTarget.Expression expression ? new NixTarget.File(WriteExpression(expression.Text)) : target).Arguments(StubNixpkgs);

    private string WriteExpression(string text)
    {
        var path = Path.Combine(home, $"expression-{Interlocked.Increment(ref expressions)}.nix");
        File.WriteAllText(path, text);
        return path;
    }

    private Dictionary<string, string?> Variables() => new(StringComparer.Ordinal)
    {
        ["PATH"] = Environment.GetEnvironmentVariable("PATH"),
        ["HOME"] = home,
        ["USER"] = "nixgen-tests",
        ["NIX_PATH"] = "nixpkgs=" + StubNixpkgs,
        ["NIX_CONFIG"] = NixSettings.Text(UsesBuildUsers, features),
    };

    private string StubNixpkgs => command.In(checkout, Checkout.StubNixpkgs);

    private bool UsesBuildUsers => NixSettings.UsesBuildUsers(command);
}

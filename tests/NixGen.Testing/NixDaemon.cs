using System.Diagnostics;
using System.Net.Sockets;
using System.Text;

namespace NixGen.Testing;

/// <summary>
/// Nix for many users: a daemon with a store, a socket, a <c>nix.conf</c> and an environment of its own, and clients that
/// reach the store through the socket alone. No daemon, setting or store of the machine is used or changed.
/// </summary>
/// <remarks>
/// Run by root, the daemon builds as the users of <c>nixbld</c>, and clients run as a user without rights, as on a machine
/// with several people. Run by anybody else, daemon and clients have one user and differ in their environment.
/// </remarks>
public sealed class NixDaemon : IAsyncDisposable
{
    // The daemon ends with its input, so that it can't outlive the tests, whatever ends them.
    private const string UntilInputEnds = """
        exec 3<&0
        "$@" 3<&- & daemon=$!
        { read -r line <&3; kill "$daemon" 2>/dev/null; } &
        exec 3<&-
        wait "$daemon"
        """;

    private readonly HostFiles hostFiles = HostFiles.Remember();
    private readonly Dictionary<string, string> environment = new(StringComparer.Ordinal);
    private readonly List<string> openSettings = [];
    private readonly List<string> secretSettings = [];
    private readonly NixCommand command;
    private readonly NixCommand client;
    private Process? process;
    private Task<string> log = Task.FromResult("");

    private NixDaemon(NixCommand command, string root)
    {
        this.command = command;
        Root = root;
        client = command.IsPrivileged ? command.WithoutRights() : command;
        openSettings.Add(NixSettings.Text(UsesBuildUsers));
        // Logs can be searched.
        openSettings.Add("compress-build-log = false");
        openSettings.Add("!include secret.conf");
    }

    /// <summary>The folder that holds everything of this Nix.</summary>
    public string Root { get; }

    /// <summary>The store's root: <c>/nix/store/X</c> is <c>{Store}/nix/store/X</c>.</summary>
    public string Store => Path.Combine(Root, "store");

    /// <summary>Makes the folders; the daemon is not started yet.</summary>
    /// <param name="command">The <c>nix</c> of the daemon, with the daemon's user.</param>
    public static async Task<NixDaemon> CreateAsync(NixCommand command)
    {
        var daemon = new NixDaemon(command, Path.Combine(NixSandbox.ParentOf(command), "daemon-" + Path.GetRandomFileName()));
        await InstallFoldersAsync(command, daemon.Root, daemon.Store, daemon.At("home"), daemon.At("home/checkout"), daemon.At("conf"), daemon.At("files"));
        await InstallFoldersAsync(daemon.client, daemon.At("client"), daemon.At("client/checkout"));
        return daemon;
    }

    /// <summary>Sets a variable of the daemon.</summary>
    public void Set(string variable, string value) => environment[variable] = value;

    /// <summary>Adds a line of <c>nix.conf</c>, which the clients read too.</summary>
    public void Configure(string setting) => openSettings.Add(setting);

    /// <summary>Adds a line of a file that <c>nix.conf</c> includes and only the daemon's user can read.</summary>
    public void ConfigureSecretly(string setting) => secretSettings.Add(setting);

    /// <summary>Writes a file of the daemon's machine, which everybody on it can read; returns its path.</summary>
    public async Task<string> WriteAsync(string name, string content)
    {
        var path = At($"files/{name}");
        await InstallAsync(path, content, "644");
        return path;
    }

    /// <summary>Lets builds see a file that <see cref="WriteAsync"/> made.</summary>
    /// <param name="file">Its path. Nix mounts it writable, so no file of the machine itself is taken.</param>
    /// <param name="seenAt">Where builds see it; at the same path by default.</param>
    public void ShowToBuilds(string file, string? seenAt = null)
    {
        if (!file.StartsWith(At("files/"), StringComparison.Ordinal) || !File.Exists(file))
            throw new ArgumentException($"{file} is not a file of this daemon.", nameof(file));
        openSettings.Add($"extra-sandbox-paths = {(seenAt is null ? file : $"{seenAt}={file}")}");
    }

    /// <summary>Starts it; returns when it takes connections.</summary>
    public async Task StartAsync()
    {
        await InstallAsync(At("conf/nix.conf"), string.Join('\n', openSettings) + "\n", "644");
        await InstallAsync(At("conf/secret.conf"), string.Join('\n', secretSettings) + "\n", "600");
        var (program, arguments) = command.Line(["daemon", "--store", Store], At("home/checkout"));
        var start = new ProcessStartInfo("sh", ["-uc", UntilInputEnds, "sh", program, .. arguments])
        {
            WorkingDirectory = Root,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardError = true,
        };
        start.Environment.Clear();
        foreach (var (name, value) in environment.Concat(Variables("home", command)))
            start.Environment[name] = value;
        start.Environment["NIX_DAEMON_SOCKET_PATH"] = Socket;
        process = Process.Start(start) ?? throw new InvalidOperationException("The daemon can't be started.");
        log = process.StandardError.ReadToEndAsync();
        for (var patience = Stopwatch.StartNew(); !await AnswersAsync();)
        {
            if (process.HasExited || patience.Elapsed > ProcessRunner.Patience)
                throw new InvalidOperationException($"The daemon of {command.Name} takes no connections:\n{await StopAsync()}");
            await Task.Delay(20);
        }
    }

    /// <summary>Which Nix this is.</summary>
    public async Task<Version> VersionAsync()
    {
        var (program, arguments) = command.Line(["--version"], At("home/checkout"));
        var said = (await ProcessRunner.RunAsync(program, arguments, Variables("home", command).Select(Optional))).OrThrow("nix --version").Output;
        return Version.Parse(said.Trim().Split(' ')[^1]);
    }

    /// <summary>Builds as a client; the result tells whether it worked.</summary>
    /// <param name="target">What to build.</param>
    /// <param name="variables">Variables of the client.</param>
    public async Task<ProcessResult> TryBuildAsync(NixTarget target, IReadOnlyDictionary<string, string>? variables = null)
    {
        using var turn = UsesBuildUsers ? await BuildTurn.TakeAsync() : null;
        var checkout = At("client/checkout");
        var (program, arguments) = client.Line(
            ["build", .. target.Arguments(client.In(checkout, Checkout.StubNixpkgs)), "--no-link", "--json", "-L", "--store", $"unix://{Socket}?root={Store}"],
            checkout);
        return await ProcessRunner.RunAsync(
            program,
            arguments,
            Variables("client", client)
                .Append(new("NIX_PATH", "nixpkgs=" + client.In(checkout, Checkout.StubNixpkgs)))
                .Concat(variables ?? new Dictionary<string, string>())
                .Select(Optional),
            folder: At("client"),
            clean: true);
    }

    /// <summary>Ends it; returns what it said.</summary>
    public async Task<string> StopAsync()
    {
        if (process is null)
            return await log;
        process.StandardInput.Close();
        using var patience = new CancellationTokenSource(ProcessRunner.Patience);
        await process.WaitForExitAsync(patience.Token);
        process.Dispose();
        process = null;
        // What serves a connection holds the log too: it ends only when they all have.
        return await log.WaitAsync(patience.Token);
    }

    /// <summary>Whether a file of the store, a log of a build or the daemon's state holds a text. The daemon must have ended.</summary>
    public bool Keeps(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return new DirectoryInfo(Store)
            .EnumerateFiles("*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None })
            .Any(file => file.LinkTarget is null && Read(file).AsSpan().IndexOf(bytes) >= 0);
    }

    // Nix's own processes may still end, and hold locks that stop no reader but .NET's usual one.
    private static byte[] Read(FileInfo file)
    {
        using var content = file.Open(FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var bytes = new MemoryStream();
        content.CopyTo(bytes);
        return bytes.ToArray();
    }

    /// <summary>Ends the daemon and takes everything away, and fails if a file of the machine itself was harmed meanwhile.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        ReadOnlyTree.Delete(Root);
        hostFiles.ThrowIfHarmed();
    }

    private string Socket => At("socket");

    private bool UsesBuildUsers => NixSettings.UsesBuildUsers(command);

    private string At(string relative) => Path.Combine(Root, relative);

    private async Task<bool> AnswersAsync()
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(Socket));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private IEnumerable<KeyValuePair<string, string>> Variables(string home, NixCommand user) =>
    [
        new("PATH", Environment.GetEnvironmentVariable("PATH") ?? ""),
        new("HOME", At(home)),
        // An account that no list of users names has only this one.
        new("USER", user.IsPrivileged ? "root" : "nixgen-tests"),
        new("NIX_CONF_DIR", At("conf")),
    ];

    private static KeyValuePair<string, string?> Optional(KeyValuePair<string, string> variable) => new(variable.Key, variable.Value);

    private static Task InstallFoldersAsync(NixCommand owner, params string[] paths) => InstallAsync(["--directory", "--mode", "755", .. Owner(owner), .. paths], "");

    private Task InstallAsync(string path, string content, string mode) => InstallAsync(["--mode", mode, .. Owner(command), "/dev/stdin", path], content);

    private static async Task InstallAsync(IReadOnlyList<string> arguments, string content) =>
        (await ProcessRunner.RunAsync("install", arguments, input: content)).OrThrow("install");

    private static string[] Owner(NixCommand owner) => owner.User is { } user ? ["--owner", $"{user}", "--group", $"{user}"] : [];
}

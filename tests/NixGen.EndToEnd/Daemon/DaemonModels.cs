using System.Net;
using NixGen.EndToEnd.Acceptance;
using NixGen.EndToEnd.Versions;
using NixGen.Testing;
using NixGen.Testing.Hub;
using Xunit;

namespace NixGen.EndToEnd.Daemon;

/// <summary>
/// Models that are built through daemons, each with content of its own, so that no build finds what another fetched: gated
/// ones of a Hub, and open ones of a Hub with a certificate that nobody knows, once by its address and once by a name that
/// only a proxy knows.
/// </summary>
public sealed class DaemonModels : IAsyncLifetime
{
    /// <summary>The token that opens the gated models.</summary>
    public const string Token = "hf_TheTokenOfAlice0123456789";

    /// <summary>Where builds see a file that holds the token.</summary>
    public const string TokenFile = "/run/secrets/nixgen-tests-token";

    /// <summary>Where builds see a netrc file that holds it.</summary>
    public const string NetrcFile = "/run/secrets/nixgen-tests-netrc";

    private const string ProxiedHost = "hub.invalid";

    private readonly LoopbackCertificates certificates = LoopbackCertificates.Create(ProxiedHost);
    private readonly LoopbackHub hub;
    private readonly LoopbackHub secureHub;
    private readonly LoopbackProxy proxy;
    private readonly Workbench bench;

    public DaemonModels()
    {
        hub = LoopbackHub.StartAsync().GetAwaiter().GetResult();
        secureHub = LoopbackHub.StartAsync(certificates.Server).GetAwaiter().GetResult();
        proxy = new LoopbackProxy(new Dictionary<string, IPEndPoint>(StringComparer.Ordinal)
        {
            [$"{ProxiedHost}:443"] = EndPointOf(secureHub.Url),
            [new Uri(secureHub.CdnUrl).Authority] = EndPointOf(secureHub.CdnUrl),
        });
        bench = new Workbench(hub);
    }

    /// <summary>The Hub of the gated models.</summary>
    public LoopbackHub Hub => hub;

    /// <summary>The proxy that knows the other Hub by its name.</summary>
    public LoopbackProxy Proxy => proxy;

    /// <summary>The certificates that the other Hub is known by, as PEM.</summary>
    public string Authority => certificates.Authority;

    /// <summary>Every Nix at hand, with the user that runs the daemon.</summary>
    public static TheoryData<string, string> Daemons => NixVersionTests.Commands;

    /// <summary>A daemon that isn't started yet.</summary>
    public static Task<NixDaemon> CreateAsync(string nix, string user) => NixDaemon.CreateAsync(NixVersionTests.CommandOf(nix, user));

    /// <summary>What is built of a model.</summary>
    public NixTarget Target(string model) => new NixTarget.File(bench.PathOf("out"), model);

    public async Task InitializeAsync()
    {
        hub.AddToken(new HubToken(Token, "alice"));
        foreach (var name in new[] { "own-variable", "usual-variable", "token-file", "netrc-file", "impure-env" })
        {
            var repository = Add(hub, name);
            repository.Gate = HubGate.Manual;
            repository.GateGranted.Add("alice");
        }

        Add(secureHub, "secure");
        Add(secureHub, "proxied");
        bench.Write("models.yaml", $$"""
            version: 1
            models:
              own-variable: { source: hf:example/own-variable, auth: { tokenEnvVar: MY_TOKEN } }
              usual-variable: hf:example/usual-variable
              token-file: { source: hf:example/token-file, auth: { tokenFile: {{TokenFile}} } }
              netrc-file: { source: hf:example/netrc-file, auth: { netrcFile: {{NetrcFile}} } }
              impure-env: { source: hf:example/impure-env, auth: { tokenEnvVar: MY_TOKEN } }
              secure: { source: { huggingface: { repo: example/secure, endpoint: "{{secureHub.Url}}" } } }
              proxied: { source: { huggingface: { repo: example/proxied, endpoint: "https://{{ProxiedHost}}" } } }

            """);
        bench.Write("authority.pem", Authority);
        bench.Set("HF_TOKEN", Token);
        bench.Set("SSL_CERT_FILE", bench.PathOf("authority.pem"));
        bench.Set("https_proxy", proxy.Url);
        bench.Set("no_proxy", "127.0.0.1");
        (await bench.NixgenAsync("build", "--out", "out")).ShouldEndWith(0);

        // Another user is to read it, wherever the umask of this one stands.
        var everything = Directory.GetParent(bench.Folder)?.FullName ?? bench.Folder;
        (await ProcessRunner.RunAsync("chmod", ["-R", "a+rX", everything])).OrThrow("chmod");
    }

    public async Task DisposeAsync()
    {
        await proxy.DisposeAsync();
        await hub.DisposeAsync();
        await secureHub.DisposeAsync();
        certificates.Dispose();
        bench.Dispose();
    }

    private static HubRepository Add(LoopbackHub hub, string name)
    {
        var repository = hub.Add(new HubRepository($"example/{name}"));
        repository.Commit("Add", [HubFile.Text("config.json", $$"""{ "name": "{{name}}" }"""), HubFile.Lfs("model.bin", System.Text.Encoding.ASCII.GetBytes($"weights of {name}"))]);
        return repository;
    }

    private static IPEndPoint EndPointOf(string url) => IPEndPoint.Parse(new Uri(url).Authority);
}

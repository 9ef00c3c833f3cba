using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace NixGen.Testing.Hub;

/// <summary>
/// A Hugging Face Hub on this machine alone: repositories in memory, the Hub's API, redirects, errors and limits, and
/// beside it, on another host name, the CDN that serves LFS content. It can be told to fail, and it remembers every request.
/// </summary>
public sealed class LoopbackHub : IAsyncDisposable
{
    /// <summary>What a hash looks like where the Hub keeps it back.</summary>
    public static readonly string Redacted = new('*', 64);

    private readonly WebApplication app;
    private readonly ConcurrentDictionary<(HubRepositoryKind Kind, string Id), HubRepository> repositories = new(RepositoryComparer.Instance);
    private readonly ConcurrentDictionary<(HubRepositoryKind Kind, string Id), string> renames = new(RepositoryComparer.Instance);
    private readonly ConcurrentDictionary<string, HubToken> tokens = new(StringComparer.Ordinal);

    private LoopbackHub(X509Certificate2? certificate)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(options =>
        {
            options.AddServerHeader = false;
            options.Limits.MinResponseDataRate = null;
            options.Listen(IPAddress.Loopback, 0, Secure);
            // Another address, so that it is another host to every client: what must not leave the Hub would show here.
            options.Listen(IPAddress.Parse("127.0.0.2"), 0, Secure);
        });
        app = builder.Build();
        Cdn = new HubCdn(this);
        var pipeline = new HubPipeline(this);
        app.Run(pipeline.HandleAsync);

        void Secure(ListenOptions listen)
        {
            if (certificate is not null)
                listen.UseHttps(certificate);
        }
    }

    /// <summary>The Hub's address without a slash at its end: what <c>HF_ENDPOINT</c> is set to.</summary>
    public string Url { get; private set; } = "";

    /// <summary>The CDN's address, on another host.</summary>
    public string CdnUrl { get; private set; } = "";

    public HubCdn Cdn { get; }

    public HubRequestLog Log { get; } = new();

    public HubFaults Faults { get; } = new();

    public HubRateLimits RateLimits { get; } = new();

    /// <summary>Rows of a page of the tree.</summary>
    public int PageSize { get; set; } = 1000;

    /// <summary>Rows of a page of the tree with <c>expand=true</c>; the Hub's documents say both 50 and 100.</summary>
    public int ExpandedPageSize { get; set; } = 50;

    /// <summary>How many <c>siblings</c> a repository's page lists at most.</summary>
    public int SiblingsLimit { get; set; } = 1000;

    /// <summary>Whether text goes out compressed to clients that take it.</summary>
    public bool CompressesText { get; set; } = true;

    /// <summary>The origin in <c>Link: rel="next"</c> where it differs from <see cref="Url"/>, as behind a mirror; no slash at its end.</summary>
    public string? LinkOrigin { get; set; }

    /// <summary>Starts a Hub on free ports.</summary>
    /// <param name="certificate">With its key: the Hub and its CDN speak TLS; null is plain HTTP.</param>
    public static async Task<LoopbackHub> StartAsync(X509Certificate2? certificate = null)
    {
        var hub = new LoopbackHub(certificate);
        await hub.app.StartAsync();
        var addresses = hub.app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses;
        hub.Url = addresses.First(address => address.Contains("127.0.0.1", StringComparison.Ordinal));
        hub.CdnUrl = addresses.First(address => address.Contains("127.0.0.2", StringComparison.Ordinal));
        return hub;
    }

    /// <summary>Adds a repository; returns it.</summary>
    public HubRepository Add(HubRepository repository)
    {
        repositories[(repository.Kind, repository.Id)] = repository;
        return repository;
    }

    /// <summary>The repository of that id; it must be there.</summary>
    public HubRepository Find(string id, HubRepositoryKind kind = HubRepositoryKind.Model) =>
        Find(kind, id) ?? throw new ArgumentException($"There is no {kind} {id} on this Hub.", nameof(id));

    /// <summary>Takes a repository away, as an owner does who deletes it.</summary>
    public void Remove(HubRepository repository) => repositories.TryRemove((repository.Kind, repository.Id), out _);

    /// <summary>Lets an old id lead to a repository's present one.</summary>
    public void Rename(string oldId, HubRepository repository) => renames[(repository.Kind, oldId)] = repository.Id;

    public HubToken AddToken(HubToken token)
    {
        tokens[token.Value] = token;
        return token;
    }

    public void Revoke(HubToken token) => tokens.TryRemove(token.Value, out _);

    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        await app.StopAsync(patience.Token);
        await app.DisposeAsync();
    }

    internal HubToken? FindToken(string value) => tokens.GetValueOrDefault(value);

    /// <summary>The repository by its id in any letter case, or by an old name.</summary>
    internal HubRepository? Find(HubRepositoryKind kind, string id) =>
        repositories.TryGetValue((kind, id), out var found)
            ? found
            : renames.TryGetValue((kind, id), out var now) ? repositories.GetValueOrDefault((kind, now)) : null;

    internal static bool IsRedacted(HubExchange exchange, HubRepository repository) =>
        repository.RedactsHashes
        && (repository.Gate == HubGate.Open || HubAccess.ToDownload(repository, exchange.Token, exchange.PageOf(repository)) is not null);

    private sealed class RepositoryComparer : IEqualityComparer<(HubRepositoryKind Kind, string Id)>
    {
        public static readonly RepositoryComparer Instance = new();

        public bool Equals((HubRepositoryKind Kind, string Id) x, (HubRepositoryKind Kind, string Id) y) =>
            x.Kind == y.Kind && string.Equals(x.Id, y.Id, StringComparison.OrdinalIgnoreCase);

        public int GetHashCode((HubRepositoryKind Kind, string Id) obj) =>
            HashCode.Combine(obj.Kind, StringComparer.OrdinalIgnoreCase.GetHashCode(obj.Id));
    }
}

using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace NixGen.Testing.Git;

/// <summary>What holds the objects of Git LFS: files in the repositories' <c>lfs/objects</c>, reached by links that expire.</summary>
public sealed class LfsStorage(GitServer server)
{
    private const string Header = "X-Ticket";
    private readonly ConcurrentDictionary<string, Ticket> tickets = new(StringComparer.Ordinal);
    private int issued;

    /// <summary>Where an object lies, whether or not it is there.</summary>
    public static string PathOf(string repository, string oid) => Path.Combine(repository, "lfs", "objects", oid[..2], oid[2..4], oid);

    /// <summary>Puts an object there by hand; gives its OID.</summary>
    public static string Put(string repository, byte[] content)
    {
        var oid = Convert.ToHexStringLower(SHA256.HashData(content));
        var path = PathOf(repository, oid);
        Directory.CreateDirectory(Path.GetDirectoryName(path) ?? repository);
        File.WriteAllBytes(path, content);
        return oid;
    }

    /// <summary>Ends every link that was given so far.</summary>
    public void ExpireLinks() => tickets.Clear();

    internal static bool Has(string repository, string oid) => oid.Length == 64 && File.Exists(PathOf(repository, oid));

    /// <summary>An action of the batch API: a link for one object, and what it needs.</summary>
    internal JsonObject Link(string repository, string oid)
    {
        var ticket = $"ticket-{Interlocked.Increment(ref issued)}-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}";
        var faults = server.Lfs;
        var expiry = DateTimeOffset.UtcNow + faults.LinkLifetime;
        tickets[ticket] = new Ticket(repository, oid, expiry);
        var link = faults.Link ?? $"{server.StorageUrl}/store/{oid}";
        var action = new JsonObject { ["href"] = faults.LinksHaveHeaders ? link : $"{link}?{Header}={ticket}" };
        if (faults.LinksHaveHeaders)
            action["header"] = new JsonObject { [Header] = ticket, ["Authorization"] = $"Ticket {ticket}" };
        if (faults.StatesTimes)
            action["expires_at"] = expiry.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        else
            action["expires_in"] = (int)faults.LinkLifetime.TotalSeconds;
        return action;
    }

    internal async Task AnswerAsync(HttpContext context, string path)
    {
        var oid = path[(path.LastIndexOf('/') + 1)..];
        var request = context.Request;
        var presented = server.Lfs.LinksHaveHeaders ? request.Headers[Header].ToString() : request.Query[Header].ToString();
        if (!tickets.TryGetValue(presented, out var ticket) || ticket.Oid != oid || ticket.Expiry <= DateTimeOffset.UtcNow
            || (server.Lfs.LinksHaveHeaders && request.Headers.Authorization.ToString() != $"Ticket {presented}"))
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            await context.Response.WriteAsync("Request has expired");
            return;
        }

        if (HttpMethods.IsPut(request.Method))
        {
            var body = new MemoryStream();
            await request.Body.CopyToAsync(body);
            Put(ticket.Repository, body.ToArray());
            return;
        }

        if (server.Lfs.LinksOfOneUse > 0)
        {
            server.Lfs.LinksOfOneUse--;
            tickets.TryRemove(presented, out _);
        }

        if (server.Lfs.StorageMoved && !path.StartsWith("/moved/", StringComparison.Ordinal))
            context.Response.Redirect($"/moved/{oid}{request.QueryString}", permanent: false, preserveMethod: true);
        else if (server.Lfs.NeedsRanges && request.Headers.Range.Count == 0)
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
        else
            await SendAsync(context, ticket, oid);
    }

    private async Task SendAsync(HttpContext context, Ticket ticket, string oid)
    {
        var file = PathOf(ticket.Repository, oid);
        if (server.Lfs.Replacements.TryGetValue(oid, out var replacement))
        {
            await Results.Bytes(replacement, "application/octet-stream", enableRangeProcessing: true).ExecuteAsync(context);
        }
        else if (File.Exists(file))
        {
            await Results.File(file, "application/octet-stream", enableRangeProcessing: true, entityTag: new EntityTagHeaderValue($"\"{oid[..8]}\"")).ExecuteAsync(context);
        }
        else
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
        }
    }

    private sealed record Ticket(string Repository, string Oid, DateTimeOffset Expiry);
}

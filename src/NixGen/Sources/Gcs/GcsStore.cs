using System.Collections.Concurrent;
using System.Collections.Immutable;
using NixGen.Sources.Objects;

namespace NixGen.Sources.Gcs;

/// <summary>A bucket of Cloud Storage, through its JSON API.</summary>
/// <param name="question">What is asked about, and who asks.</param>
/// <param name="context">Where messages go.</param>
internal sealed class GcsStore(GcsQuestion question, ResolveContext context) : IObjectStore
{
    private const int MostPages = 10_000;

    /// <summary>What was stated of each object, by its name.</summary>
    private readonly ConcurrentDictionary<string, GcsItem> _items = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public string Holder => $"The bucket '{question.Request.Bucket}'";

    /// <inheritdoc/>
    public string Place => question.Endpoint.ObjectsUrl(question.Request.Bucket);

    /// <inheritdoc/>
    public async Task<ImmutableArray<StoredObject>?> ListAsync(string prefix, CancellationToken cancellationToken)
    {
        var found = ImmutableArray.CreateBuilder<StoredObject>();
        string? pageToken = null;
        for (var page = 1; page <= MostPages; page++)
        {
            var token = pageToken;
            var response = await AskAsync(cancellation => question.ListAsync(prefix, token, cancellation), cancellationToken);
            if (!response.IsSuccess)
            {
                context.Diagnostics.Add(GcsAnswers.Explain(question, response, null));
                return null;
            }

            if (GcsPage.Parse(response.Body) is not { } answer || !answer.Items.All(item => item.Name.StartsWith(prefix, StringComparison.Ordinal)))
            {
                context.Diagnostics.Add(GcsDiagnostics.AnswersOddly(question, "it is no list of objects with that prefix", response.Url));
                return null;
            }

            found.AddRange(answer.Items.Select(Stored));
            if (answer.NextPageToken is null)
            {
                return found.ToImmutable();
            }

            if (answer.NextPageToken == pageToken)
            {
                context.Diagnostics.Add(GcsDiagnostics.AnswersOddly(question, "its list of objects leads back to the same page", response.Url));
                return null;
            }

            context.Progress.Step(context.Model.Name, $"listing {question.Request.Uri}: {found.Count} objects so far");
            pageToken = answer.NextPageToken;
        }

        context.Diagnostics.Add(GcsDiagnostics.AnswersOddly(question, $"its list of objects has no end within {MostPages} pages", new Uri(Place)));
        return null;
    }

    /// <inheritdoc/>
    public async Task<ImmutableArray<StoredObject>?> FindAsync(string key, string? version, CancellationToken cancellationToken)
    {
        var response = await AskAsync(cancellation => question.DescribeAsync(key, version, cancellation), cancellationToken);
        if (response.Status == 404 && version is null)
        {
            return [];
        }

        if (response.Status == 404)
        {
            context.Diagnostics.Add(GcsDiagnostics.LacksGeneration(question, key, version ?? ""));
            return null;
        }

        if (!response.IsSuccess)
        {
            context.Diagnostics.Add(GcsAnswers.Explain(question, response, key));
            return null;
        }

        if (GcsPage.ParseItem(response.Body) is not { } item || item.Name != key || (version ?? item.Generation) != item.Generation)
        {
            context.Diagnostics.Add(GcsDiagnostics.AnswersOddly(question, "it doesn't describe that object", response.Url));
            return null;
        }

        return [Stored(item)];
    }

    /// <inheritdoc/>
    public Task<StoredObject?> DescribeAsync(StoredObject listed, CancellationToken cancellationToken) => Task.FromResult<StoredObject?>(listed);

    /// <inheritdoc/>
    public async Task<StoredObject?> HashAsync(StoredObject described, CancellationToken cancellationToken)
    {
        var item = _items[described.Key];
        if (item.Encoding is not null && !item.IsUnpacked)
        {
            context.Diagnostics.Add(GcsDiagnostics.IsStoredPacked(question, item));
            return null;
        }

        // Of what the server unpacks on the way, nobody states a length or a checksum.
        var digests = item.IsUnpacked ? ContentDigests.None
            : (item.Md5 is null ? ContentDigests.None : ContentDigests.Md5) | (item.Crc32c is null ? ContentDigests.None : ContentDigests.Crc32c);
        var request = await question.ContentAsync(item.Name, item.Generation, cancellationToken);
        var answer = await context.Http.HashAsync(request, item.IsUnpacked ? null : item.Size, digests, cancellationToken);
        if (answer.Sha256 is not { } hash)
        {
            context.Diagnostics.Add(GcsAnswers.Explain(question, answer.Response, item.Name));
            return null;
        }

        if (digests.HasFlag(ContentDigests.Md5) && answer.Md5 != item.Md5)
        {
            context.Diagnostics.Add(ObjectDiagnostics.HasBrokenContent(context.Model, this, item.Name, "MD5", item.Md5 ?? "", answer.Md5 ?? ""));
            return null;
        }

        if (digests.HasFlag(ContentDigests.Crc32c) && answer.Crc32c != item.Crc32c)
        {
            context.Diagnostics.Add(ObjectDiagnostics.HasBrokenContent(context.Model, this, item.Name, "CRC-32C", item.Crc32c ?? "", answer.Crc32c ?? ""));
            return null;
        }

        return described with { Size = answer.Length, Sha256 = hash };
    }

    // Where anybody is refused, this machine's own account is tried once.
    private async Task<UpstreamResponse> AskAsync(Func<CancellationToken, Task<UpstreamRequest>> ask, CancellationToken cancellationToken)
    {
        var response = await context.Http.GetAsync(await ask(cancellationToken), cancellationToken);
        return response.Status is 401 or 403 && await question.Credentials.TryMachineAsync(cancellationToken)
            ? await context.Http.GetAsync(await ask(cancellationToken), cancellationToken)
            : response;
    }

    // A generation is enough to name content, so there is no tag.
    private StoredObject Stored(GcsItem item)
    {
        _items[item.Name] = item;
        return new(item.Name, item.Size) { Version = item.Generation, Md5 = item.Md5, Crc32c = item.Crc32c };
    }
}

using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using NixGen.Manifest;
using NixGen.Sources.Objects;

namespace NixGen.Sources.Azure;

/// <summary>What is asked about, with whose credentials.</summary>
/// <param name="Model">The model, for messages.</param>
/// <param name="Request">The blobs.</param>
/// <param name="Endpoint">The address of the account's blobs, without a slash at its end.</param>
/// <param name="Credentials">Who asks.</param>
internal sealed record AzureQuestion(ModelRequest Model, AzureRequest Request, string Endpoint, AzureCredentials Credentials);

/// <summary>A container of Blob Storage, through its REST API.</summary>
/// <param name="question">What is asked about, and who asks.</param>
/// <param name="context">Where messages go.</param>
internal sealed class AzureStore(AzureQuestion question, ResolveContext context) : IObjectStore
{
    /// <summary>The version of the API: versions of blobs, encoded names, bearer tokens.</summary>
    public const string Version = "2021-12-02";

    private const int MostPages = 10_000;
    private const int PageSize = 5000;

    /// <summary>What was stated of each blob, by its name.</summary>
    private readonly ConcurrentDictionary<string, AzureBlob> _blobs = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public string Holder => $"The container '{question.Request.Container}' of the account '{question.Request.Account}'";

    /// <inheritdoc/>
    public string Place => $"{question.Endpoint}/{AzureNames.Escape(question.Request.Container)}";

    /// <inheritdoc/>
    public async Task<ImmutableArray<StoredObject>?> ListAsync(string prefix, CancellationToken cancellationToken) =>
        await ListAsync(prefix, prefix, cancellationToken);

    /// <inheritdoc/>
    public async Task<ImmutableArray<StoredObject>?> FindAsync(string key, string? version, CancellationToken cancellationToken) =>
        await ListAsync(key, key, cancellationToken, isExact: true);

    /// <inheritdoc/>
    public async Task<StoredObject?> DescribeAsync(StoredObject listed, CancellationToken cancellationToken)
    {
        var request = await question.Credentials.AuthorizeAsync(UrlOf(listed.Key), cancellationToken);
        var response = await context.Http.SendAsync(request with { Method = HttpMethod.Head }, cancellationToken);
        if (!response.IsSuccess)
        {
            context.Diagnostics.Add(AzureAnswers.Explain(question, response, listed.Key));
            return null;
        }

        return listed with { Version = response.Header("x-ms-version-id"), LacksVersion = false };
    }

    /// <inheritdoc/>
    public async Task<StoredObject?> HashAsync(StoredObject described, CancellationToken cancellationToken)
    {
        var blob = _blobs[described.Key];
        if (blob.Encoding is not null)
        {
            context.Diagnostics.Add(AzureDiagnostics.IsStoredPacked(question, blob));
            return null;
        }

        var request = await question.Credentials.AuthorizeAsync(UrlOf(blob.Name), cancellationToken);
        if (blob.ETag is { } tag)
        {
            request = request with { Headers = request.Headers.Add("If-Match", $"\"{tag}\"") };
        }

        var answer = await context.Http.HashAsync(request, blob.Size, blob.Md5 is null ? ContentDigests.None : ContentDigests.Md5, cancellationToken);
        if (answer.Sha256 is not { } hash)
        {
            context.Diagnostics.Add(AzureAnswers.Explain(question, answer.Response, blob.Name));
            return null;
        }

        if (blob.Md5 is not null && answer.Md5 != blob.Md5)
        {
            context.Diagnostics.Add(ObjectDiagnostics.HasBrokenContent(context.Model, this, blob.Name, "MD5", blob.Md5, answer.Md5 ?? ""));
            return null;
        }

        return described with { Sha256 = hash, Version = answer.Response.Header("x-ms-version-id"), LacksVersion = false };
    }

    private async Task<ImmutableArray<StoredObject>?> ListAsync(string prefix, string expected, CancellationToken cancellationToken, bool isExact = false)
    {
        var found = ImmutableArray.CreateBuilder<StoredObject>();
        string? marker = null;
        for (var page = 1; page <= MostPages; page++)
        {
            var url = $"{Place}?restype=container&comp=list&include=metadata&maxresults={(isExact ? 1 : PageSize).ToString(CultureInfo.InvariantCulture)}&prefix={Uri.EscapeDataString(prefix)}"
                + (marker is null ? "" : $"&marker={Uri.EscapeDataString(marker)}");
            var response = await AskAsync(url, cancellationToken);
            if (!response.IsSuccess)
            {
                context.Diagnostics.Add(AzureAnswers.Explain(question, response, null));
                return null;
            }

            if (AzurePage.Parse(response.Body) is not { } answer || !answer.Blobs.All(blob => blob.Name.StartsWith(expected, StringComparison.Ordinal)))
            {
                context.Diagnostics.Add(AzureDiagnostics.AnswersOddly(question, "it is no list of blobs with that prefix", response.Url));
                return null;
            }

            found.AddRange(answer.Blobs.Where(blob => !blob.IsFolder && (!isExact || blob.Name == expected)).Select(Stored));
            if (answer.NextMarker is null || isExact)
            {
                // Names are listed in order, so that the shortest of a prefix comes first.
                return found.ToImmutable();
            }

            if (answer.NextMarker == marker)
            {
                context.Diagnostics.Add(AzureDiagnostics.AnswersOddly(question, "its list of blobs leads back to the same page", response.Url));
                return null;
            }

            context.Progress.Step(context.Model.Name, $"listing {question.Request.Uri}: {found.Count} blobs so far");
            marker = answer.NextMarker;
        }

        context.Diagnostics.Add(AzureDiagnostics.AnswersOddly(question, $"its list of blobs has no end within {MostPages} pages", new Uri(Place)));
        return null;
    }

    // An address with a signature is a secret, so its answer is kept nowhere.
    private async Task<UpstreamResponse> AskAsync(string url, CancellationToken cancellationToken)
    {
        var response = await context.Http.SendAsync(await question.Credentials.AuthorizeAsync(url, cancellationToken), cancellationToken);
        // Who isn't let in is told that there is nothing, more often than not.
        return response.Status is 401 or 403 or 404 or 409 && await question.Credentials.TryIdentityAsync(cancellationToken)
            ? await context.Http.SendAsync(await question.Credentials.AuthorizeAsync(url, cancellationToken), cancellationToken)
            : response;
    }

    private string UrlOf(string name) => $"{Place}/{AzureNames.Escape(name)}";

    private StoredObject Stored(AzureBlob blob)
    {
        _blobs[blob.Name] = blob;
        return new(blob.Name, blob.Size) { Tag = blob.ETag, Md5 = blob.Md5, LacksVersion = true };
    }
}

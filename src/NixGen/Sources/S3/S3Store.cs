using System.Collections.Immutable;
using Amazon;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using NixGen.Nix.Hashing;
using NixGen.Sources.Objects;

namespace NixGen.Sources.S3;

/// <summary>A bucket of S3, asked through the vendor's own library; content is streamed by the one way out, from addresses that the library signs.</summary>
internal sealed class S3Store : IObjectStore, IDisposable
{
    // How long the address of a transfer is good for, which only has to begin in time.
    private static readonly TimeSpan _validity = TimeSpan.FromHours(1);
    private readonly S3Place _place;
    private readonly S3Credentials _credentials;
    private readonly ResolveContext _context;
    private readonly AmazonS3Client _client;

    /// <summary>Sets up; asks nothing.</summary>
    public S3Store(S3Place place, S3Credentials credentials, ResolveContext context)
    {
        (_place, _credentials, _context) = (place, credentials, context);
        var config = new AmazonS3Config
        {
            HttpClientFactory = new S3Transport(context.Http.Transport),
            Timeout = TimeSpan.FromSeconds(90),
            RetryMode = RequestRetryMode.Standard,
            MaxErrorRetry = 4,
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        };
        if (place.Endpoint is null)
        {
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(place.Region);
        }
        else
        {
            config.ServiceURL = place.Endpoint;
            config.AuthenticationRegion = place.Region;
            config.ForcePathStyle = true;
        }

        _client = new(credentials.Keys, config);
    }

    /// <inheritdoc/>
    public string Holder => $"The bucket '{_place.Bucket}'";

    /// <inheritdoc/>
    public string Place => _place.Url;

    /// <summary>The region that the bucket is said to be in, where a request was refused because it is not the one that was signed for; else null.</summary>
    public string? OtherRegion { get; private set; }

    /// <inheritdoc/>
    public async Task<ImmutableArray<StoredObject>?> ListAsync(string prefix, CancellationToken cancellationToken)
    {
        var listed = ImmutableArray.CreateBuilder<StoredObject>();
        var request = new ListObjectsV2Request { BucketName = _place.Bucket, Prefix = prefix, Encoding = EncodingType.Url };
        for (var page = 1; ; page++)
        {
            _context.Progress.Step(_context.Model.Name, page == 1 ? "listing objects" : $"listing objects (page {page})");
            if (await AskAsync(() => _client.ListObjectsV2Async(request, cancellationToken), cancellationToken) is not { } answer)
            {
                return null;
            }

            // Servers that don't know the encoding say so by leaving it out of their answer.
            var isEncoded = answer.Encoding == EncodingType.Url;
            foreach (var item in answer.S3Objects ?? [])
            {
                var key = isEncoded ? Uri.UnescapeDataString(item.Key.Replace('+', ' ')) : item.Key;
                if (!key.StartsWith(prefix, StringComparison.Ordinal) || item.Size is not >= 0)
                {
                    _context.Diagnostics.Add(S3Diagnostics.AnswersOddly(_context.Model, _place, "a listing of other objects than were asked for"));
                    return null;
                }

                listed.Add(new(key, item.Size.Value) { Tag = item.ETag, LacksHash = MayHaveSha256(item), LacksVersion = true });
            }

            if (answer.IsTruncated is not true)
            {
                return listed.ToImmutable();
            }

            if (string.IsNullOrEmpty(answer.NextContinuationToken) || answer.NextContinuationToken == request.ContinuationToken)
            {
                _context.Diagnostics.Add(S3Diagnostics.AnswersOddly(_context.Model, _place, "a listing that goes on and doesn't say where"));
                return null;
            }

            request.ContinuationToken = answer.NextContinuationToken;
        }
    }

    /// <inheritdoc/>
    public async Task<ImmutableArray<StoredObject>?> FindAsync(string key, string? version, CancellationToken cancellationToken)
    {
        var answer = await HeadAsync(key, version, mayBeMissing: version is null, cancellationToken);
        return answer is null ? null : answer.Value.Found is { } found ? [found] : [];
    }

    /// <inheritdoc/>
    public async Task<StoredObject?> DescribeAsync(StoredObject listed, CancellationToken cancellationToken) =>
        (await HeadAsync(listed.Key, listed.Version, mayBeMissing: false, cancellationToken))?.Found;

    /// <inheritdoc/>
    public async Task<StoredObject?> HashAsync(StoredObject described, CancellationToken cancellationToken)
    {
        var url = await SignedAsync(described.Key, described.Version);
        var content = await _context.Http.HashAsync(new UpstreamRequest(url), described.Size, ContentDigests.None, cancellationToken);
        if (content.Sha256 is not { } hash)
        {
            Report(S3Answers.Read(content.Response), described.Key, described.Version);
            return null;
        }

        return described with
        {
            Sha256 = hash,
            Version = content.Response.Header("x-amz-version-id") ?? described.Version,
            Tag = content.Response.Header("ETag") ?? described.Tag,
            LacksVersion = false,
        };
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private async Task<(StoredObject? Found, bool IsMissing)?> HeadAsync(
        string key, string? version, bool mayBeMissing, CancellationToken cancellationToken)
    {
        var request = new GetObjectMetadataRequest { BucketName = _place.Bucket, Key = key, VersionId = version, ChecksumMode = ChecksumMode.ENABLED };
        try
        {
            var answer = await _client.GetObjectMetadataAsync(request, cancellationToken);
            return (new(key, answer.ContentLength)
            {
                Version = string.IsNullOrEmpty(answer.VersionId) ? null : answer.VersionId,
                Tag = answer.ETag,
                Sha256 = WholeSha256(answer.ChecksumSHA256, answer.ChecksumType),
            }, false);
        }
        catch (AmazonS3Exception exception)
        {
            var failure = S3Answers.Read(exception);
            if (failure.Code is null)
            {
                // The answer to a HEAD has no body that could say why.
                var asked = new UpstreamRequest(await SignedAsync(key, version)) { Headers = OneByte };
                var answer = await _context.Http.SendAsync(asked, cancellationToken);
                failure = answer.IsSuccess ? failure : S3Answers.Read(answer) with { Region = failure.Region ?? answer.Header("x-amz-bucket-region") };
            }

            if (mayBeMissing && failure.Code == "NoSuchKey")
            {
                return (null, true);
            }

            Report(failure, key, version);
            return null;
        }
        catch (Exception exception) when (S3Answers.IsTransport(exception, cancellationToken))
        {
            throw S3Answers.Translate(exception, _place);
        }
    }

    private static ImmutableSortedDictionary<string, string> OneByte { get; } =
        ImmutableSortedDictionary.Create<string, string>(StringComparer.OrdinalIgnoreCase).Add("Range", "bytes=0-0");

    private async Task<T?> AskAsync<T>(Func<Task<T>> ask, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            return await ask();
        }
        catch (AmazonS3Exception exception)
        {
            Report(S3Answers.Read(exception), null, null);
            return null;
        }
        catch (Exception exception) when (S3Answers.IsTransport(exception, cancellationToken))
        {
            throw S3Answers.Translate(exception, _place);
        }
    }

    // A region that nobody stated is found out by being told.
    private void Report(S3Failure failure, string? key, string? version)
    {
        if (failure.Region is { } region && region != _place.Region && !_place.IsRegionStated && S3Names.RegionProblem(region) is null && OtherRegion is null)
        {
            OtherRegion = region;
            return;
        }

        _context.Diagnostics.Add(S3Answers.Explain(failure, _context.Model, _place, _credentials, key, version));
    }

    private async Task<Uri> SignedAsync(string key, string? version)
    {
        if (_credentials.AreNobodys)
        {
            return _place.UrlOf(key, version);
        }

        var url = await _client.GetPreSignedURLAsync(new GetPreSignedUrlRequest
        {
            BucketName = _place.Bucket,
            Key = key,
            VersionId = version,
            Verb = HttpVerb.GET,
            Expires = (TimeProvider.System.GetUtcNow() + _validity).UtcDateTime,
            Protocol = _place.Url.StartsWith("http:", StringComparison.Ordinal) ? Protocol.HTTP : Protocol.HTTPS,
        });
        return new Uri(url);
    }

    private static bool MayHaveSha256(S3Object item) =>
        item.ChecksumAlgorithm?.Contains("SHA256", StringComparer.OrdinalIgnoreCase) is true && item.ChecksumType != ChecksumType.COMPOSITE;

    // Of an upload in parts it is a hash of hashes, with the number of parts behind it.
    private static SriHash? WholeSha256(string? stated, ChecksumType? type)
    {
        var bytes = new byte[33];
        return stated is not null && type != ChecksumType.COMPOSITE && Convert.TryFromBase64String(stated, bytes, out var length) && length == 32
            ? SriHash.FromBytes(bytes.AsSpan(0, 32))
            : null;
    }
}

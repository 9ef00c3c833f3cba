namespace NixGen.Sources;

/// <summary>No answer could be had from an upstream.</summary>
public sealed class UpstreamException : Exception
{
    /// <summary>Says what failed, in words that name the host and no secret.</summary>
    public UpstreamException(UpstreamFailure failure, Uri url, string message, Exception? innerException = null)
        : base(message, innerException)
    {
        Failure = failure;
        Url = url;
    }

    /// <summary>What failed.</summary>
    public UpstreamFailure Failure { get; }

    /// <summary>What was asked for; show it through <see cref="PublicUrl"/> only.</summary>
    public Uri Url { get; }
}

/// <summary>Why there was no answer.</summary>
public enum UpstreamFailure
{
    /// <summary>The network may not be used.</summary>
    Offline,

    /// <summary>The host has no address, or doesn't take connections.</summary>
    Unreachable,

    /// <summary>The host's certificate isn't trusted, or TLS failed otherwise.</summary>
    Tls,

    /// <summary>No answer, or no byte of one, in time.</summary>
    Timeout,

    /// <summary>The transfer ended early, or the answer wasn't HTTP.</summary>
    Broken,

    /// <summary>The answer was larger than an answer of its kind can be.</summary>
    TooLarge,

    /// <summary>A redirect that isn't followed: elsewhere, to an unprotected connection, or in a circle.</summary>
    Redirect,

    /// <summary>The content was longer or shorter than the listing states.</summary>
    WrongLength,
}

namespace NixGen.Resolve;

/// <summary>Limits and places of an <see cref="UpstreamClient"/>.</summary>
public sealed record UpstreamOptions
{
    /// <summary>Sent as <c>User-Agent</c>: the program and its version.</summary>
    public string UserAgent { get; init; } = "nixgen";

    /// <summary>Whether to open no connection at all.</summary>
    public bool Offline { get; init; }

    /// <summary>Absolute path of the folder for answers and hashes, such as <c>~/.cache/nixgen</c>; null for none.</summary>
    public string? CacheFolder { get; init; }

    /// <summary>How many requests run at once.</summary>
    public int Parallelism { get; init; } = 8;

    /// <summary>How long a connection may take.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long an answer may take to begin.</summary>
    public TimeSpan AnswerTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a transfer may stand still.</summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How often a request is repeated after the first time.</summary>
    public int MaxRetries { get; init; } = 4;

    /// <summary>The pause before the first repetition; doubles with each, with jitter.</summary>
    public TimeSpan BaseDelay { get; init; } = TimeSpan.FromSeconds(0.5);

    /// <summary>The longest pause that a server can ask for; where it asks for more, its refusal stands. The Hub's limits are renewed every 300 s.</summary>
    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromSeconds(310);

    /// <summary>The largest answer of an API, in bytes.</summary>
    public int MaxAnswerBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>The clock of time limits and pauses.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}

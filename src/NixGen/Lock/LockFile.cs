using System.Collections.Immutable;
using NixGen.Nix.Hashing;

namespace NixGen.Lock;

/// <summary>What every model resolved to; the content of <c>models.lock.json</c>.</summary>
/// <param name="Models">Locked models by name, ordered ordinally.</param>
public sealed record LockFile(ImmutableSortedDictionary<string, LockedModel> Models)
{
    /// <summary>The format version that this nixgen writes.</summary>
    public const int CurrentVersion = 1;

    /// <summary>A lock without models.</summary>
    public static LockFile Empty { get; } =
        new(ImmutableSortedDictionary.Create<string, LockedModel>(StringComparer.Ordinal));

    /// <inheritdoc/>
    public bool Equals(LockFile? other) =>
        other is not null
        && Models.Count == other.Models.Count
        && Models.All(entry => other.Models.TryGetValue(entry.Key, out var model) && entry.Value.Equals(model));

    /// <inheritdoc/>
    public override int GetHashCode() => Models.Count;
}

/// <summary>One model, resolved: every file is known by hash. Only the locker makes these, and the emitter takes nothing else.</summary>
public sealed record LockedModel
{
    /// <summary>The model's name in the manifest.</summary>
    public required string Name { get; init; }

    /// <summary>What was asked for, so that a changed request is noticed.</summary>
    public required CanonicalRequest Request { get; init; }

    /// <summary>What it resolved to.</summary>
    public required ResolvedRevision Resolved { get; init; }

    /// <summary>The files, ordered ordinally by path; paths are unique, relative and safe.</summary>
    public required ImmutableArray<LockedFile> Files { get; init; }

    /// <summary>Further sources that have content of the model, in order of preference; most models have none.</summary>
    public ImmutableArray<LockedAlternate> Alternates { get; init; } = [];

    /// <inheritdoc/>
    public bool Equals(LockedModel? other) =>
        other is not null
        && string.Equals(Name, other.Name, StringComparison.Ordinal)
        && Request.Equals(other.Request)
        && Resolved.Equals(other.Resolved)
        && Files.AsSpan().SequenceEqual(other.Files.AsSpan())
        && Alternates.AsSpan().SequenceEqual(other.Alternates.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, Resolved, Files.Length);
}

/// <summary>A request in one spelling: two requests that mean the same are equal.</summary>
/// <param name="Kind">The source kind, such as <c>huggingface</c>.</param>
/// <param name="Fields">The fields that decide what is locked, ordered ordinally; a value is a string, or a list of strings.</param>
public sealed record CanonicalRequest(string Kind, ImmutableSortedDictionary<string, RequestValue> Fields)
{
    /// <inheritdoc/>
    public bool Equals(CanonicalRequest? other) =>
        other is not null
        && string.Equals(Kind, other.Kind, StringComparison.Ordinal)
        && Fields.Count == other.Fields.Count
        && Fields.All(field => other.Fields.TryGetValue(field.Key, out var value) && field.Value.Equals(value));

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Kind, Fields.Count);
}

/// <summary>A value of a canonical request.</summary>
public abstract record RequestValue
{
    /// <summary>A single string.</summary>
    public sealed record Text(string Value) : RequestValue;

    /// <summary>Strings, in the order that matters.</summary>
    public sealed record List(ImmutableArray<string> Values) : RequestValue
    {
        /// <inheritdoc/>
        public bool Equals(List? other) => other is not null && Values.SequenceEqual(other.Values, StringComparer.Ordinal);

        /// <inheritdoc/>
        public override int GetHashCode() => Values.Length;
    }
}

/// <summary>What a request resolved to.</summary>
/// <param name="Id">The source's own name for it, in canonical spelling, such as <c>microsoft/phi-2</c> or <c>bucket/folder</c>.</param>
/// <param name="Revision">The immutable revision, 40 hexadecimal digits: a commit, or <see cref="ContentRevision"/> where the source has none.</param>
/// <param name="Endpoint">Base URL without a trailing slash, or null where the source has none.</param>
/// <param name="License">Licence as the upstream states it, or null.</param>
/// <param name="Gated">How access is gated (<c>auto</c>, <c>manual</c>), or null where it isn't.</param>
/// <param name="CommitDate">The revision's date as the upstream states it, ISO 8601 in UTC, or null.</param>
public sealed record ResolvedRevision(
    string Id,
    string Revision,
    string? Endpoint = null,
    string? License = null,
    string? Gated = null,
    string? CommitDate = null)
{
    /// <summary>Digest of the manifest, <c>sha256:</c> and 64 hexadecimal digits, for registries; or null.</summary>
    public string? Digest { get; init; }

    /// <summary>The version that a moving name stood for, such as the number of a version behind a stage; or null.</summary>
    public string? Version { get; init; }

    /// <summary>The region of a bucket, or null.</summary>
    public string? Region { get; init; }

    /// <summary>What upstream's own scanners say of the files: <c>safe</c>, <c>pending</c>, or the gravest word that upstream has for one of them, such as <c>unsafe</c>; null where it says nothing.</summary>
    public string? Scan { get; init; }

    /// <summary>Where a registry keeps the content itself: a URI without secrets; or null.</summary>
    public string? Storage { get; init; }
}

/// <summary>One file of a locked model.</summary>
/// <param name="Path">Path within the model: relative, with <c>/</c>, no empty, <c>.</c> or <c>..</c> segment, no control character.</param>
/// <param name="Size">Length in bytes.</param>
/// <param name="Sha256">Hash of the content.</param>
/// <param name="Blob">The name that the Hub's cache gives the content: git blob SHA-1 in hex for files in git itself, SHA-256 in hex for all others.</param>
public sealed record LockedFile(string Path, long Size, SriHash Sha256, string Blob)
{
    /// <summary>The absolute URL that has the content, without user and secrets; null where the source's fields and the path say it.</summary>
    public string? Url { get; init; }

    /// <summary>The name of the content at the source, such as an object's key, where it isn't the source's name and the path; else null.</summary>
    public string? Object { get; init; }

    /// <summary>The content itself, UTF-8 without NUL, where the lock keeps it because the source may have it no longer when the model is built; else null.</summary>
    public string? Text { get; init; }

    /// <summary>The content's own version at the source, such as S3's version id or a generation; or null.</summary>
    public string? Version { get; init; }

    /// <summary>A file of a source that isn't git: its blob is named by its SHA-256.</summary>
    public static LockedFile Of(string path, long size, SriHash sha256) => new(path, size, sha256, sha256.Hex);

    /// <summary>How many bytes files have together. Sizes are what upstreams and locks state, so a sum that no number holds stays at the greatest.</summary>
    public static long TotalSize(IEnumerable<LockedFile> files)
    {
        var total = 0L;
        foreach (var file in files)
        {
            total = file.Size > long.MaxValue - total ? long.MaxValue : total + file.Size;
        }

        return total;
    }
}

using System.Collections.Immutable;
using NixGen.Lock;
using NixGen.Nix.Expressions;
using NixGen.Nix.Hashing;

namespace NixGen.Sources.Url;

/// <summary>Files at addresses of their own.</summary>
/// <param name="Files">The files, ordered ordinally by path; paths are unique and safe.</param>
public sealed record UrlRequest(ImmutableArray<UrlFile> Files) : SourceRequest
{
    /// <inheritdoc/>
    public override CanonicalRequest Canonical => new(
        UrlKind.KindName,
        ImmutableSortedDictionary.Create<string, RequestValue>(StringComparer.Ordinal)
            .Add("urls", new RequestValue.List([.. Files.Select(file => file.Canonical)])));

    /// <inheritdoc/>
    public override AttributeSet ToNix() => AttributeSet.Build()
        .Add("urls", new ListExpression([.. Files.Select(file => (Expression)file.ToNix())]))
        .ToSet();

    /// <inheritdoc/>
    public bool Equals(UrlRequest? other) => other is not null && Files.SequenceEqual(other.Files);

    /// <inheritdoc/>
    public override int GetHashCode() => Files.Length;
}

/// <summary>A file at an address.</summary>
/// <param name="Address">Where it is.</param>
/// <param name="Path">Its path within the model; safe.</param>
/// <param name="Sha256">What it must be, where the manifest states it; else null.</param>
public sealed record UrlFile(FileAddress Address, string Path, SriHash? Sha256)
{
    /// <summary>Address, hash or <c>-</c>, and path, with spaces between them; neither of the first two holds one.</summary>
    public string Canonical => $"{Address.Text} {Sha256?.Text ?? "-"} {Path}";

    /// <summary>An element of <c>source.url.urls</c>.</summary>
    public AttributeSet ToNix() => AttributeSet.Build()
        .Add("url", Address.Text)
        .AddIfPresent("sha256", Sha256?.Text)
        .AddIfPresent("filename", Path == Address.LastSegment ? null : Path)
        .ToSet();
}

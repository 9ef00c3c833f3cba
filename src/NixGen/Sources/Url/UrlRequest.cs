using System.Collections.Immutable;
using NixGen.Lock;
using NixGen.Nix.Expressions;
using NixGen.Nix.Hashing;
using NixGen.Sources.Selection;

namespace NixGen.Sources.Url;

/// <summary>Files at addresses of their own.</summary>
/// <param name="Files">The files, ordered ordinally by path; paths are unique and safe.</param>
public sealed record UrlRequest(ImmutableArray<UrlFile> Files) : SourceRequest
{
    /// <summary>Whether the one address is that of an archive, whose files are meant.</summary>
    public bool Extract { get; init; }

    /// <summary>Patterns that select files of the archive, as asked for; empty for all.</summary>
    public ImmutableArray<string> Include { get; init; } = [];

    /// <summary>Patterns that leave files of the archive out, as asked for.</summary>
    public ImmutableArray<string> Exclude { get; init; } = [];

    /// <inheritdoc/>
    public override CanonicalRequest Canonical => new(
        UrlKind.KindName,
        ImmutableSortedDictionary.Create<string, RequestValue>(StringComparer.Ordinal)
            .Add("urls", new RequestValue.List([.. Files.Select(file => file.Canonical)]))
            .AddRange(OfArchive()));

    /// <inheritdoc/>
    public override AttributeSet ToNix() => AttributeSet.Build()
        .Add("urls", new ListExpression([.. Files.Select(file => (Expression)file.ToNix())]))
        .AddIfPresent("extract", Extract ? BooleanLiteral.True : null)
        .AddUnlessEmpty("files", Include)
        .AddUnlessEmpty("exclude", Exclude)
        .ToSet();

    private IEnumerable<KeyValuePair<string, RequestValue>> OfArchive()
    {
        if (Extract)
        {
            yield return new("extract", new RequestValue.Text("true"));
        }

        if (!Include.IsEmpty)
        {
            yield return new("files", new RequestValue.List(FileSelection.Canonical(Include)));
        }

        if (!Exclude.IsEmpty)
        {
            yield return new("exclude", new RequestValue.List(FileSelection.Canonical(Exclude)));
        }
    }

    /// <inheritdoc/>
    public bool Equals(UrlRequest? other) => other is not null && Canonical.Equals(other.Canonical);

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

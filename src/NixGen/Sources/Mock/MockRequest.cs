using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using NixGen.Lock;
using NixGen.Nix.Expressions;
using NixGen.Nix.Hashing;

namespace NixGen.Sources.Mock;

/// <summary>A model whose files stand in the manifest: for examples and tests, it builds without network.</summary>
/// <param name="Org">Organisation in the cache folder's name.</param>
/// <param name="Model">Name in the cache folder's name.</param>
/// <param name="Files">The files, ordered ordinally by path.</param>
public sealed record MockRequest(string Org, string Model, ImmutableArray<MockFile> Files) : SourceRequest
{
    /// <inheritdoc/>
    public override CanonicalRequest Canonical => new(
        MockKind.KindName,
        ImmutableSortedDictionary.Create<string, RequestValue>(StringComparer.Ordinal)
            .Add("content", new RequestValue.Text(Revision))
            .Add("model", new RequestValue.Text(Model))
            .Add("org", new RequestValue.Text(Org)));

    /// <inheritdoc/>
    public override AttributeSet ToNix() => AttributeSet.Build()
        .Add("org", Org)
        .Add("model", Model)
        .Add("files", new ListExpression([.. Files.Select(File)]))
        .ToSet();

    private static Expression File(MockFile file) => AttributeSet.Build()
        .Add("path", file.Path)
        .Add("text", file.Text.Contains('\n', StringComparison.Ordinal) ? new IndentedString(file.Text) : file.Text)
        .ToSet();

    /// <summary>There is no history, so the content names itself.</summary>
    public string Revision => ContentRevision.Of(Files.Select(file => file.Lock()));

    // SHA-1 names things here, as git does; nothing is protected by it.
#pragma warning disable CA5350
    internal static string Sha1(ReadOnlySpan<byte> content) => Convert.ToHexStringLower(SHA1.HashData(content));
#pragma warning restore CA5350
}

/// <summary>A file of a mock model.</summary>
/// <param name="Path">Path within the model; safe.</param>
/// <param name="Text">The whole content; written as UTF-8.</param>
public sealed record MockFile(string Path, string Text)
{
    /// <summary>Hash of the content.</summary>
    public SriHash Sha256 => SriHash.FromBytes(SHA256.HashData(Bytes));

    /// <summary>The content.</summary>
    private byte[] Bytes => Encoding.UTF8.GetBytes(Text);

    /// <summary>The file as the lock names it.</summary>
    public LockedFile Lock()
    {
        var content = Bytes;
        byte[] blob = [.. Encoding.ASCII.GetBytes($"blob {content.Length}\0"), .. content];
        return new(Path, content.Length, Sha256, MockRequest.Sha1(blob));
    }
}

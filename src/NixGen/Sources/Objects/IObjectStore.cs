using System.Collections.Immutable;

namespace NixGen.Sources.Objects;

/// <summary>A bucket or container, with the credentials that read it. Whatever fails adds a diagnostic and gives null.</summary>
public interface IObjectStore
{
    /// <summary>The bucket as a sentence begins with it, such as <c>The bucket 'models'</c>.</summary>
    string Holder { get; }

    /// <summary>Where it is: a URL without secrets. Hashes of content are remembered under it.</summary>
    string Place { get; }

    /// <summary>All objects whose key begins with a prefix, in any order.</summary>
    /// <exception cref="UpstreamException">No answer could be had.</exception>
    Task<ImmutableArray<StoredObject>?> ListAsync(string prefix, CancellationToken cancellationToken);

    /// <summary>The object of a key, whole: one element, or none where there is no such object and that is no failure yet.</summary>
    /// <param name="key">The key.</param>
    /// <param name="version">A version of it, or null for the newest.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <exception cref="UpstreamException">No answer could be had.</exception>
    Task<ImmutableArray<StoredObject>?> FindAsync(string key, string? version, CancellationToken cancellationToken);

    /// <summary>What a listing left out of an object: its version, and its hashes. Asked only about objects that lack something.</summary>
    /// <exception cref="UpstreamException">No answer could be had.</exception>
    Task<StoredObject?> DescribeAsync(StoredObject listed, CancellationToken cancellationToken);

    /// <summary>Streams the content once. What comes back has its SHA-256, and the version that was streamed.</summary>
    /// <exception cref="UpstreamException">No answer could be had, or not as many bytes as were stated.</exception>
    Task<StoredObject?> HashAsync(StoredObject described, CancellationToken cancellationToken);
}

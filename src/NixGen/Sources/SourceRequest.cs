using NixGen.Lock;

namespace NixGen.Sources;

/// <summary>A source's declaration, understood by its kind. Each kind has its own derived record.</summary>
public abstract record SourceRequest
{
    /// <summary>The request in the one spelling that the lock holds.</summary>
    public abstract CanonicalRequest Canonical { get; }
}

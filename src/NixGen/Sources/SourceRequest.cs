using NixGen.Lock;
using NixGen.Nix.Expressions;

namespace NixGen.Sources;

/// <summary>A source's declaration, understood by its kind. Each kind has its own derived record.</summary>
public abstract record SourceRequest
{
    /// <summary>The request in the one spelling that the lock holds.</summary>
    public abstract CanonicalRequest Canonical { get; }

    /// <summary>The request as the emitted Nix states it: the attributes of <c>source.KIND</c>, with what has its default value left out.</summary>
    public abstract AttributeSet ToNix();

    /// <summary>Why it can be answered by a lock only and not by a build that lists what is there, as it goes on a sentence; or null where it can.</summary>
    public virtual string? NeedsLock => null;
}

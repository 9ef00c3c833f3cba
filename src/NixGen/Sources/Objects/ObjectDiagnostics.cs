using System.Collections.Immutable;
using NixGen.Diagnostics;
using NixGen.Manifest;

namespace NixGen.Sources.Objects;

/// <summary>What can be wrong with the objects of a bucket or container, whoever's it is.</summary>
public static class ObjectDiagnostics
{
    /// <summary>NG3490.</summary>
    public static readonly DiagnosticDescriptor NothingThere = new(
        "NG3490",
        "The bucket holds nothing at the prefix",
        "A model in a bucket is every object whose key begins with 'prefix' and a slash, or the one object that is called 'prefix'. Keys compare with case. Zero bytes under a key that ends in '/' are a folder of somebody's console, and no file.",
        Kind: FailureKind.Upstream);

    /// <summary>NG3491.</summary>
    public static readonly DiagnosticDescriptor BrokenContent = new(
        "NG3491",
        "An object's content is not what its store states",
        "The MD5 or CRC-32C of what was received differs from the one that the store states for the object: it was damaged on its way, or changed while it was read.",
        Kind: FailureKind.ContentMismatch);

    /// <summary>All of them, ordered by code.</summary>
    public static ImmutableArray<DiagnosticDescriptor> All { get; } = [NothingThere, BrokenContent];

    internal static Diagnostic HasNothingAt(ModelRequest model, IObjectStore store, string prefix) => new()
    {
        Descriptor = NothingThere,
        Message = prefix.Length == 0
            ? $"{store.Holder} of model '{model.Name}' is empty."
            : $"{store.Holder} of model '{model.Name}' holds no object below '{ObjectSelection.Folder(prefix)}'{(prefix.EndsWith('/') ? "" : $", and none called '{prefix}'")}.",
        Location = model.Source.Span,
        Help = $"Compare 'prefix' with what is in {store.Place}: keys are case-sensitive, and begin without a slash.",
    };

    internal static Diagnostic HasBrokenContent(ModelRequest model, IObjectStore store, string key, string algorithm, string stated, string found) => new()
    {
        Descriptor = BrokenContent,
        Message = $"What {char.ToLowerInvariant(store.Holder[0])}{store.Holder[1..]} sent for '{key}' of model '{model.Name}' doesn't have the {algorithm} that it states.",
        Location = model.Source.Span,
        Expected = stated,
        Actual = found,
        Help = "Try again; if it stays so, upload the object anew.",
    };
}

using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace NixGen.Nix.Expressions;

/// <summary>One name of an attribute path: text, quoted where it must be, or <c>${expression}</c>.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct AttributeName
{
    private AttributeName(string? text, Expression? expression) => (Text, Expression) = (text, expression);

    /// <summary>The name, where it is known.</summary>
    public string? Text { get; }

    /// <summary>What gives the name, where evaluation decides.</summary>
    public Expression? Expression { get; }

    /// <summary>Any text as a name: keywords, dots and quotes too, for the printer quotes it.</summary>
    /// <exception cref="ArgumentException">No Nix string can hold the text.</exception>
    public static implicit operator AttributeName(string text) => new(NixText.Require(text), null);

    /// <summary>A name that evaluation gives, as in <c>packages.${system}</c>.</summary>
    public static implicit operator AttributeName(Expression expression) => new(null, expression);

    internal bool IsIdentifier => Text is not null && NixIdentifier.IsIdentifier(Text);
}

/// <summary>An attribute path, such as <c>source.huggingface</c>: one name or more.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct AttributePath
{
    private readonly ImmutableArray<AttributeName> rest;

    private AttributePath(AttributeName first, ImmutableArray<AttributeName> rest) => (First, this.rest) = (first, rest);

    /// <summary>The first name.</summary>
    public AttributeName First { get; }

    /// <summary>The names after the first.</summary>
    public ImmutableArray<AttributeName> Rest => rest.IsDefault ? [] : rest;

    /// <summary>How many names there are.</summary>
    public int Count => 1 + Rest.Length;

    /// <summary>A path of several names.</summary>
    public static AttributePath Of(AttributeName first, params ReadOnlySpan<AttributeName> rest) => new(first, [.. rest]);

    /// <summary>A path of one name; a dot in it is part of the name.</summary>
    public static implicit operator AttributePath(string name) => new(name, []);

    /// <summary>A path of one name.</summary>
    public static implicit operator AttributePath(AttributeName name) => new(name, []);
}

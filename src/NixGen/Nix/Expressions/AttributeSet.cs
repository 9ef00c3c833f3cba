using System.Collections.Immutable;

namespace NixGen.Nix.Expressions;

/// <summary><c>{ a = 1; }</c>, or with <c>rec</c>.</summary>
public sealed record AttributeSet : Expression
{
    /// <summary>A set of bindings, in the order in which they are printed.</summary>
    /// <exception cref="ArgumentException">A path is bound twice.</exception>
    public AttributeSet(ImmutableArray<Binding> bindings, bool recursive = false)
    {
        BindingNames.RequireDistinct(bindings);
        (Bindings, Recursive) = (bindings, recursive);
    }

    /// <summary><c>{ }</c>.</summary>
    public static AttributeSet Empty { get; } = new([]);

    /// <summary>The bindings.</summary>
    public ImmutableArray<Binding> Bindings { get; }

    /// <summary>Whether the bindings see each other.</summary>
    public bool Recursive { get; }

    /// <summary>Begins a set that is put together binding by binding.</summary>
    public static AttributeSetBuilder Build() => new();
}

/// <summary>Puts an attribute set, or the bindings of a <c>let</c>, together. Its methods return it.</summary>
public sealed class AttributeSetBuilder
{
    private readonly ImmutableArray<Binding>.Builder bindings = ImmutableArray.CreateBuilder<Binding>();
    private Comment? comment;
    private bool blankLine;

    /// <summary>Whether nothing has been added.</summary>
    public bool IsEmpty => bindings.Count == 0;

    /// <summary><c>path = value;</c>.</summary>
    public AttributeSetBuilder Add(AttributePath path, Expression value) => Add(new AttributeBinding(path, value));

    /// <summary><c>path = value;</c>, or nothing where there is no value.</summary>
    public AttributeSetBuilder AddIfPresent(AttributePath path, Expression? value) => value is null ? this : Add(path, value);

    /// <summary><c>path = "text";</c>, or nothing where there is no text.</summary>
    public AttributeSetBuilder AddIfPresent(AttributePath path, string? text) => text is null ? this : Add(path, new StringLiteral(text));

    /// <summary><c>path = { … };</c>, or nothing where the inner set is empty.</summary>
    public AttributeSetBuilder AddUnlessEmpty(AttributePath path, AttributeSetBuilder inner) => inner.IsEmpty ? this : Add(path, inner.ToSet());

    /// <summary><c>path = [ "…" ];</c>, or nothing where there are no items.</summary>
    public AttributeSetBuilder AddUnlessEmpty(AttributePath path, ImmutableArray<string> items) =>
        items.IsDefaultOrEmpty ? this : Add(path, ListExpression.OfStrings(items));

    /// <summary><c>inherit names;</c>.</summary>
    public AttributeSetBuilder Inherit(params ImmutableArray<string> names) => Add(new InheritBinding(names));

    /// <summary><c>inherit (source) names;</c>.</summary>
    public AttributeSetBuilder InheritFrom(Expression source, params ImmutableArray<string> names) => Add(new InheritBinding(names, source));

    /// <summary>Puts a comment above the next binding.</summary>
    public AttributeSetBuilder Comment(string text, CommentStyle style = CommentStyle.Line)
    {
        comment = new(text, style);
        return this;
    }

    /// <summary>Puts an empty line above the next binding, unless that is the first.</summary>
    public AttributeSetBuilder BlankLine()
    {
        blankLine = true;
        return this;
    }

    /// <summary>Any binding.</summary>
    public AttributeSetBuilder Add(Binding binding)
    {
        bindings.Add(comment is null && !blankLine ? binding : binding with { Comment = comment ?? binding.Comment, BlankLine = blankLine || binding.BlankLine });
        (comment, blankLine) = (null, false);
        return this;
    }

    /// <summary>The set.</summary>
    /// <exception cref="ArgumentException">A path is bound twice.</exception>
    public AttributeSet ToSet(bool recursive = false) => new(bindings.ToImmutable(), recursive);

    /// <summary><c>let … in body</c>, or the body alone where nothing is bound.</summary>
    /// <exception cref="ArgumentException">A name is bound twice.</exception>
    public Expression ToLet(Expression body) => IsEmpty ? body : new LetExpression(bindings.ToImmutable(), body);
}

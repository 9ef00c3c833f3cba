using System.Collections.Immutable;

namespace NixGen.Nix.Expressions;

/// <summary>
/// A Nix expression. Immutable, and checked where it is made: every tree that exists prints as Nix that parses.
/// Text becomes code in one type only, <see cref="VerbatimExpression"/>; everything else is quoted by the printer.
/// </summary>
public abstract record Expression
{
    private protected Expression()
    {
    }

    /// <summary>Text as a string literal: never as code.</summary>
    public static implicit operator Expression(string text) => new StringLiteral(text);

    /// <summary>An integer.</summary>
    public static implicit operator Expression(long value) => new IntegerLiteral(value);

    /// <summary><c>true</c> or <c>false</c>.</summary>
    public static implicit operator Expression(bool value) => value ? BooleanLiteral.True : BooleanLiteral.False;

    /// <summary>This function applied to arguments.</summary>
    public Application Call(params ReadOnlySpan<Expression> arguments) => new(this, [.. arguments]);

    /// <summary>An attribute of this.</summary>
    public Selection Select(AttributePath path, Expression? fallback = null) => new(this, path, fallback);

    /// <summary>This below a comment.</summary>
    public CommentedExpression Below(Comment comment) => new(comment, this);
}

/// <summary>A variable, such as <c>lib</c>.</summary>
public sealed record Identifier : Expression
{
    /// <summary>Refers to a variable.</summary>
    /// <exception cref="ArgumentException">The name is no identifier or is a keyword.</exception>
    public Identifier(string name) => Name = NixIdentifier.Require(name);

    /// <summary>The variable's name.</summary>
    public string Name { get; }
}

/// <summary><c>target.path</c>, or <c>target.path or fallback</c>.</summary>
/// <param name="Target">What is selected from.</param>
/// <param name="Path">The attribute path.</param>
/// <param name="Fallback">The value where the path leads nowhere.</param>
public sealed record Selection(Expression Target, AttributePath Path, Expression? Fallback = null) : Expression;

/// <summary><c>target ? path</c>.</summary>
/// <param name="Target">What is asked.</param>
/// <param name="Path">The attribute path.</param>
public sealed record AttributeTest(Expression Target, AttributePath Path) : Expression;

/// <summary><c>[ a b ]</c>.</summary>
/// <param name="Items">The elements, in order.</param>
public sealed record ListExpression(ImmutableArray<Expression> Items) : Expression
{
    /// <summary><c>[ ]</c>.</summary>
    public static ListExpression Empty { get; } = new(ImmutableArray<Expression>.Empty);

    /// <summary>A list of strings.</summary>
    public static ListExpression OfStrings(IEnumerable<string> items) => new([.. items.Select(static item => (Expression)item)]);
}

/// <summary><c>let … in body</c>.</summary>
public sealed record LetExpression : Expression
{
    /// <summary>Binds names for a body.</summary>
    /// <exception cref="ArgumentException">There is no binding, or a name is bound twice.</exception>
    public LetExpression(ImmutableArray<Binding> bindings, Expression body)
    {
        ArgumentOutOfRangeException.ThrowIfZero(bindings.Length, nameof(bindings));
        BindingNames.RequireDistinct(bindings);
        (Bindings, Body) = (bindings, body);
    }

    /// <summary>What is bound.</summary>
    public ImmutableArray<Binding> Bindings { get; }

    /// <summary>What the names are bound for.</summary>
    public Expression Body { get; }
}

/// <summary><c>function argument …</c>.</summary>
public sealed record Application : Expression
{
    /// <summary>Applies a function; an application as the function is taken apart, so that all arguments are in one list.</summary>
    /// <exception cref="ArgumentException">There is no argument.</exception>
    public Application(Expression function, ImmutableArray<Expression> arguments)
    {
        ArgumentOutOfRangeException.ThrowIfZero(arguments.Length, nameof(arguments));
        (Function, Arguments) = function is Application inner ? (inner.Function, inner.Arguments.AddRange(arguments)) : (function, arguments);
    }

    /// <summary>The function: no application itself.</summary>
    public Expression Function { get; }

    /// <summary>The arguments, at least one.</summary>
    public ImmutableArray<Expression> Arguments { get; }

    /// <summary><c>import path argument …</c>.</summary>
    public static Application Import(Expression path, params ReadOnlySpan<Expression> arguments) => new(new Identifier("import"), [path, .. arguments]);
}

/// <summary><c>if condition then whenTrue else whenFalse</c>.</summary>
/// <param name="Condition">A boolean.</param>
/// <param name="WhenTrue">The value where it holds.</param>
/// <param name="WhenFalse">The value elsewhere.</param>
public sealed record IfExpression(Expression Condition, Expression WhenTrue, Expression WhenFalse) : Expression;

/// <summary><c>assert condition; body</c>.</summary>
/// <param name="Condition">A boolean.</param>
/// <param name="Body">The value where it holds.</param>
public sealed record AssertExpression(Expression Condition, Expression Body) : Expression;

/// <summary>An expression with a comment on the lines above it.</summary>
/// <param name="Comment">The comment.</param>
/// <param name="Body">The expression.</param>
/// <param name="BlankLine">Whether an empty line separates them, as below a file's header.</param>
public sealed record CommentedExpression(Comment Comment, Expression Body, bool BlankLine = false) : Expression;

using System.Collections.Immutable;

namespace NixGen.Nix.Expressions;

/// <summary><c>pattern: body</c>.</summary>
/// <param name="Pattern">What the argument is bound to.</param>
/// <param name="Body">What the function returns.</param>
public sealed record FunctionExpression(FunctionPattern Pattern, Expression Body) : Expression
{
    /// <summary><c>{ a, b }: body</c>.</summary>
    public static FunctionExpression OfSet(ImmutableArray<string> parameters, Expression body) =>
        new(new SetPattern([.. parameters.Select(static name => new FormalParameter(name))]), body);

    /// <summary><c>a: b: body</c>.</summary>
    public static FunctionExpression Of(string parameter, Expression body) => new(new IdentifierPattern(parameter), body);
}

/// <summary>What a function's argument is bound to.</summary>
public abstract record FunctionPattern
{
    private protected FunctionPattern()
    {
    }
}

/// <summary>One name, as in <c>x: …</c>.</summary>
public sealed record IdentifierPattern : FunctionPattern
{
    /// <summary>Binds the argument to a name.</summary>
    /// <exception cref="ArgumentException">The name is no identifier or is a keyword.</exception>
    public IdentifierPattern(string name) => Name = NixIdentifier.Require(name);

    /// <summary>The name.</summary>
    public string Name { get; }
}

/// <summary>The attributes of a set, as in <c>{ a, b ? 1, ... }@args: …</c>.</summary>
public sealed record SetPattern : FunctionPattern
{
    /// <summary>Takes an attribute set apart.</summary>
    /// <param name="parameters">The attributes, in the order in which they are printed.</param>
    /// <param name="open">Whether other attributes are let pass (<c>...</c>).</param>
    /// <param name="alias">A name for the whole argument.</param>
    /// <exception cref="ArgumentException">A name is bound twice, or the alias is no identifier.</exception>
    public SetPattern(ImmutableArray<FormalParameter> parameters, bool open = false, string? alias = null)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        if (alias is not null)
        {
            names.Add(NixIdentifier.Require(alias));
        }

        foreach (var parameter in parameters)
        {
            if (!names.Add(parameter.Name))
            {
                throw new ArgumentException($"'{parameter.Name}' is bound twice.", nameof(parameters));
            }
        }

        (Parameters, Open, Alias) = (parameters, open, alias);
    }

    /// <summary>The attributes.</summary>
    public ImmutableArray<FormalParameter> Parameters { get; }

    /// <summary>Whether other attributes are let pass.</summary>
    public bool Open { get; }

    /// <summary>The name of the whole argument.</summary>
    public string? Alias { get; }
}

/// <summary>One attribute of a <see cref="SetPattern"/>.</summary>
public sealed record FormalParameter
{
    /// <summary>Takes an attribute.</summary>
    /// <exception cref="ArgumentException">The name is no identifier or is a keyword.</exception>
    public FormalParameter(string name, Expression? fallback = null) => (Name, Fallback) = (NixIdentifier.Require(name), fallback);

    /// <summary>The attribute's name.</summary>
    public string Name { get; }

    /// <summary>The value where the attribute is missing.</summary>
    public Expression? Fallback { get; }

    /// <summary>The comment above it.</summary>
    public Comment? Comment { get; init; }
}

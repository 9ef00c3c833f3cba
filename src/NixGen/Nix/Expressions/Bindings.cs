using System.Collections.Immutable;

namespace NixGen.Nix.Expressions;

/// <summary>One statement of an attribute set or a <c>let</c>.</summary>
public abstract record Binding
{
    private protected Binding()
    {
    }

    /// <summary>The comment above it.</summary>
    public Comment? Comment { get; init; }

    /// <summary>Whether an empty line separates it from the binding before; without meaning on the first.</summary>
    public bool BlankLine { get; init; }
}

/// <summary><c>path = value;</c>.</summary>
/// <param name="Path">What is bound.</param>
/// <param name="Value">What it is bound to.</param>
public sealed record AttributeBinding(AttributePath Path, Expression Value) : Binding;

/// <summary><c>inherit a b;</c> or <c>inherit (source) a b;</c>.</summary>
public sealed record InheritBinding : Binding
{
    /// <summary>Takes names over.</summary>
    /// <param name="names">The names; from the scope they must be identifiers.</param>
    /// <param name="source">The attribute set to take them from; the scope if there is none.</param>
    /// <exception cref="ArgumentException">There is no name, or one of them can't be a variable.</exception>
    public InheritBinding(ImmutableArray<string> names, Expression? source = null)
    {
        ArgumentOutOfRangeException.ThrowIfZero(names.Length, nameof(names));
        foreach (var name in names)
        {
            _ = source is null ? NixIdentifier.Require(name) : NixText.Require(name);
        }

        (Names, Source) = (names, source);
    }

    /// <summary>The names.</summary>
    public ImmutableArray<string> Names { get; }

    /// <summary>Where they come from; null for the scope.</summary>
    public Expression? Source { get; }
}

/// <summary>Nix refuses a name that is bound twice, so a tree that binds one is refused where it is made.</summary>
internal static class BindingNames
{
    private const int FewBindings = 8;

    /// <summary>Checks the paths of some bindings. Names that evaluation gives can't be compared and pass.</summary>
    /// <exception cref="ArgumentException">A path is bound twice, or lies below another that is bound to something else.</exception>
    public static void RequireDistinct(ImmutableArray<Binding> bindings)
    {
        if (bindings.Length < 2 || (bindings.Length <= FewBindings && AreFewDistinctNames(bindings)))
        {
            return;
        }

        var bound = new HashSet<string>(bindings.Length, StringComparer.Ordinal);
        var above = new HashSet<string>(StringComparer.Ordinal);
        foreach (var binding in bindings)
        {
            if (binding is InheritBinding inherit)
            {
                foreach (var name in inherit.Names)
                {
                    Require(bound.Add(name) && !above.Contains(name), name);
                }
            }
            else if (binding is AttributeBinding { Path: var path } && Key(path, bound, above) is { } key)
            {
                Require(bound.Add(key) && !above.Contains(key), key);
            }
        }
    }

    // Nearly every set is one of a few single names, and comparing those needs no tables.
    private static bool AreFewDistinctNames(ImmutableArray<Binding> bindings)
    {
        for (var index = 0; index < bindings.Length; index++)
        {
            if (bindings[index] is not AttributeBinding { Path: { Count: 1, First.Text: { } name } })
            {
                return false;
            }

            for (var other = 0; other < index; other++)
            {
                if (bindings[other] is AttributeBinding { Path.First.Text: var before } && string.Equals(name, before, StringComparison.Ordinal))
                {
                    return false;
                }
            }
        }

        return true;
    }

    // Names are joined by NUL, which none can hold.
    private static string? Key(AttributePath path, HashSet<string> bound, HashSet<string> above)
    {
        var key = path.First.Text;
        foreach (var name in path.Rest)
        {
            if (key is null)
            {
                return null;
            }

            Require(!bound.Contains(key), key);
            above.Add(key);
            key = name.Text is null ? null : $"{key}\0{name.Text}";
        }

        return key;
    }

    private static void Require(bool distinct, string key)
    {
        if (!distinct)
        {
            throw new ArgumentException($"'{key.Replace('\0', '.')}' is bound twice.", nameof(key));
        }
    }
}

using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using NixGen.Nix.Expressions;

namespace NixGen.Tests.Nix.Printing;

/// <summary>Trees of every kind of expression. Their variables are those of <see cref="Variables"/>, since Nix refuses unbound ones.</summary>
internal static class RandomTrees
{
    // Nix keeps escapes in indented strings as strings of their own, joined by +, and the trees would differ. StringTests has those.
    private static readonly string[] LinesOfText = ["x", "a\nb", "a\n\n  b\n", "  x\n", "a line that is long enough to push things over the right margin of a page\n"];

    public static ImmutableArray<string> Variables { get; } = ["a", "b", "config", "lib", "pkgs", "someVeryLongVariableNameThatFillsALine"];

    private static readonly string[] AttributeNames = ["a", "b", "config", "lib", "with", "or", "a.b", "phi-2", "", "${x}", "a longer name in quotes"];

    private static readonly string[] Texts =
        ["", "x", "text", "${x}", "''", "a\nb", "a\n\n  b\n", "  x\n", "line that is long enough to push things over the right margin of a page", "é😀", "$", "'"];

    private static readonly Gen<Expression>[] Levels = MakeLevels(4);

    public static Arbitrary<Expression[]> Many { get; } = Arb.From(Levels[^1].ArrayOf(40), static trees => trees.Length > 1
        ? [trees[..(trees.Length / 2)], trees[(trees.Length / 2)..]]
        : trees is [var only] ? Children(only).Select(static child => new[] { child }) : []);

    private static Gen<Expression> Node(Gen<Expression> leaf, Gen<Expression> inner) => Gen.Frequency(
        (2, leaf),
        (2, from items in inner.ArrayOf() select (Expression)new ListExpression([.. items.Take(5)])),
        (3, from bindings in Bindings(inner) from recursive in Gen.Elements(false, false, true) select (Expression)new AttributeSet(bindings, recursive)),
        (1, from bindings in LetBindings(inner) from body in inner select (Expression)new LetExpression(bindings, body)),
        (2, from pattern in Pattern(inner) from body in inner select (Expression)new FunctionExpression(pattern, body)),
        (3, from function in inner from arguments in inner.NonEmptyListOf() select (Expression)new Application(function, [.. arguments.Take(4)])),
        (1, from condition in inner from yes in inner from no in inner select (Expression)new IfExpression(condition, yes, no)),
        (1, from condition in inner from body in inner select (Expression)new AssertExpression(condition, body)),
        (4, from operation in Gen.Elements(Enum.GetValues<BinaryOperator>()) from left in inner from right in inner select (Expression)new BinaryOperation(operation, left, right)),
        (1, from operand in inner select (Expression)new NotOperation(operand)),
        (1, from operand in inner select (Expression)new NegateOperation(operand)),
        (2, from target in inner from path in Path(inner) from fallback in Optional(inner) select (Expression)new Selection(target, path, fallback)),
        (1, from target in inner from path in Path(inner) select (Expression)new AttributeTest(target, path)),
        (1, from parts in Parts(inner, Texts) select (Expression)new InterpolatedString(parts)),
        (1, from parts in Parts(inner, LinesOfText) select (Expression)new IndentedString(parts)),
        (1, from text in Gen.Elements("a comment", "two\nlines", "*/ 1", "# x") from style in Gen.Elements(CommentStyle.Line, CommentStyle.Documentation)
            from blank in Gen.Elements(true, false) from body in inner select (Expression)new CommentedExpression(new(text, style), body, blank)),
        (1, Gen.Elements("a", "a: a", "if a then b else lib", "let\n  x = ''\n    y\n\n      z ${a}\n  '';\nin\nx", "# why\n{ a, b }:\na + b").Select(static text => (Expression)new VerbatimExpression(text))));

    private static Gen<Expression> Leaf() => Gen.Frequency(
        (3, Gen.Elements(Texts).Select(static text => (Expression)text)),
        (1, Gen.Elements(LinesOfText).Select(static text => (Expression)new IndentedString(text))),
        (2, Gen.Elements(0, 1, -1, 42, -7, long.MaxValue).Select(static value => (Expression)value)),
        (3, Gen.Elements(Variables.AsEnumerable()).Select(static name => (Expression)new Identifier(name))),
        (1, Gen.Elements<Expression>(true, false, NullLiteral.Instance, ListExpression.Empty, AttributeSet.Empty)));

    private static Gen<Expression>[] MakeLevels(int deepest)
    {
        var levels = new Gen<Expression>[deepest + 1];
        levels[0] = Leaf();
        for (var depth = 1; depth <= deepest; depth++)
        {
            levels[depth] = Node(levels[0], levels[depth - 1]);
        }

        return levels;
    }

    private static Gen<ImmutableArray<StringPart>> Parts(Gen<Expression> inner, string[] texts) =>
        from parts in Gen.OneOf(Gen.Elements(texts).Select(static text => (StringPart)text), inner.Select(static expression => (StringPart)NotText(expression))).ArrayOf()
        select parts.Take(4).ToImmutableArray();

    // Nix drops the interpolation around a string that is all of an indented one, and the trees would differ.
    private static Expression NotText(Expression expression) => expression switch
    {
        StringLiteral or InterpolatedString or IndentedString => new ListExpression([expression]),
        CommentedExpression commented => commented with { Body = NotText(commented.Body) },
        _ => expression,
    };

    private static Gen<AttributePath> Path(Gen<Expression> inner) =>
        from first in Name(inner) from rest in Name(inner).ArrayOf() select AttributePath.Of(first, rest.Take(2).ToArray());

    private static Gen<AttributeName> Name(Gen<Expression> inner) => Gen.Frequency(
        (6, Gen.Elements(AttributeNames).Select(static name => (AttributeName)name)),
        (1, inner.Select(static expression => (AttributeName)expression)));

    private static Gen<ImmutableArray<Binding>> Bindings(Gen<Expression> inner) =>
        from names in Gen.Elements(AttributeNames).ArrayOf()
        from values in inner.ArrayOf(5)
        from nested in Gen.Elements(true, false)
        from source in Optional(inner)
        from comment in Gen.Elements(null, null, "why")
        select Distinct(names, values, nested, source, comment);

    private static Gen<ImmutableArray<Binding>> LetBindings(Gen<Expression> inner) =>
        from bindings in Bindings(inner) from value in inner
        select bindings.IsEmpty ? [new AttributeBinding("x", value)] : bindings;

    private static ImmutableArray<Binding> Distinct(string[] names, Expression[] values, bool nested, Expression? source, string? comment)
    {
        var bindings = names.Distinct(StringComparer.Ordinal).Zip(values, (name, value) =>
            (Binding)new AttributeBinding(nested ? AttributePath.Of(name, "inner") : name, value) { BlankLine = nested }).ToList();
        bindings.Add(source is null ? new InheritBinding(["pkgs"]) : new InheritBinding(["x", "y y", "let", "z"], source) { Comment = comment is null ? null : new(comment) });
        return [.. bindings.Skip(nested ? 1 : 0)];
    }

    private static Gen<FunctionPattern> Pattern(Gen<Expression> inner) => Gen.OneOf(
        Gen.Elements(Variables.AsEnumerable()).Select(static name => (FunctionPattern)new IdentifierPattern(name)),
        from names in Gen.Elements(Variables.AsEnumerable()).ArrayOf() from fallback in Optional(inner) from open in Gen.Elements(true, false)
        from alias in Gen.Elements(null, "all")
        select (FunctionPattern)new SetPattern([.. names.Distinct(StringComparer.Ordinal).Select(name => new FormalParameter(name, fallback))], open, alias));

    private static Gen<T?> Optional<T>(Gen<T> generator)
        where T : class => Gen.OneOf(Gen.Constant<T?>(null), generator.Select(static value => (T?)value));

    private static IEnumerable<Expression> Children(Expression tree) => tree switch
    {
        ListExpression list => list.Items,
        BinaryOperation operation => [operation.Left, operation.Right],
        Application application => [application.Function, .. application.Arguments],
        AttributeSet set => set.Bindings.OfType<AttributeBinding>().Select(static binding => binding.Value),
        LetExpression let => [let.Body, .. let.Bindings.OfType<AttributeBinding>().Select(static binding => binding.Value)],
        FunctionExpression function => [function.Body],
        IfExpression conditional => [conditional.Condition, conditional.WhenTrue, conditional.WhenFalse],
        AssertExpression assertion => [assertion.Condition, assertion.Body],
        Selection selection => [selection.Target],
        AttributeTest test => [test.Target],
        NotOperation not => [not.Operand],
        NegateOperation negation => [negation.Operand],
        CommentedExpression commented => [commented.Body],
        InterpolatedString text => text.Parts.OfType<InterpolationPart>().Select(static part => part.Expression),
        IndentedString text => text.Parts.OfType<InterpolationPart>().Select(static part => part.Expression),
        _ => [],
    };
}

using System.Collections.Immutable;
using System.Text;
using NixGen.Nix.Expressions;

namespace NixGen.Tests.Nix.Printing;

/// <summary>
/// Writes a tree as plainly as can be: parentheses around everything, quotes around every name, one line. It shares nothing with the
/// printer, so that what Nix reads from both can be compared.
/// </summary>
internal static class ParenthesizedWriter
{
    public static string Write(Expression expression) => "(" + Inner(expression) + ")";

    private static string Inner(Expression expression) => expression switch
    {
        StringLiteral text => Quote(text.Text),
        InterpolatedString text => Joined(text.Parts),
        IndentedString text => Joined(text.Parts),
        IntegerLiteral integer => integer.Value < 0 ? $"-{-integer.Value}" : $"{integer.Value}",
        BooleanLiteral boolean => boolean.Value ? "true" : "false",
        NullLiteral => "null",
        Identifier identifier => identifier.Name,
        Selection { Fallback: null, Target: Selection { Fallback: null } target } selection => Inner(target) + "." + Path(selection.Path),
        Selection selection => Write(selection.Target) + "." + Path(selection.Path) + (selection.Fallback is { } fallback ? " or " + Write(fallback) : ""),
        AttributeTest test => Write(test.Target) + " ? " + Path(test.Path),
        ListExpression list => "[" + string.Join(' ', list.Items.Select(Write)) + "]",
        AttributeSet set => (set.Recursive ? "rec {" : "{") + Bindings(set.Bindings) + "}",
        LetExpression let => "let " + Bindings(let.Bindings) + " in " + Write(let.Body),
        FunctionExpression function => Pattern(function.Pattern) + ": " + Write(function.Body),
        Application application => application.Arguments.Aggregate(Write(application.Function), static (function, argument) => $"({function} {Write(argument)})"),
        IfExpression conditional => $"if {Write(conditional.Condition)} then {Write(conditional.WhenTrue)} else {Write(conditional.WhenFalse)}",
        AssertExpression assertion => $"assert {Write(assertion.Condition)}; {Write(assertion.Body)}",
        BinaryOperation { Operator: BinaryOperator.Update or BinaryOperator.Concatenate or BinaryOperator.And or BinaryOperator.Or } operation =>
            string.Join($" {Symbol(operation.Operator)} ", Chain(operation, operation.Operator).Select(Write)),
        BinaryOperation operation => $"{Write(operation.Left)} {Symbol(operation.Operator)} {Write(operation.Right)}",
        NotOperation not => "!" + Write(not.Operand),
        NegateOperation negation => "-" + Write(negation.Operand),
        CommentedExpression commented => Inner(commented.Body),
        VerbatimExpression verbatim => verbatim.Text,
        _ => throw new NotSupportedException(expression.GetType().Name),
    };

    // However these are grouped, they mean the same, and the printer writes no parentheses between them.
    private static IEnumerable<Expression> Chain(Expression expression, BinaryOperator chained) =>
        expression is BinaryOperation operation && operation.Operator == chained ? Chain(operation.Left, chained).Concat(Chain(operation.Right, chained)) : [expression];

    private static string Bindings(ImmutableArray<Binding> bindings) => string.Concat(bindings.Select(static binding => binding switch
    {
        AttributeBinding bound => $"{Path(bound.Path)} = {Write(bound.Value)}; ",
        InheritBinding { Source: { } source } inherit => $"inherit {Write(source)} {string.Join(' ', inherit.Names.Select(Quote))}; ",
        InheritBinding inherit => $"inherit {string.Join(' ', inherit.Names)}; ",
        _ => throw new NotSupportedException(binding.GetType().Name),
    }));

    private static string Pattern(FunctionPattern pattern) => pattern switch
    {
        IdentifierPattern identifier => identifier.Name,
        SetPattern set => "{" + string.Join(", ", set.Parameters.Select(static parameter => parameter.Name + (parameter.Fallback is { } fallback ? " ? " + Write(fallback) : ""))
            .Concat(set.Open ? ["..."] : [])) + "}" + (set.Alias is { } alias ? "@" + alias : ""),
        _ => throw new NotSupportedException(pattern.GetType().Name),
    };

    private static string Path(AttributePath path) =>
        string.Join('.', new[] { path.First }.Concat(path.Rest).Select(static name => name.Expression is { } expression ? $"${{{Write(expression)}}}" : Quote(name.Text ?? "")));

    private static string Joined(ImmutableArray<StringPart> parts) =>
        "\"" + string.Concat(parts.Select(static part => part is InterpolationPart { Expression: var expression } ? $"${{{Write(expression)}}}" : Escape(((TextPart)part).Text))) + "\"";

    private static string Quote(string text) => "\"" + Escape(text) + "\"";

    private static string Escape(string text)
    {
        var escaped = new StringBuilder();
        foreach (var character in text)
        {
            escaped.Append(character switch { '\n' => "\\n", '\r' => "\\r", '\t' => "\\t", '"' or '\\' or '$' => $"\\{character}", _ => character.ToString() });
        }

        return escaped.ToString();
    }

    private static string Symbol(BinaryOperator operation) => operation switch
    {
        BinaryOperator.Implication => "->",
        BinaryOperator.Or => "||",
        BinaryOperator.And => "&&",
        BinaryOperator.Equal => "==",
        BinaryOperator.NotEqual => "!=",
        BinaryOperator.Less => "<",
        BinaryOperator.LessOrEqual => "<=",
        BinaryOperator.Greater => ">",
        BinaryOperator.GreaterOrEqual => ">=",
        BinaryOperator.Update => "//",
        BinaryOperator.Add => "+",
        BinaryOperator.Subtract => "-",
        BinaryOperator.Multiply => "*",
        BinaryOperator.Divide => "/",
        _ => "++",
    };
}

using NixGen.Nix.Expressions;

namespace NixGen.Nix.Printing;

/// <summary>How tightly expressions bind, tightest highest (Nix manual, "Operators"; nix: <c>src/libexpr/parser.y</c>).</summary>
internal static class Precedence
{
    /// <summary>A whole expression: functions, <c>let</c>, <c>if</c>, <c>assert</c>, and text that isn't looked into.</summary>
    public const int Lowest = 0;

    /// <summary>A function that is applied.</summary>
    public const int Application = 13;

    /// <summary>A list's element or an argument.</summary>
    public const int Selection = 14;

    /// <summary>What stands alone.</summary>
    public const int Term = 15;

    private const int Negation = 12;
    private const int Test = 11;
    private const int Not = 7;

    public static int Of(Expression expression) => expression switch
    {
        BinaryOperation operation => Of(operation.Operator),
        NotOperation => Not,
        AttributeTest => Test,
        NegateOperation or IntegerLiteral { Value: < 0 and > long.MinValue } => Negation,
        IntegerLiteral { Value: long.MinValue } => Of(BinaryOperator.Subtract),
        Expressions.Application => Application,
        Expressions.Selection => Selection,
        FunctionExpression or LetExpression or IfExpression or AssertExpression or VerbatimExpression or CommentedExpression => Lowest,
        _ => Term,
    };

    public static int Of(BinaryOperator operation) => operation switch
    {
        BinaryOperator.Implication => 1,
        BinaryOperator.Or => 2,
        BinaryOperator.And => 3,
        BinaryOperator.Equal or BinaryOperator.NotEqual => 4,
        BinaryOperator.Update => 6,
        BinaryOperator.Add or BinaryOperator.Subtract => 8,
        BinaryOperator.Multiply or BinaryOperator.Divide => 9,
        BinaryOperator.Concatenate => 10,
        _ => 5,
    };

    /// <summary>What an operator's left and right operand must at least have.</summary>
    public static (int Left, int Right) OfOperands(BinaryOperator operation)
    {
        var own = Of(operation);
        return operation switch
        {
            // Chains of these mean the same however they are grouped.
            BinaryOperator.Update or BinaryOperator.Concatenate or BinaryOperator.And or BinaryOperator.Or => (own, own),
            BinaryOperator.Implication => (own + 1, own),
            BinaryOperator.Add or BinaryOperator.Subtract or BinaryOperator.Multiply or BinaryOperator.Divide => (own, own + 1),
            _ => (own + 1, own + 1),
        };
    }

    /// <summary>The least that what is selected from must have: <c>1.a</c> would be a number and <c>./b.c</c> a path.</summary>
    public static int OfSelectionTarget(Expression target) => target is Identifier or AttributeSet ? Term : Term + 1;

    public static ReadOnlySpan<byte> Symbol(BinaryOperator operation) => operation switch
    {
        BinaryOperator.Implication => "->"u8,
        BinaryOperator.Or => "||"u8,
        BinaryOperator.And => "&&"u8,
        BinaryOperator.Equal => "=="u8,
        BinaryOperator.NotEqual => "!="u8,
        BinaryOperator.Less => "<"u8,
        BinaryOperator.LessOrEqual => "<="u8,
        BinaryOperator.Greater => ">"u8,
        BinaryOperator.GreaterOrEqual => ">="u8,
        BinaryOperator.Update => "//"u8,
        BinaryOperator.Add => "+"u8,
        BinaryOperator.Subtract => "-"u8,
        BinaryOperator.Multiply => "*"u8,
        BinaryOperator.Divide => "/"u8,
        _ => "++"u8,
    };
}

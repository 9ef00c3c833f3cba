namespace NixGen.Nix.Expressions;

/// <summary>Operators between two expressions (Nix manual, "Operators").</summary>
public enum BinaryOperator
{
    /// <summary><c>-&gt;</c>, implication.</summary>
    Implication,

    /// <summary><c>||</c>.</summary>
    Or,

    /// <summary><c>&amp;&amp;</c>.</summary>
    And,

    /// <summary><c>==</c>.</summary>
    Equal,

    /// <summary><c>!=</c>.</summary>
    NotEqual,

    /// <summary><c>&lt;</c>.</summary>
    Less,

    /// <summary><c>&lt;=</c>.</summary>
    LessOrEqual,

    /// <summary><c>&gt;</c>.</summary>
    Greater,

    /// <summary><c>&gt;=</c>.</summary>
    GreaterOrEqual,

    /// <summary><c>//</c>, attributes of the right over those of the left.</summary>
    Update,

    /// <summary><c>+</c>.</summary>
    Add,

    /// <summary><c>-</c>.</summary>
    Subtract,

    /// <summary><c>*</c>.</summary>
    Multiply,

    /// <summary><c>/</c>.</summary>
    Divide,

    /// <summary><c>++</c>, lists joined.</summary>
    Concatenate,
}

/// <summary><c>left operator right</c>; the printer sets the parentheses that precedence asks for.</summary>
/// <param name="Operator">The operator.</param>
/// <param name="Left">The left operand.</param>
/// <param name="Right">The right operand.</param>
public sealed record BinaryOperation(BinaryOperator Operator, Expression Left, Expression Right) : Expression;

/// <summary><c>!operand</c>.</summary>
/// <param name="Operand">A boolean.</param>
public sealed record NotOperation(Expression Operand) : Expression;

/// <summary><c>-operand</c>.</summary>
/// <param name="Operand">A number.</param>
public sealed record NegateOperation(Expression Operand) : Expression;

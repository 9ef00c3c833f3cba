using NixGen.Nix.Expressions;

namespace NixGen.Nix.Printing;

/// <content>What stands behind <c>=</c> and <c>?</c> (nixfmt: Pretty.hs, <c>absorbRHS</c>).</content>
internal sealed partial class Layout
{
    /// <summary>The space or the line break, and the value.</summary>
    private void RightSide(Expression value, int after)
    {
        switch (value)
        {
            case AttributeSet { Bindings.Length: > 0 } set when SpreadsOut(set):
                output.Ascii(" "u8);
                BrokenSet(set);
                break;
            case StringLiteral or InterpolatedString or IndentedString or PathLiteral or SearchPath or IntegerLiteral { Value: >= 0 }:
            case var _ when IsAbsorbable(value):
                output.Ascii(" "u8);
                Print(value, after);
                break;
            case Application application:
                ApplicationBehind(application, after);
                break;
            case BinaryOperation { Operator: BinaryOperator.Update or BinaryOperator.Concatenate or BinaryOperator.Add } operation:
                Joined(operation, after);
                break;
            default:
                BehindOrBelow(value, after);
                break;
        }
    }

    private void BehindOrBelow(Expression value, int after)
    {
        var start = output.Mark();
        output.Ascii(" "u8);
        if (Fits(value, after))
        {
            return;
        }

        output.Return(start);
        output.NewLine(start.Level + 1);
        Print(value, after);
    }

    private void Joined(BinaryOperation operation, int after)
    {
        var start = output.Mark();
        output.Ascii(" "u8);
        if (!SpreadsOut(operation) && Fits(operation, after))
        {
            return;
        }

        var first = Chain(operation, out var others);
        if (IsAbsorbable(first) && Precedence.Of(first) == Precedence.Term)
        {
            BrokenOperation(operation, after, firstWide: true);
            return;
        }

        if (others is [var only] && IsAbsorbable(only) && Precedence.Of(only) == Precedence.Term
            && FlatOperand(first, Precedence.OfOperands(operation.Operator).Left) && Symbol(" "u8) && Symbol(Precedence.Symbol(operation.Operator))
            && Symbol(" "u8) && output.Column < width)
        {
            Broken(only, after);
            return;
        }

        output.Return(start);
        output.NewLine(start.Level + 1);
        if (SpreadsOut(operation))
        {
            BrokenOperation(operation, after, firstWide: false);
        }
        else
        {
            Print(operation, after);
        }
    }

    /// <summary>Whether a value that is bound to a name is spread over lines even where it would fit one: sets, but for a single <c>inherit</c>.</summary>
    private static bool SpreadsOut(Expression value)
    {
        switch (value)
        {
            case AttributeSet set:
                return set.Bindings is not ([] or [InheritBinding { Comment: null }]);
            case BinaryOperation { Operator: BinaryOperator.Update or BinaryOperator.Concatenate or BinaryOperator.Add } operation:
                return Chain(operation, out var others) is AttributeSet { Bindings.Length: > 0 } || others is [AttributeSet { Bindings.Length: > 0 }];
            default:
                return false;
        }
    }

    /// <summary>Whether a value can begin at the end of a line and go on below it: what has brackets of its own, and simple functions of that.</summary>
    private static bool IsAbsorbable(Expression expression) => expression switch
    {
        AttributeSet { Bindings.Length: > 0 } or ListExpression { Items.Length: > 0 } => true,
        IndentedString text => IsMultiLine(text),
        FunctionExpression { Pattern: IdentifierPattern, Body: var body } => IsAbsorbable(body),
        _ => false,
    };
}

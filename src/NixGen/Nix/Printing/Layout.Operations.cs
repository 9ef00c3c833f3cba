using NixGen.Nix.Expressions;

namespace NixGen.Nix.Printing;

/// <content>Operators: a chain of one operator gets a line for each operand, led by the operator (nixfmt: Pretty.hs, <c>prettyOp</c>).</content>
internal sealed partial class Layout
{
    private void BrokenOperation(BinaryOperation operation, int after, bool firstWide)
    {
        var level = output.Level;
        var (left, right) = Precedence.OfOperands(operation.Operator);
        var first = Chain(operation, out var others);
        if (firstWide && first is AttributeSet set)
        {
            BrokenSet(set);
        }
        else
        {
            Operand(first, left, after: 0);
        }

        for (var index = 0; index < others.Count; index++)
        {
            var room = index == others.Count - 1 ? after : 0;
            if (others.Count == 1 && IsComparison(operation.Operator) && Compared(operation, room))
            {
                return;
            }

            output.NewLine(level);
            output.Ascii(Precedence.Symbol(operation.Operator));
            Behind(others[index], right, room);
        }
    }

    private void Behind(Expression operand, int precedence, int after)
    {
        switch (operand)
        {
            case Application application when Precedence.Application >= precedence:
                ApplicationBehind(application, after);
                break;
            case BinaryOperation inner when Precedence.Of(inner) >= precedence:
                BehindOrBelow(inner, after);
                break;
            default:
                output.Ascii(" "u8);
                Operand(operand, precedence, after);
                break;
        }
    }

    private bool Compared(BinaryOperation operation, int after)
    {
        var start = output.Mark();
        var (_, right) = Precedence.OfOperands(operation.Operator);
        output.Ascii(" "u8);
        output.Ascii(Precedence.Symbol(operation.Operator));
        output.Ascii(" "u8);
        if (IsAbsorbable(operation.Right) && Precedence.Of(operation.Right) >= right && output.Column < width)
        {
            Print(operation.Right, after);
            return true;
        }

        if (FlatOperand(operation.Right, right) && output.Column + after <= width)
        {
            return true;
        }

        output.Return(start);
        return false;
    }

    private static bool IsComparison(BinaryOperator operation) => operation is >= BinaryOperator.Equal and <= BinaryOperator.GreaterOrEqual;

    /// <summary>Takes a chain of one operator apart, as far as no parentheses are needed.</summary>
    private static Expression Chain(BinaryOperation operation, out List<Expression> others)
    {
        var operands = new List<Expression>();
        Collect(operation, operation.Operator, operands);
        others = operands[1..];
        return operands[0];
    }

    private static void Collect(Expression expression, BinaryOperator chained, List<Expression> operands)
    {
        if (expression is not BinaryOperation operation || operation.Operator != chained)
        {
            operands.Add(expression);
            return;
        }

        var own = Precedence.Of(chained);
        var (left, right) = Precedence.OfOperands(chained);
        CollectOrAdd(operation.Left, own >= left, chained, operands);
        CollectOrAdd(operation.Right, own >= right, chained, operands);
    }

    private static void CollectOrAdd(Expression expression, bool mayChain, BinaryOperator chained, List<Expression> operands)
    {
        if (mayChain)
        {
            Collect(expression, chained, operands);
        }
        else
        {
            operands.Add(expression);
        }
    }
}

using NixGen.Nix.Expressions;

namespace NixGen.Nix.Printing;

/// <content>
/// Function calls (nixfmt: Pretty.hs, <c>prettyApp</c>): one argument may spread over lines while everything else stays on the lines where it
/// begins and ends, the last one first of all; otherwise as many arguments as fit stay with the function and each other one gets a line.
/// </content>
internal sealed partial class Layout
{
    private const int MostItemsOfArgument = 6;

    /// <summary>A call behind <c>=</c> or an operator; where it must be spread out it begins on a line of its own.</summary>
    private void ApplicationBehind(Application application, int after)
    {
        var start = output.Mark();
        output.Ascii(" "u8);
        if (Fits(application, after) || Around(application, after))
        {
            return;
        }

        output.Return(start);
        output.NewLine(start.Level + 1);
        Spread(application, after);
    }

    /// <summary>A call that doesn't fit its line; whether its arguments were given lines of their own.</summary>
    private bool BrokenApplication(Application application, int after)
    {
        if (Around(application, after))
        {
            return false;
        }

        Spread(application, after);
        return true;
    }

    /// <summary>The call with one argument over several lines, if the rest allows that; otherwise nothing is written.</summary>
    private bool Around(Application application, int after)
    {
        if (IsSimple(application) && Inseparable(application, after))
        {
            return true;
        }

        var last = application.Arguments.Length - 1;
        if (HasListPairAtEnd(application))
        {
            return false;
        }

        if (CanOpen(application.Arguments[last]) && Opened(application, last))
        {
            LastArgument(application.Arguments[last], after);
            return true;
        }

        var start = output.Mark();
        for (var index = last - 1; index >= 0; index--)
        {
            if (CanOpen(application.Arguments[index]) && RestWidth(application, index + 1) is { } rest && rest + after < width && Opened(application, index))
            {
                BrokenArgument(application.Arguments[index], rest + after);
                if (FlatRest(application, index + 1) && output.Column + after <= width)
                {
                    return true;
                }

                output.Return(start);
            }
        }

        return false;
    }

    /// <summary>The function and the arguments before one on this line, with room for the bracket that opens it.</summary>
    private bool Opened(Application application, int index)
    {
        var start = output.Mark();
        if (FlatHead(application, index) && Symbol(" "u8) && output.Column + OpeningWidth(application.Arguments[index]) <= width)
        {
            return true;
        }

        output.Return(start);
        return false;
    }

    /// <summary>How wide the arguments behind one are on the line of the bracket that closes it; null where they don't fit a line.</summary>
    private int? RestWidth(Application application, int from)
    {
        var start = output.Mark();
        output.Return(start with { Column = 0 });
        int? restWidth = FlatRest(application, from) ? output.Column : null;
        output.Return(start);
        return restWidth;
    }

    private void Spread(Application application, int after)
    {
        var level = output.Level;
        var last = application.Arguments.Length - 1;
        Operand(application.Function, Precedence.Application, after: 0);
        var next = 0;
        for (; next < (HasListPairAtEnd(application) ? last - 1 : last); next++)
        {
            var end = output.Mark();
            if (!Symbol(" "u8) || !FlatArgument(application, next))
            {
                output.Return(end);
                break;
            }
        }

        for (; next <= last; next++)
        {
            output.NewLine(level + 1);
            SpreadArgument(application, next, next == last ? after : 0);
        }
    }

    private void SpreadArgument(Application application, int index, int after)
    {
        var start = output.Mark();
        if (FlatArgument(application, index) && output.Column + after <= width)
        {
            return;
        }

        output.Return(start);
        if (index == application.Arguments.Length - 1)
        {
            LastArgument(application.Arguments[index], after);
        }
        else
        {
            BrokenArgument(application.Arguments[index], after);
        }
    }

    private void BrokenArgument(Expression argument, int after)
    {
        if (Precedence.Of(argument) >= Precedence.Selection)
        {
            Broken(argument, after);
        }
        else
        {
            Parenthesized(argument, after);
        }
    }

    private void LastArgument(Expression argument, int after)
    {
        if (Precedence.Of(argument) >= Precedence.Selection)
        {
            Broken(argument, after);
            return;
        }

        var level = output.Level;
        output.Ascii("("u8);
        switch (argument)
        {
            case FunctionExpression { Pattern: IdentifierPattern { Name: var name }, Body: var body } when body is not FunctionExpression && IsAbsorbable(body):
                output.Text(name);
                output.Ascii(": "u8);
                Broken(body, after);
                break;
            case Application { Function: Identifier { Name: var function }, Arguments: [var only] } when IsAbsorbable(only) && Precedence.Of(only) == Precedence.Term:
                output.Text(function);
                output.Ascii(" "u8);
                Broken(only, after);
                break;
            default:
                output.NewLine(level + 1);
                Print(argument, after: 0);
                output.NewLine(level);
                break;
        }

        output.Ascii(")"u8);
    }

    /// <summary>Whether an argument has brackets, or lines, that can open at a line's end.</summary>
    private static bool CanOpen(Expression argument) =>
        Precedence.Of(argument) < Precedence.Selection || (IsAbsorbable(argument) && argument is not FunctionExpression);

    private static int OpeningWidth(Expression argument) => argument switch
    {
        AttributeSet { Recursive: true } => 5,
        IndentedString => 2,
        FunctionExpression { Pattern: IdentifierPattern { Name: var name }, Body: var body } when body is not FunctionExpression && IsAbsorbable(body) => name.Length + 4,
        Application { Function: Identifier { Name: var name }, Arguments: [var only] } when IsAbsorbable(only) => name.Length + 3,
        _ => 1,
    };

    private bool FlatHead(Application application, int arguments)
    {
        if (!FlatOperand(application.Function, Precedence.Application))
        {
            return false;
        }

        for (var index = 0; index < arguments; index++)
        {
            if (!Symbol(" "u8) || !FlatArgument(application, index))
            {
                return false;
            }
        }

        return true;
    }

    private bool FlatRest(Application application, int from)
    {
        for (var index = from; index < application.Arguments.Length; index++)
        {
            if (!Symbol(" "u8) || !FlatArgument(application, index))
            {
                return false;
            }
        }

        return true;
    }

    // Short lists of simple items stay on the line where another argument follows.
    private bool FlatArgument(Application application, int index)
    {
        var argument = application.Arguments[index];
        var mayHoldMore = index < application.Arguments.Length - 1 || HasListPairAtEnd(application);
        return argument is ListExpression list && mayHoldMore && list.Items.All(IsSimple)
            ? FlatList(list, MostItemsOfArgument)
            : FlatOperand(argument, Precedence.Selection);
    }

    private static bool HasListPairAtEnd(Application application) => application.Arguments is [.., ListExpression, ListExpression];
}

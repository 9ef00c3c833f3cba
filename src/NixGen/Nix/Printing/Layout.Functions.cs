using NixGen.Nix.Expressions;

namespace NixGen.Nix.Printing;

/// <content>Functions, conditionals and assertions.</content>
internal sealed partial class Layout
{
    // nixfmt: Pretty.hs, canFlattenAttrs.
    private const int MostParametersOnLine = 2;

    // nixfmt: Pretty.hs, absorbAbs.
    private const int MostNamesBeforeBody = 2;

    private void BrokenFunction(FunctionExpression function, int after)
    {
        var level = output.Level;
        if (function.Pattern is SetPattern set)
        {
            Pattern(set);
            output.Ascii(":"u8);
            output.NewLine(level);
            Print(function.Body, after);
            return;
        }

        Expression rest = function;
        var names = 0;
        for (; rest is FunctionExpression { Pattern: IdentifierPattern { Name: var name } } inner; rest = inner.Body)
        {
            output.Text(names++ == 0 ? "" : " ");
            output.Text(name);
            output.Ascii(":"u8);
        }

        if (IsAbsorbable(rest))
        {
            output.Ascii(" "u8);
            Print(rest, after);
            return;
        }

        output.NewLine(level);
        Print(rest, after);
    }

    private void Pattern(SetPattern pattern)
    {
        var start = output.Mark();
        if (FlatPattern(pattern))
        {
            return;
        }

        output.Return(start);
        output.Ascii("{"u8);
        foreach (var parameter in pattern.Parameters)
        {
            output.NewLine(start.Level + 1);
            if (parameter.Comment is { } comment)
            {
                Lines(comment, start.Level + 1);
                output.NewLine(start.Level + 1);
            }

            output.Text(parameter.Name);
            if (parameter.Fallback is { } fallback)
            {
                output.Ascii(" ?"u8);
                RightSide(fallback, after: 1);
            }

            output.Ascii(","u8);
        }

        if (pattern.Open)
        {
            output.NewLine(start.Level + 1);
            output.Ascii("..."u8);
        }

        output.NewLine(start.Level);
        output.Ascii("}"u8);
        Alias(pattern);
    }

    private bool FlatPattern(SetPattern pattern)
    {
        if (pattern.Parameters.Length > MostParametersOnLine)
        {
            return false;
        }

        var separator = "{ "u8;
        foreach (var parameter in pattern.Parameters)
        {
            if (parameter.Fallback is not null || parameter.Comment is not null)
            {
                return false;
            }

            output.Ascii(separator);
            output.Text(parameter.Name);
            separator = ", "u8;
        }

        if (pattern.Open)
        {
            output.Ascii(separator);
            output.Ascii("..."u8);
        }

        output.Ascii(pattern is { Parameters: [], Open: false } ? "{ }"u8 : " }"u8);
        Alias(pattern);
        return output.Column < Width;
    }

    private void Alias(SetPattern pattern)
    {
        if (pattern.Alias is { } alias)
        {
            output.Ascii("@"u8);
            output.Text(alias);
        }
    }

    private void BrokenAssert(AssertExpression assertion, int after)
    {
        var level = output.Level;
        output.Ascii("assert"u8);
        if (assertion.Condition is Application application)
        {
            output.Ascii(" "u8);
            if (Fits(application, after: 1) || (!IsSimple(application) && Around(application, after: 1)))
            {
                output.Ascii(";"u8);
                output.NewLine(level);
                Print(assertion.Body, after);
                return;
            }

            Spread(application, after: 1);
        }
        else
        {
            BehindOrBelow(assertion.Condition, after: 1);
        }

        output.Ascii(";"u8);
        output.NewLine(level);
        Print(assertion.Body, after);
    }

    private void BrokenIf(IfExpression conditional, int after)
    {
        var level = output.Level;
        for (; ; )
        {
            Condition(conditional.Condition, level);
            output.NewLine(level + 1);
            Print(conditional.WhenTrue, after: 0);
            output.NewLine(level);
            if (conditional.WhenFalse is not IfExpression next)
            {
                break;
            }

            output.Ascii("else "u8);
            conditional = next;
        }

        output.Ascii("else"u8);
        output.NewLine(level + 1);
        Print(conditional.WhenFalse, after);
    }

    private void Condition(Expression condition, int level)
    {
        var start = output.Mark();
        if (Symbol("if "u8) && Flat(condition) && Symbol(" then"u8))
        {
            return;
        }

        output.Return(start);
        output.Ascii("if"u8);
        output.NewLine(level + 1);
        Print(condition, after: 0);
        output.NewLine(level);
        output.Ascii("then"u8);
    }
}

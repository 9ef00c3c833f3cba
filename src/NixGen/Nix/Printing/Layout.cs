using NixGen.Nix.Expressions;

namespace NixGen.Nix.Printing;

/// <summary>
/// Decides where lines break. Every method begins at the current column; what it breaks is indented from the line on which it begins, so
/// several constructs that open on one line add one level together. <c>after</c> is how many columns must stay free behind the last character.
/// </summary>
internal sealed partial class Layout(NixBuffer output)
{
    private const int Width = 100;

    // Without bound while something is written that has to stay on its line.
    private int width = Width;

    /// <summary>An expression on one line if that fits, else broken where its kind breaks.</summary>
    public void Print(Expression expression, int after)
    {
        if (!Fits(expression, after))
        {
            Broken(expression, after);
        }
    }

    private bool Fits(Expression expression, int after)
    {
        var start = output.Mark();
        if (Flat(expression) && output.Column + after <= width)
        {
            return true;
        }

        output.Return(start);
        return false;
    }

    private void Broken(Expression expression, int after)
    {
        switch (expression)
        {
            case AttributeSet { Bindings.Length: > 0 } set:
                BrokenSet(set);
                break;
            case ListExpression { Items.Length: > 0 } list:
                BrokenList(list);
                break;
            case LetExpression let:
                BrokenLet(let);
                break;
            case FunctionExpression function:
                BrokenFunction(function, after);
                break;
            case Application application:
                BrokenApplication(application, after);
                break;
            case BinaryOperation operation:
                BrokenOperation(operation, after, firstWide: false);
                break;
            case IfExpression conditional:
                BrokenIf(conditional, after);
                break;
            case AssertExpression assertion:
                BrokenAssert(assertion, after);
                break;
            case CommentedExpression commented:
                BrokenComment(commented, after);
                break;
            case VerbatimExpression verbatim:
                Verbatim(verbatim);
                break;
            case IndentedString text:
                Indented(text);
                break;
            case Selection { Fallback: { } fallback } selection:
                SelectionTarget(selection);
                Path(selection.Path, leadingDot: true);
                output.Ascii(" or "u8);
                Operand(fallback, Precedence.Selection, after);
                break;
            case Selection selection:
                SelectionTarget(selection);
                Path(selection.Path, leadingDot: true);
                break;
            case AttributeTest test:
                Operand(test.Target, Precedence.Application, after: 0);
                output.Ascii(" ? "u8);
                Path(test.Path, leadingDot: false);
                break;
            case NotOperation not:
                output.Ascii("!"u8);
                Operand(not.Operand, Precedence.Of(not), after);
                break;
            case NegateOperation negation:
                output.Ascii("-"u8);
                Operand(negation.Operand, Precedence.Application, after);
                break;
            default:
                Unbreakable(expression);
                break;
        }
    }

    /// <summary>An expression where one of at least some precedence must stand: in parentheses if it binds less tightly.</summary>
    private void Operand(Expression expression, int precedence, int after)
    {
        if (Precedence.Of(expression) >= precedence)
        {
            Print(expression, after);
        }
        else
        {
            Parenthesized(expression, after);
        }
    }

    private void SelectionTarget(Selection selection)
    {
        if (ContinuesSelection(selection))
        {
            Print(selection.Target, after: 0);
        }
        else
        {
            Operand(selection.Target, Precedence.OfSelectionTarget(selection.Target), after: 0);
        }
    }

    // With a fallback the parentheses matter: (a.b).c or d doesn't fall back where b is missing.
    private static bool ContinuesSelection(Selection selection) => selection is { Fallback: null, Target: Selection { Fallback: null } };

    private void Parenthesized(Expression expression, int after)
    {
        if (FitsInParentheses(expression, after))
        {
            return;
        }

        var level = output.Level;
        output.Ascii("("u8);
        switch (expression)
        {
            case var _ when IsAbsorbable(expression):
                Print(expression, after + 1);
                break;
            case Application application:
                if (BrokenApplication(application, after + 1))
                {
                    output.NewLine(level);
                }

                break;
            default:
                output.NewLine(level + 1);
                Print(expression, after: 0);
                output.NewLine(level);
                break;
        }

        output.Ascii(")"u8);
    }

    private bool FitsInParentheses(Expression expression, int after)
    {
        var start = output.Mark();
        output.Ascii("("u8);
        if (Fits(expression, after + 1))
        {
            output.Ascii(")"u8);
            return true;
        }

        output.Return(start);
        return false;
    }

    private void BrokenComment(CommentedExpression commented, int after)
    {
        var level = output.Level;
        Lines(commented.Comment, level);
        if (commented.BlankLine)
        {
            output.BlankLine(level);
        }
        else
        {
            output.NewLine(level);
        }

        Print(commented.Body, after);
    }

    private void Lines(Comment comment, int level)
    {
        output.NewLine(level);
        if (comment.Style == CommentStyle.Documentation)
        {
            output.Ascii("/**"u8);
            foreach (var line in comment.Lines)
            {
                output.EndStringLine();
                if (line.Length > 0)
                {
                    output.Level = level + 1;
                    output.Indent();
                    output.Text(line);
                }
            }

            output.EndStringLine();
            output.Level = level;
            output.Indent();
            output.Ascii("*/"u8);
            return;
        }

        for (var index = 0; index < comment.Lines.Length; index++)
        {
            output.NewLine(level);
            output.Ascii(comment.Lines[index].Length == 0 ? "#"u8 : "# "u8);
            output.Text(comment.Lines[index]);
        }
    }
}

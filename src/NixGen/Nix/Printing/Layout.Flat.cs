using NixGen.Nix.Expressions;

namespace NixGen.Nix.Printing;

/// <content>What stands on one line. These methods return false as soon as something can't, and the caller returns to where it began.</content>
internal sealed partial class Layout
{
    private bool Flat(Expression expression)
    {
        switch (expression)
        {
            case AttributeSet set:
                return FlatSet(set);
            case ListExpression list:
                return FlatList(list, mostItems: 1);
            case Selection selection:
                return FlatTarget(selection) && FlatPath(selection.Path, leadingDot: true) && FlatFallback(selection.Fallback);
            case AttributeTest test:
                return FlatOperand(test.Target, Precedence.Application) && Symbol(" ? "u8) && FlatPath(test.Path, leadingDot: false);
            case Application application:
                return FlatHead(application, application.Arguments.Length - 1) && Symbol(" "u8) && FlatArgument(application, application.Arguments.Length - 1);
            case FunctionExpression function:
                return function.Pattern is IdentifierPattern { Name: var name } && Word(name) && Symbol(": "u8) && FlatBody(function.Body, depth: 1);
            case IfExpression conditional:
                return Symbol("if "u8) && Flat(conditional.Condition) && Symbol(" then "u8) && Flat(conditional.WhenTrue)
                    && Symbol(" else "u8) && conditional.WhenFalse is not IfExpression && Flat(conditional.WhenFalse);
            case BinaryOperation operation:
                var (left, right) = Precedence.OfOperands(operation.Operator);
                return FlatOperand(operation.Left, left) && Symbol(" "u8) && Symbol(Precedence.Symbol(operation.Operator)) && Symbol(" "u8)
                    && FlatOperand(operation.Right, right);
            case NotOperation not:
                return Symbol("!"u8) && FlatOperand(not.Operand, Precedence.Of(not));
            case NegateOperation negation:
                return Symbol("-"u8) && FlatOperand(negation.Operand, Precedence.Application);
            case LetExpression or AssertExpression or CommentedExpression:
                return false;
            case VerbatimExpression verbatim:
                return verbatim.IsOneLine && Word(verbatim.Text);
            case IndentedString lines:
                return FlatIndented(lines);
            case InterpolatedString parts:
                return FlatParts(parts.Parts, indented: false);
            case StringLiteral text when text.Text.Length > width:
                return false;
            default:
                Unbreakable(expression);
                return output.Column <= width;
        }
    }

    /// <summary>What has no place to break, however long it is.</summary>
    private void Unbreakable(Expression expression)
    {
        switch (expression)
        {
            case StringLiteral text:
                output.Ascii("\""u8);
                StringEscaping.WriteQuoted(output, text.Text);
                output.Ascii("\""u8);
                break;
            case InterpolatedString text:
                Interpolated(text.Parts);
                break;
            case Identifier identifier:
                output.Text(identifier.Name);
                break;
            case IntegerLiteral { Value: long.MinValue }:
                // The lexer reads digits before it sees the minus sign, and these digits are one too many for it.
                output.Ascii("-9223372036854775807 - 1"u8);
                break;
            case IntegerLiteral integer:
                output.Integer(integer.Value);
                break;
            case BooleanLiteral boolean:
                output.Ascii(boolean.Value ? "true"u8 : "false"u8);
                break;
            case NullLiteral:
                output.Ascii("null"u8);
                break;
            case PathLiteral path:
                WritePath(path);
                break;
            case SearchPath search:
                output.Ascii("<"u8);
                output.Text(search.Name);
                output.Ascii(">"u8);
                break;
            case AttributeSet set:
                output.Ascii(set.Recursive ? "rec { }"u8 : "{ }"u8);
                break;
            case ListExpression:
                output.Ascii("[ ]"u8);
                break;
            default:
                throw new InvalidOperationException($"{expression.GetType().Name} has no layout.");
        }
    }

    private void WritePath(PathLiteral path)
    {
        output.Ascii(path.Up == 0 ? "."u8 : ".."u8);
        for (var up = 1; up < path.Up; up++)
        {
            output.Ascii("/.."u8);
        }

        foreach (var segment in path.Segments)
        {
            output.Ascii("/"u8);
            output.Text(segment);
        }

        if (path.Segments.IsEmpty)
        {
            output.Ascii("/."u8);
        }
    }

    // An attribute set that is bound to a name is always spread out, so a set around one never fits a line.
    private bool FlatSet(AttributeSet set) => set.Bindings switch
    {
        [] => Symbol(set.Recursive ? "rec { }"u8 : "{ }"u8),
        [{ Comment: null } only] => Symbol(set.Recursive ? "rec { "u8 : "{ "u8) && FlatBinding(only) && Symbol(" }"u8),
        _ => false,
    };

    private bool FlatBinding(Binding binding) => binding switch
    {
        AttributeBinding bound => !SpreadsOut(bound.Value) && FlatPath(bound.Path, leadingDot: false) && Symbol(" = "u8) && Flat(bound.Value) && Symbol(";"u8),
        InheritBinding inherit => FlatInherit(inherit),
        _ => false,
    };

    private bool FlatList(ListExpression list, int mostItems)
    {
        if (list.Items.Length > mostItems)
        {
            return false;
        }

        output.Ascii("["u8);
        foreach (var item in list.Items)
        {
            if (!Symbol(" "u8) || !FlatOperand(item, Precedence.Selection))
            {
                return false;
            }
        }

        return Symbol(" ]"u8);
    }

    private bool FlatBody(Expression body, int depth) => body is FunctionExpression { Pattern: IdentifierPattern { Name: var name } } inner
        ? Word(name) && Symbol(": "u8) && FlatBody(inner.Body, depth + 1)
        : (depth <= MostNamesBeforeBody || IsAbsorbable(body)) && Flat(body);

    private bool FlatOperand(Expression expression, int precedence) => Precedence.Of(expression) >= precedence
        ? Flat(expression)
        : Symbol("("u8) && Flat(expression) && Symbol(")"u8);

    private bool FlatTarget(Selection selection) => ContinuesSelection(selection)
        ? Flat(selection.Target)
        : FlatOperand(selection.Target, Precedence.OfSelectionTarget(selection.Target));

    private bool FlatFallback(Expression? fallback) => fallback is null || (Symbol(" or "u8) && FlatOperand(fallback, Precedence.Selection));

    private bool FlatPath(AttributePath path, bool leadingDot)
    {
        Path(path, leadingDot);
        return output.Column <= width;
    }

    private bool Word(ReadOnlySpan<char> text)
    {
        output.Text(text);
        return output.Column <= width;
    }

    private bool Symbol(ReadOnlySpan<byte> text)
    {
        output.Ascii(text);
        return output.Column <= width;
    }
}

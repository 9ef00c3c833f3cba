using System.Collections.Immutable;
using NixGen.Nix.Expressions;

namespace NixGen.Nix.Printing;

/// <content>Attribute sets, lists, <c>let</c>, and the bindings in them.</content>
internal sealed partial class Layout
{
    // nixfmt: Pretty.hs, Inherit. Four names or more are spread out even where they would fit.
    private const int MostNamesOnLine = 3;

    // nixfmt: Pretty.hs, Assignment. Behind a left side longer than this, a line may break after the equals sign.
    private const int MostPlainNames = 4;

    private void BrokenSet(AttributeSet set)
    {
        var level = output.Level;
        output.Ascii(set.Recursive ? "rec {"u8 : "{"u8);
        Bindings(set.Bindings, level + 1);
        output.NewLine(level);
        output.Ascii("}"u8);
    }

    private void BrokenList(ListExpression list)
    {
        var level = output.Level;
        output.Ascii("["u8);
        foreach (var item in list.Items)
        {
            output.NewLine(level + 1);
            if (item is CommentedExpression { Comment: var comment, Body: var body, BlankLine: var blankLine })
            {
                Lines(comment, level + 1);
                if (blankLine)
                {
                    output.BlankLine(level + 1);
                }
                else
                {
                    output.NewLine(level + 1);
                }

                Operand(body, Precedence.Selection, after: 0);
            }
            else
            {
                Operand(item, Precedence.Selection, after: 0);
            }
        }

        output.NewLine(level);
        output.Ascii("]"u8);
    }

    private void BrokenLet(LetExpression let)
    {
        var level = output.Level;
        output.Ascii("let"u8);
        Bindings(let.Bindings, level + 1);
        output.NewLine(level);
        output.Ascii("in"u8);
        output.NewLine(level);
        Print(let.Body, after: 0);
    }

    private void Bindings(ImmutableArray<Binding> bindings, int level)
    {
        for (var index = 0; index < bindings.Length; index++)
        {
            var binding = bindings[index];
            if (binding.BlankLine && index > 0)
            {
                output.BlankLine(level);
            }
            else
            {
                output.NewLine(level);
            }

            if (binding.Comment is { } comment)
            {
                Lines(comment, level);
                output.NewLine(level);
            }

            switch (binding)
            {
                case AttributeBinding bound:
                    Bound(bound);
                    break;
                case InheritBinding inherit:
                    Inherit(inherit);
                    break;
            }
        }
    }

    private void Bound(AttributeBinding binding)
    {
        var start = output.Mark();
        Path(binding.Path, leadingDot: false);
        output.Ascii(" ="u8);
        if (IsPlain(binding.Path) || !BreaksBehindEquals(binding.Value, start))
        {
            RightSide(binding.Value, after: 1);
        }

        output.Ascii(";"u8);
    }

    private static bool IsPlain(AttributePath path)
    {
        var plain = path.Count <= MostPlainNames && path.First.IsIdentifier;
        foreach (var name in path.Rest)
        {
            plain = plain && name.IsIdentifier;
        }

        return plain;
    }

    /// <summary>Behind a long or quoted name, a value that would pass the limit goes to a line of its own.</summary>
    private bool BreaksBehindEquals(Expression value, NixBuffer.Point start)
    {
        if (SpreadsOut(value) || IsAbsorbable(value) || (value is BinaryOperation operation && IsAbsorbable(Chain(operation, out _))))
        {
            return false;
        }

        var behindEquals = output.Mark();
        output.Ascii(" "u8);
        if (Fits(value, after: 1) || (value is Application application && Around(application, after: 1)))
        {
            return true;
        }

        output.Return(behindEquals);
        output.NewLine(start.Level + 1);
        Print(value, after: 1);
        return true;
    }

    private void Inherit(InheritBinding inherit)
    {
        var start = output.Mark();
        if (FlatInherit(inherit))
        {
            return;
        }

        output.Return(start);
        output.Ascii("inherit"u8);
        if (inherit.Source is { } source)
        {
            output.Ascii(" "u8);
            Parenthesized(source, after: 0);
        }

        foreach (var name in inherit.Names)
        {
            output.NewLine(start.Level + 1);
            Name(name);
        }

        output.NewLine(start.Level + 1);
        output.Ascii(";"u8);
    }

    private bool FlatInherit(InheritBinding inherit)
    {
        if (inherit.Names.Length > MostNamesOnLine || !Symbol("inherit"u8))
        {
            return false;
        }

        if (inherit.Source is { } source && !(Symbol(" ("u8) && Flat(source) && Symbol(")"u8)))
        {
            return false;
        }

        foreach (var name in inherit.Names)
        {
            output.Ascii(" "u8);
            Name(name);
        }

        return Symbol(";"u8);
    }

    private void Path(AttributePath path, bool leadingDot)
    {
        if (leadingDot)
        {
            output.Ascii("."u8);
        }

        Name(path.First);
        foreach (var name in path.Rest)
        {
            output.Ascii("."u8);
            Name(name);
        }
    }

    private void Name(AttributeName name)
    {
        switch (name.Expression)
        {
            case null:
                break;
            case StringLiteral or InterpolatedString:
                Unbreakable(name.Expression);
                return;
            default:
                Interpolation(name.Expression);
                return;
        }

        var text = name.Text ?? throw new InvalidOperationException("An attribute name was never given.");
        if (NixIdentifier.IsIdentifier(text))
        {
            output.Text(text);
            return;
        }

        output.Ascii("\""u8);
        StringEscaping.WriteQuoted(output, text);
        output.Ascii("\""u8);
    }
}

using NixGen.Nix.Expressions;

namespace NixGen.Nix.Printing;

/// <content>Simple things: what nixfmt keeps on one line even past the limit, because breaking it would gain nothing.</content>
internal sealed partial class Layout
{
    private const int MostSimpleArguments = 2;

    /// <summary>A call of simple things has no place to break, except inside its last argument.</summary>
    private bool Inseparable(Application application, int after)
    {
        var (start, limit) = (output.Mark(), width);
        width = int.MaxValue;
        var flat = FlatHead(application, application.Arguments.Length - 1);
        width = limit;
        if (!flat)
        {
            output.Return(start);
            return false;
        }

        output.Ascii(" "u8);
        SpreadArgument(application, application.Arguments.Length - 1, after);
        return true;
    }

    // nixfmt: Pretty.hs, isSimple.
    private static bool IsSimple(Expression expression) => expression switch
    {
        StringLiteral or InterpolatedString or IndentedString or Identifier or BooleanLiteral or NullLiteral or PathLiteral or IntegerLiteral => true,
        Selection { Fallback: null } selection => IsSimple(selection.Target) && IsPlainPath(selection.Path),
        Application { Arguments.Length: <= MostSimpleArguments } application => IsSimple(application.Function) && application.Arguments.All(IsSimple),
        _ => false,
    };

    private static bool IsPlainPath(AttributePath path)
    {
        var plain = path.First.IsIdentifier;
        foreach (var name in path.Rest)
        {
            plain = plain && name.IsIdentifier;
        }

        return plain;
    }
}

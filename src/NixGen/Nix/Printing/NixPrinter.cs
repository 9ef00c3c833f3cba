using System.Buffers;
using System.Text;
using NixGen.Nix.Expressions;

namespace NixGen.Nix.Printing;

/// <summary>
/// Prints expressions as nixfmt lays them out (NixOS RFC 166; NixOS/nixfmt, <c>standard.md</c>): two spaces a level, 100 columns without the
/// indentation, LF, one final line end. The same expression gives the same bytes everywhere.
/// </summary>
public static class NixPrinter
{
    /// <summary>A whole file's text.</summary>
    /// <exception cref="ArgumentException">A <see cref="VerbatimExpression"/> can't be indented where it stands.</exception>
    public static string Print(Expression expression)
    {
        using var output = new NixBuffer();
        Print(expression, output);
        return Encoding.UTF8.GetString(output.Written);
    }

    /// <summary>A whole file's bytes: UTF-8 without a byte order mark.</summary>
    /// <exception cref="ArgumentException">A <see cref="VerbatimExpression"/> can't be indented where it stands.</exception>
    public static byte[] PrintUtf8(Expression expression)
    {
        using var output = new NixBuffer();
        Print(expression, output);
        return output.Written.ToArray();
    }

    /// <summary>Writes a whole file's bytes: UTF-8 without a byte order mark.</summary>
    /// <exception cref="ArgumentException">A <see cref="VerbatimExpression"/> can't be indented where it stands.</exception>
    public static void Print(Expression expression, IBufferWriter<byte> destination)
    {
        using var output = new NixBuffer();
        Print(expression, output);
        destination.Write(output.Written);
    }

    private static void Print(Expression expression, NixBuffer output)
    {
        new Layout(output).Print(expression, after: 0);
        output.EndStringLine();
    }
}

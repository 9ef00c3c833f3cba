using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace NixGen.Nix.Printing;

/// <summary>Where printed UTF-8 gathers. It knows the column, and can be taken back to an earlier point when a layout turns out too wide.</summary>
internal sealed class NixBuffer : IDisposable
{
    private const int SpacesPerLevel = 2;

    // Unpaired surrogates never get here: NixText refuses them.
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private byte[] bytes = ArrayPool<byte>.Shared.Rent(1 << 14);
    private int length;

    /// <summary>Characters (Unicode scalar values) on this line, without its indentation: nixfmt's line limit leaves that out too.</summary>
    public int Column { get; private set; }

    /// <summary>The indentation of this line, in levels.</summary>
    public int Level { get; set; }

    public ReadOnlySpan<byte> Written => bytes.AsSpan(0, length);

    /// <summary>A point to return to. It must not lie behind a space that the next line end would take away.</summary>
    public Point Mark() => new(length, Column, Level);

    public void Return(Point point) => (length, Column, Level) = (point.Length, point.Column, point.Level);

    /// <summary>Ends the line, unless it is still empty, and begins one at a level.</summary>
    public void NewLine(int level)
    {
        TrimSpaces();
        if (Column > 0)
        {
            Byte((byte)'\n');
        }

        Level = level;
        Indent();
    }

    /// <summary>Ends the line; an empty one follows, and another begins at a level.</summary>
    public void BlankLine(int level)
    {
        NewLine(0);
        Byte((byte)'\n');
        Level = level;
        Indent();
    }

    /// <summary>Ends a line of a string's value, empty or not; no indentation follows.</summary>
    public void EndStringLine()
    {
        Byte((byte)'\n');
        Column = 0;
    }

    /// <summary>Begins a line at its indentation.</summary>
    public void Indent()
    {
        var spaces = Level * SpacesPerLevel;
        Reserve(spaces).Fill((byte)' ');
        length += spaces;
        Column = 0;
    }

    /// <summary>Writes characters that are ASCII.</summary>
    public void Ascii(ReadOnlySpan<byte> text)
    {
        text.CopyTo(Reserve(text.Length));
        length += text.Length;
        Column += text.Length;
    }

    /// <summary>Writes any characters but line ends.</summary>
    public void Text(ReadOnlySpan<char> text)
    {
        var written = Utf8.GetBytes(text, Reserve(Utf8.GetMaxByteCount(text.Length)));
        length += written;
        Column += written == text.Length ? text.Length : text.Length - LowSurrogates(text);
    }

    /// <summary>Writes an integer in decimal.</summary>
    public void Integer(long value)
    {
        if (!Utf8Formatter.TryFormat(value, Reserve(20), out var written))
        {
            throw new InvalidOperationException("20 characters hold any integer of 64 bits.");
        }

        length += written;
        Column += written;
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(bytes);
        bytes = [];
    }

    private static int LowSurrogates(ReadOnlySpan<char> text)
    {
        var count = 0;
        foreach (var character in text)
        {
            count += char.IsLowSurrogate(character) ? 1 : 0;
        }

        return count;
    }

    // Never part of a string: those end in quotes.
    private void TrimSpaces()
    {
        while (length > 0 && bytes[length - 1] == (byte)' ')
        {
            length--;
        }
    }

    private void Byte(byte value)
    {
        Reserve(1)[0] = value;
        length++;
    }

    private Span<byte> Reserve(int count)
    {
        if (bytes.Length - length < count)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(bytes.Length * 2, length + count));
            Written.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(bytes);
            bytes = larger;
        }

        return bytes.AsSpan(length, count);
    }

    /// <summary>A point to return to.</summary>
    internal readonly record struct Point(int Length, int Column, int Level);
}

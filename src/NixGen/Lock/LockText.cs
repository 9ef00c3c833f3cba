using System.Text;
using System.Text.Unicode;
using NixGen.Diagnostics;

namespace NixGen.Lock;

/// <summary>A lock file's bytes, with places in them for diagnostics. Lines are counted only when something is wrong.</summary>
internal sealed class LockText
{
    private readonly ReadOnlyMemory<byte> _original;
    private readonly Lazy<SourceText> _source;

    /// <summary>Holds a file's bytes; a byte order mark is left out.</summary>
    public LockText(string path, ReadOnlyMemory<byte> utf8)
    {
        _original = utf8.Span.StartsWith("\uFEFF"u8) ? utf8[3..] : utf8;
        Path = path;
        Bytes = _original;
        _source = new(() => new SourceText(path, Encoding.UTF8.GetString(_original.Span)));
    }

    private LockText(LockText whole, ReadOnlyMemory<byte> bytes)
    {
        _original = whole._original;
        _source = whole._source;
        Path = whole.Path;
        Bytes = bytes;
    }

    /// <summary>The path that diagnostics show.</summary>
    public string Path { get; }

    /// <summary>What is to be parsed; as long as the file, so that offsets are the file's.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>Whether the file is UTF-8 throughout.</summary>
    public bool IsUtf8 => Utf8.IsValid(_original.Span);

    /// <summary>The same file with other bytes to parse, of the same length.</summary>
    public LockText With(ReadOnlyMemory<byte> bytes) => new(this, bytes);

    /// <summary>A place in the file. Counts characters from the start, so it is for what is reported.</summary>
    public SourceSpan At(ByteSpan span) => At(span.Start, span.Length);

    /// <summary>A place in the file.</summary>
    /// <param name="start">Offset in bytes.</param>
    /// <param name="length">Length in bytes.</param>
    public SourceSpan At(long start, long length)
    {
        var begin = (int)Math.Clamp(start, 0, _original.Length);
        var end = (int)Math.Clamp(start + length, begin, _original.Length);
        var characters = Encoding.UTF8.GetCharCount(_original.Span[..begin]);
        return _source.Value.At(new(characters, Encoding.UTF8.GetCharCount(_original.Span[begin..end])));
    }
}

/// <summary>A run of bytes.</summary>
/// <param name="Start">Offset in bytes.</param>
/// <param name="Length">Length in bytes.</param>
internal readonly record struct ByteSpan(long Start, long Length);

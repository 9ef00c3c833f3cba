using System.Text;
using System.Text.Unicode;
using NixGen.Diagnostics;

namespace NixGen.Manifest.Tree;

/// <summary>Makes text of a manifest's bytes.</summary>
internal static class ManifestText
{
    /// <summary>The text without a byte order mark; null, with a diagnostic, where the bytes aren't text.</summary>
    public static SourceText? Decode(string path, ReadOnlySpan<byte> bytes, DiagnosticBag diagnostics)
    {
        if (bytes is [0xFE, 0xFF, ..] or [0xFF, 0xFE, ..])
        {
            diagnostics.Add(TreeDiagnostics.NotUtf8(
                new SourceText(path, "").At(default),
                "the manifest is UTF-16, and manifests are UTF-8",
                "save it as UTF-8"));
            return null;
        }

        if (bytes.StartsWith("\uFEFF"u8))
        {
            bytes = bytes["\uFEFF"u8.Length..];
        }

        // Before anything else, so that no diagnostic can show a secret: not even the one of a broken byte beside it.
        var source = new SourceText(path, Encoding.UTF8.GetString(bytes));
        LiteralSecrets.Conceal(source);
        if (!Utf8.IsValid(bytes))
        {
            var valid = ValidPrefix(bytes);
            diagnostics.Add(TreeDiagnostics.NotUtf8(
                source.At(new(Encoding.UTF8.GetCharCount(bytes[..valid]), 1)),
                $"the byte 0x{bytes[valid]:x2} here isn't valid UTF-8",
                "save the file as UTF-8"));
            return null;
        }

        var nul = source.Text.IndexOf('\0', StringComparison.Ordinal);
        if (nul >= 0)
        {
            diagnostics.Add(TreeDiagnostics.NotUtf8(
                source.At(new(nul, 1)),
                "the manifest holds a NUL character",
                "remove it; a text file has none"));
            return null;
        }

        return source;
    }

    private static int ValidPrefix(ReadOnlySpan<byte> bytes)
    {
        var position = 0;
        while (position < bytes.Length
            && Rune.DecodeFromUtf8(bytes[position..], out _, out var consumed) == System.Buffers.OperationStatus.Done)
        {
            position += consumed;
        }

        return position;
    }
}

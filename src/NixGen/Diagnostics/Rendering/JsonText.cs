using System.Buffers;
using System.Text;
using System.Text.Json;

namespace NixGen.Diagnostics.Rendering;

/// <summary>Writes one JSON document to a text writer: indented by two, line feeds, everything but ASCII escaped, so that no terminal acts on it.</summary>
internal static class JsonText
{
    private static readonly JsonWriterOptions Options = new() { Indented = true, NewLine = "\n" };

    /// <summary>Writes what <paramref name="body"/> writes, and a line feed.</summary>
    public static void Write(TextWriter output, Action<Utf8JsonWriter> body)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            body(writer);
        }

        output.Write(Encoding.UTF8.GetString(buffer.WrittenSpan));
        output.Write('\n');
    }
}

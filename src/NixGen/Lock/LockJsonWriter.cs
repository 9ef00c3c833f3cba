using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace NixGen.Lock;

/// <summary>Writes a lock in its one spelling: equal locks are equal bytes, and one file is one line.</summary>
internal sealed class LockJsonWriter
{
    private readonly StringBuilder _output = new();

    // How much further in the entry of an alternate stands than that of a model.
    private int _shift;

    /// <summary>UTF-8 without a byte order mark, LF, two spaces of indent, one final line feed, keys ordered ordinally.</summary>
    public static byte[] Write(LockFile lockFile)
    {
        var writer = new LockJsonWriter();
        writer.WriteLock(lockFile);
        return Encoding.UTF8.GetBytes(writer._output.ToString());
    }

    /// <summary>What ties the lines of an entry together: 32 hexadecimal digits of the SHA-256 over its name and its canonical content. A merge by lines can join parts of two entries into a third that nobody locked; its seal is wrong.</summary>
    public static string SealOf(LockedModel model)
    {
        var writer = new LockJsonWriter();
        writer.WriteContent(model);
        return SealOf(model.Name, writer._output.ToString());
    }

    private void WriteLock(LockFile lockFile)
    {
        _output.Append("{\n  \"models\": {");
        var separator = "\n";
        foreach (var (name, model) in lockFile.Models)
        {
            _output.Append(separator);
            Key(4, name);
            WriteModel(model);
            separator = ",\n";
        }

        _output.Append(lockFile.Models.IsEmpty ? "}" : "\n  }");
        _output.Append(",\n  \"version\": ")
            .Append(LockFile.CurrentVersion.ToString(CultureInfo.InvariantCulture))
            .Append("\n}\n");
    }

    private void WriteModel(LockedModel model)
    {
        var start = _output.Length;
        WriteContent(model);
        var seal = SealOf(model.Name, _output.ToString(start, _output.Length - start));
        _output.Append(",\n");
        Key(6, "seal");
        JsonText.Append(_output, seal);
        _output.Append("\n    }");
    }

    private void WriteContent(LockedModel model)
    {
        _output.Append("{\n");
        if (!model.Alternates.IsEmpty)
        {
            WriteAlternates(model.Alternates);
            _output.Append(",\n");
        }

        WriteParts(model.Files, model.Request, model.Resolved);
    }

    private void WriteAlternates(ImmutableArray<LockedAlternate> alternates)
    {
        Key(6, "alternates");
        _output.Append('[');
        var separator = "\n";
        _shift = 4;
        foreach (var alternate in alternates)
        {
            _output.Append(separator).Append(' ', 8).Append("{\n");
            WriteParts(alternate.Files, alternate.Request, alternate.Resolved);
            Close(4, '}');
            separator = ",\n";
        }

        _shift = 0;
        Close(6, ']');
    }

    private void WriteParts(ImmutableArray<LockedFile> files, CanonicalRequest request, ResolvedRevision resolved)
    {
        WriteFiles(files);
        _output.Append(",\n");
        WriteRequest(request);
        _output.Append(",\n");
        WriteResolved(resolved);
    }

    private static string SealOf(string name, string content) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{name}\n{content}")).AsSpan(..16));

    private void WriteFiles(ImmutableArray<LockedFile> files)
    {
        Key(6, "files");
        _output.Append('[');
        var separator = "\n";
        foreach (var file in files)
        {
            _output.Append(separator).Append(' ', 8 + _shift).Append("{ \"path\": ");
            JsonText.Append(_output, file.Path);
            _output.Append(", \"size\": ").Append(file.Size.ToString(CultureInfo.InvariantCulture)).Append(", \"sha256\": ");
            JsonText.Append(_output, file.Sha256.Text);
            _output.Append(", \"blob\": ");
            JsonText.Append(_output, file.Blob);
            Inline("object", file.Object);
            Inline("text", file.Text);
            Inline("url", file.Url);
            Inline("version", file.Version);
            _output.Append(" }");
            separator = ",\n";
        }

        CloseUnless(files.IsEmpty, 6, ']');
    }

    private void Inline(string name, string? value)
    {
        if (value is not null)
        {
            _output.Append(", \"").Append(name).Append("\": ");
            JsonText.Append(_output, value);
        }
    }

    private void WriteRequest(CanonicalRequest request)
    {
        Key(6, "request");
        _output.Append("{\n");
        Key(8, request.Kind);
        _output.Append('{');
        var separator = "\n";
        foreach (var (name, value) in request.Fields)
        {
            _output.Append(separator);
            Key(10, name);
            WriteValue(value);
            separator = ",\n";
        }

        CloseUnless(request.Fields.IsEmpty, 8, '}');
        Close(6, '}');
    }

    private void WriteValue(RequestValue value)
    {
        if (value is not RequestValue.List list)
        {
            JsonText.Append(_output, ((RequestValue.Text)value).Value);
            return;
        }

        _output.Append('[');
        var separator = "\n";
        foreach (var item in list.Values)
        {
            _output.Append(separator).Append(' ', 12 + _shift);
            JsonText.Append(_output, item);
            separator = ",\n";
        }

        CloseUnless(list.Values.IsEmpty, 10, ']');
    }

    private void WriteResolved(ResolvedRevision resolved)
    {
        Key(6, "resolved");
        _output.Append('{');
        var separator = "\n";
        Field(ref separator, "commitDate", resolved.CommitDate);
        Field(ref separator, "digest", resolved.Digest);
        Field(ref separator, "endpoint", resolved.Endpoint);
        Field(ref separator, "gated", resolved.Gated);
        Field(ref separator, "id", resolved.Id);
        Field(ref separator, "license", resolved.License);
        Field(ref separator, "region", resolved.Region);
        Field(ref separator, "revision", resolved.Revision);
        Field(ref separator, "scan", resolved.Scan);
        Field(ref separator, "storage", resolved.Storage);
        Field(ref separator, "version", resolved.Version);
        Close(6, '}');
    }

    private void Field(ref string separator, string name, string? value)
    {
        if (value is null)
        {
            return;
        }

        _output.Append(separator);
        Key(8, name);
        JsonText.Append(_output, value);
        separator = ",\n";
    }

    private void Close(int indent, char bracket) => _output.Append('\n').Append(' ', indent + _shift).Append(bracket);

    private void CloseUnless(bool isEmpty, int indent, char bracket)
    {
        if (isEmpty)
        {
            _output.Append(bracket);
        }
        else
        {
            Close(indent, bracket);
        }
    }

    private void Key(int indent, string name)
    {
        _output.Append(' ', indent + _shift);
        JsonText.Append(_output, name);
        _output.Append(": ");
    }
}

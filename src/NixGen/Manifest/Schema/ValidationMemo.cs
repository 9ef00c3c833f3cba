using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using NixGen.Manifest.Loading;

namespace NixGen.Manifest.Schema;

/// <summary>Remembers that exact bytes were valid against an exact schema by this exact nixgen. Only a speed-up: losing it, or being unable to write it, changes nothing.</summary>
/// <param name="folder">The folder of the markers; made where it is missing.</param>
internal sealed class ValidationMemo(string folder)
{
    /// <summary>The name of what is to be remembered: a hash over nixgen's version, the schema, and every file.</summary>
    public static string Key(ReadOnlySpan<byte> schema, ImmutableArray<LoadedFile> files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var assembly = typeof(ValidationMemo).Assembly;
        var version = assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";
        Append(hash, Encoding.UTF8.GetBytes(version));
        Append(hash, assembly.ManifestModule.ModuleVersionId.ToByteArray());
        Append(hash, schema);
        foreach (var file in files)
        {
            // The path's ending decides whether the bytes are read as JSON.
            Append(hash, Encoding.UTF8.GetBytes(Path.GetExtension(file.Source.Path)));
            Append(hash, file.Bytes.Span);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Whether a key was remembered.</summary>
    public bool Contains(string key) => File.Exists(Path.Combine(folder, key));

    /// <summary>Remembers a key. An empty file can't be written by halves, so nothing guards it.</summary>
    public void Add(string key)
    {
        try
        {
            Directory.CreateDirectory(folder);
            using var marker = new FileStream(Path.Combine(folder, key), FileMode.Create, FileAccess.Write);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Then the next run checks again.
            _ = exception;
        }
    }

    private static void Append(IncrementalHash hash, ReadOnlySpan<byte> part)
    {
        Span<byte> length = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(length, part.Length);
        hash.AppendData(length);
        hash.AppendData(part);
    }
}

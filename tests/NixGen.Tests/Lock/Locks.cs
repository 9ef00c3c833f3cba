using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using NixGen.Diagnostics;
using NixGen.Lock;
using NixGen.Nix.Hashing;

namespace NixGen.Tests.Lock;

/// <summary>Makes lock entries for tests.</summary>
internal static class Locks
{
    public static SriHash HashOf(string content) => SriHash.FromBytes(SHA256.HashData(Encoding.UTF8.GetBytes(content)));

    public static LockedFile File(string path, string content = "x")
    {
        var hash = HashOf(content);
        return new(path, content.Length, hash, hash.Hex);
    }

    public static LockedModel Model(string name, string commit = "0123456789012345678901234567890123456789", params LockedFile[] files) => new()
    {
        Name = name,
        Request = new("huggingface", ImmutableSortedDictionary.Create<string, RequestValue>(StringComparer.Ordinal)
            .Add("repo", new RequestValue.Text("org/" + name))
            .Add("files", new RequestValue.List(["*.json", "*.bin"]))
            .Add("revision", new RequestValue.Text("main"))),
        Resolved = new("org/" + name, commit, "https://huggingface.co", "mit", "auto", "2023-12-13T21:19:32.000Z"),
        Files = files.Length == 0 ? [File("config.json")] : [.. files.OrderBy(file => file.Path, StringComparer.Ordinal)],
    };

    public static LockedAlternate Alternate(string id, params LockedFile[] files) => new()
    {
        Request = new("mock", ImmutableSortedDictionary.Create<string, RequestValue>(StringComparer.Ordinal)
            .Add("files", new RequestValue.List(["a", "b"]))
            .Add("repo", new RequestValue.Text(id))),
        Resolved = new(id, "9876543210987654321098765432109876543210"),
        Files = [.. files.OrderBy(file => file.Path, StringComparer.Ordinal)],
    };

    public static LockFile Of(params LockedModel[] models) =>
        new(models.ToImmutableSortedDictionary(model => model.Name, model => model, StringComparer.Ordinal));

    public static (LockReading? Reading, ImmutableArray<Diagnostic> Diagnostics) Read(string text, LockUpgraders? upgraders = null) =>
        Read(Encoding.UTF8.GetBytes(text), upgraders);

    public static (LockReading? Reading, ImmutableArray<Diagnostic> Diagnostics) Read(byte[] bytes, LockUpgraders? upgraders = null)
    {
        var diagnostics = new DiagnosticBag();
        var reading = LockJson.Read("models.lock.json", bytes, diagnostics, upgraders);
        return (reading, diagnostics.Items);
    }

    public static string Text(LockFile lockFile) => Encoding.UTF8.GetString(LockJson.Write(lockFile));
}

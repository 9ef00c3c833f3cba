using NixGen.Lock;
using NixGen.Testing;
using Xunit;

namespace NixGen.Tests.Lock;

public sealed class CheckedInLocksTests
{
    public static TheoryData<string> Locks =>
    [
        .. ((string[])["examples", "tests/fixtures"])
            .SelectMany(folder => Directory.GetFiles(Path.Combine(Checkout.Root, folder), "*.lock.json", SearchOption.AllDirectories))
            .Select(path => Path.GetRelativePath(Checkout.Root, path))
            .Order(StringComparer.Ordinal),
    ];

    [Theory]
    [MemberData(nameof(Locks))]
    public void A_checked_in_lock_is_as_nixgen_writes_it(string path)
    {
        var bytes = File.ReadAllBytes(Path.Combine(Checkout.Root, path));
        var (reading, diagnostics) = Lock.Locks.Read(bytes);
        Assert.Empty(diagnostics);
        Assert.Equal(System.Text.Encoding.UTF8.GetString(bytes), Lock.Locks.Text(reading?.Lock ?? LockFile.Empty));
    }
}

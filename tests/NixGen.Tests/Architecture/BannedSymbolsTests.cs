using System.Reflection;
using NixGen.Testing;
using Xunit;

namespace NixGen.Tests.Architecture;

/// <summary>A ban that names nothing bans nothing.</summary>
public sealed class BannedSymbolsTests
{
    public static TheoryData<string> Symbols =>
        [.. File.ReadLines(Checkout.At("src", "NixGen", "BannedSymbols.txt")).Where(line => line.Length > 0).Select(line => line.Split(';')[0])];

    [Theory]
    [MemberData(nameof(Symbols))]
    public void Every_ban_names_a_symbol_that_exists(string symbol)
    {
        var name = symbol[2..];
        Assert.True(
            symbol[0] switch
            {
                'T' => FindType(name) is not null,
                'P' => FindType(Parent(name))?.GetProperty(Last(name)) is not null,
                'M' => FindType(Parent(name.Split('(')[0]))?.GetMethod(Last(name.Split('(')[0]), [.. Parameters(name)]) is not null,
                _ => false,
            },
            $"{symbol} names nothing");
    }

    private static string Parent(string name) => name[..name.LastIndexOf('.')];

    private static string Last(string name) => name[(name.LastIndexOf('.') + 1)..];

    private static IEnumerable<Type> Parameters(string method) =>
        method[(method.IndexOf('(', StringComparison.Ordinal) + 1)..^1]
            .Split(',')
            .Select(name => FindType(name) ?? throw new InvalidOperationException($"There is no type {name}."));

    private static Type? FindType(string name) =>
        new[] { typeof(object).Assembly, typeof(Console).Assembly, Assembly.Load("System.Runtime") }
            .Select(assembly => assembly.GetType(name))
            .FirstOrDefault(type => type is not null);
}

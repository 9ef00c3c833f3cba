using System.Collections.Immutable;
using System.Text.Json;
using NixGen.Resolve.Policy;
using NixGen.Testing;
using Xunit;

namespace NixGen.Tests.Resolve;

/// <summary>Licences are judged alike when models are locked (C#) and when they are built (Python): both read one table.</summary>
public sealed class LicenseExpressionTests
{
    private static readonly string Table = Checkout.At("tests", "fixtures", "licences", "expressions.json");

    [Fact]
    public void The_locker_judges_as_the_table_says()
    {
        using var table = JsonDocument.Parse(File.ReadAllText(Table));
        Assert.All(table.RootElement.EnumerateArray(), entry =>
        {
            var expression = new LicenseExpression(Set(entry, "allowed"), Set(entry, "denied"));
            Assert.Equal(entry.GetProperty("accepted").GetBoolean(), expression.Accepts(entry.GetProperty("stated").GetString() ?? ""));
        });
    }

    [Fact]
    public async Task The_validator_judges_as_the_table_says()
    {
        const string Program = """
            import json, sys
            from expressions import Expression
            for entry in json.load(open(sys.argv[1])):
                accepted = Expression(set(entry.get("allowed", [])), set(entry.get("denied", []))).accepts(entry["stated"])
                if accepted != entry["accepted"]:
                    print(entry["stated"], accepted)
            """;
        var result = await ProcessRunner.RunAsync(
            "python3", ["-B", "-c", Program, Table], [new("PYTHONPATH", Checkout.At("templates", "validators", "contents"))]);
        Assert.Equal((0, "", ""), (result.ExitCode, result.Output, result.Errors));
    }

    [Theory]
    [InlineData(31, true)]
    [InlineData(5000, false)]
    public void What_is_packed_too_deeply_is_not_accepted(int depth, bool accepted) =>
        Assert.Equal(accepted, new LicenseExpression(["mit"], []).Accepts(new string('(', depth) + "mit" + new string(')', depth)));

    private static ImmutableArray<string> Set(JsonElement entry, string name) =>
        entry.TryGetProperty(name, out var names) ? [.. names.EnumerateArray().Select(item => item.GetString() ?? "")] : [];
}

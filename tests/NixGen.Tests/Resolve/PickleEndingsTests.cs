using NixGen.Resolve.Policy;
using NixGen.Testing;
using Xunit;

namespace NixGen.Tests.Resolve;

/// <summary>A policy and the validators mean the same names by pickles.</summary>
public sealed class PickleEndingsTests
{
    [Fact]
    public async Task They_are_those_of_the_scanner()
    {
        var result = await ProcessRunner.RunAsync(
            "python3",
            ["-B", "-c", "from endings import WEIGHTS; print(*sorted(WEIGHTS))"],
            [new("PYTHONPATH", Checkout.At("templates", "validators", "pickle-scan"))]);
        Assert.Equal(PolicyAdmission.PickleEndings, result.OrThrow("python3").Output.Trim().Split(' '));
    }
}

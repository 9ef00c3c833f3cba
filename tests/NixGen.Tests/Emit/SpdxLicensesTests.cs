using NixGen.Emit.Sbom;
using Xunit;

namespace NixGen.Tests.Emit;

/// <summary>Licences as upstreams and users write them, as expressions of SPDX.</summary>
public sealed class SpdxLicensesTests
{
    [Theory]
    [InlineData("mit", "MIT")]
    [InlineData(" Apache-2.0 ", "Apache-2.0")]
    [InlineData("llama3.1", "LicenseRef-llama3.1")]
    [InlineData("other: ours", "LicenseRef-ours")]
    [InlineData("other", "LicenseRef-other")]
    [InlineData("LicenseRef-ours", "LicenseRef-ours")]
    [InlineData("mit, apache-2.0", "MIT AND Apache-2.0")]
    [InlineData("mit or apache-2.0, llama3.1", "(MIT OR Apache-2.0) AND LicenseRef-llama3.1")]
    [InlineData("MIT OR Apache-2.0", "MIT OR Apache-2.0")]
    [InlineData("(mit OR gpl-3.0) and ours", "(MIT OR GPL-3.0-only) AND LicenseRef-ours")]
    [InlineData("apache-2.0 with llvm-exception", "Apache-2.0 WITH LLVM-exception")]
    [InlineData("mit OR (apache-2.0 WITH LLVM-exception)", "MIT OR (Apache-2.0 WITH LLVM-exception)")]
    [InlineData("apache-2.0 with clauses", "LicenseRef-apache-2.0-with-clauses")]
    [InlineData("terms and conditions", "LicenseRef-terms-and-conditions")]
    [InlineData("MIT AND", "LicenseRef-MIT-AND")]
    [InlineData("OR MIT", "LicenseRef-OR-MIT")]
    [InlineData("MIT OR (", "LicenseRef-MIT-OR-")]
    [InlineData("(MIT OR ISC", "LicenseRef--MIT-OR-ISC")]
    [InlineData("MIT ISC OR Zlib", "LicenseRef-MIT-ISC-OR-Zlib")]
    [InlineData("MIT OR ISC WITH", "LicenseRef-MIT-OR-ISC-WITH")]
    [InlineData("ours WITH LLVM-exception OR MIT", "LicenseRef-ours-WITH-LLVM-exception-OR-MIT")]
    [InlineData("MIT OR ISC WITH LLVM-exception WITH LLVM-exception", "LicenseRef-MIT-OR-ISC-WITH-LLVM-exception-WITH-LLVM-exception")]
    [InlineData("unknown", null)]
    [InlineData("NOASSERTION", null)]
    [InlineData(" ", null)]
    [InlineData(null, null)]
    public void An_expression_is_made_of_what_is_stated(string? stated, string? expected) => Assert.Equal(expected, SpdxLicenses.Expression(stated));
}

using System.Collections.Immutable;
using System.Reflection;
using NixGen.Diagnostics;
using NixGen.Lock;
using NixGen.Resolve;
using NixGen.Sources;
using NixGen.Sources.HuggingFace;
using Xunit;

namespace NixGen.Tests.Resolve;

public sealed class DescriptorTests
{
    private static readonly (Type Class, ImmutableArray<DiagnosticDescriptor> All)[] Classes =
    [
        (typeof(LockDiagnostics), LockDiagnostics.All),
        (typeof(SourceDiagnostics), SourceDiagnostics.All),
        (typeof(HuggingFaceDiagnostics), HuggingFaceDiagnostics.All),
        (typeof(HubDiagnostics), HubDiagnostics.All),
        (typeof(ResolveDiagnostics), ResolveDiagnostics.All),
        (typeof(AlternateDiagnostics), AlternateDiagnostics.All),
    ];

    [Fact]
    public void Codes_are_unique_ordered_and_complete()
    {
        foreach (var (type, all) in Classes)
        {
            var fields = type.GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => field.GetValue(null)).OfType<DiagnosticDescriptor>();
            Assert.Equal(fields.Select(field => field.Code).Order(StringComparer.Ordinal), all.Select(descriptor => descriptor.Code));
        }

        var codes = Classes.SelectMany(entry => entry.All).Select(descriptor => descriptor.Code).ToArray();
        Assert.Equal(codes.Distinct(StringComparer.Ordinal), codes);
    }
}

namespace NixGen.Testing;

/// <summary>Folders of the source tree that hold one test case each.</summary>
public static class GoldenFixtures
{
    /// <summary>Absolute path of a folder of <c>tests/fixtures</c>.</summary>
    public static string Folder(string suite) => Checkout.At("tests", "fixtures", suite);

    /// <summary>The names of a suite's cases, ordered; a suite without cases is a mistake and throws.</summary>
    public static IReadOnlyList<string> Cases(string suite)
    {
        var cases = Directory.GetDirectories(Folder(suite))
            .Select(folder => Path.GetFileName(folder))
            .Order(StringComparer.Ordinal)
            .ToList();
        return cases.Count > 0 ? cases : throw new InvalidOperationException($"The suite {suite} has no cases.");
    }
}

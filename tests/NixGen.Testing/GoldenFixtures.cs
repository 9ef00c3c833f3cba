namespace NixGen.Testing;

/// <summary>Folders of the source tree that hold one test case each.</summary>
public static class GoldenFixtures
{
    /// <summary>The project's root: the folder of the solution.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Absolute path of a folder of <c>tests/fixtures</c>.</summary>
    public static string Folder(string suite) => Path.Combine(Root, "tests", "fixtures", suite);

    /// <summary>The names of a suite's cases, ordered; a suite without cases is a mistake and throws.</summary>
    public static IReadOnlyList<string> Cases(string suite)
    {
        var cases = Directory.GetDirectories(Folder(suite))
            .Select(folder => Path.GetFileName(folder))
            .Order(StringComparer.Ordinal)
            .ToList();
        return cases.Count > 0 ? cases : throw new InvalidOperationException($"The suite {suite} has no cases.");
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "NixGen.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"No solution lies above {AppContext.BaseDirectory}.");
    }
}

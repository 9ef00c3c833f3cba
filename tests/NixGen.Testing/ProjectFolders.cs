namespace NixGen.Testing;

/// <summary>Where the project's own files are while its tests run.</summary>
public static class ProjectFolders
{
    /// <summary>The folder that holds the solution.</summary>
    public static string Root { get; } = Find();

    /// <summary>What is emitted.</summary>
    public static string Templates { get; } = Path.Combine(Root, "templates");

    /// <summary>The stub of nixpkgs.</summary>
    public static string StubNixpkgs { get; } = Path.Combine(Root, "tests", "stub-nixpkgs");

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "NixGen.sln")))
                return folder.FullName;
        }

        throw new InvalidOperationException("NixGen.sln lies above no parent of the test's folder.");
    }
}

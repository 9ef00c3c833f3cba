namespace NixGen.Testing;

/// <summary>Files and folders of the checkout that the tests were built from.</summary>
public static class Checkout
{
    /// <summary>Absolute path of the folder that holds the solution.</summary>
    public static string Root { get; } = Find();

    /// <summary>What is emitted.</summary>
    public static string Templates { get; } = At("templates");

    /// <summary>The stub of nixpkgs.</summary>
    public static string StubNixpkgs { get; } = At("tests", "stub-nixpkgs");

    /// <summary>Absolute path of a file or folder of the checkout.</summary>
    public static string At(params string[] segments) => Path.Combine([Root, .. segments]);

    private static string Find()
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

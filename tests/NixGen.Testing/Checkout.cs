namespace NixGen.Testing;

/// <summary>Where the checkout lies that the tests were built from.</summary>
public static class Checkout
{
    /// <summary>Absolute path of the folder that holds <c>NixGen.sln</c>.</summary>
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    /// <summary>Absolute path of a file or folder of the checkout.</summary>
    public static string At(params string[] segments) => Path.Combine([Root, .. segments]);

    private static string Find(string folder) =>
        File.Exists(Path.Combine(folder, "NixGen.sln")) ? folder
        : Path.GetDirectoryName(folder) is { } parent ? Find(parent)
        : throw new DirectoryNotFoundException("The tests don't lie inside of the checkout.");
}

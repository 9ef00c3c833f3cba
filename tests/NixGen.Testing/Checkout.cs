namespace NixGen.Testing;

/// <summary>Files and folders of the checkout that the tests were built from.</summary>
public static class Checkout
{
    /// <summary>Absolute path of a file or folder of the checkout.</summary>
    public static string At(params string[] segments) => Path.Combine([ProjectFolders.Root, .. segments]);
}

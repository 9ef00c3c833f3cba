using System.Collections.Immutable;
using System.Reflection;

namespace NixGen.Emit.Templates;

/// <summary>The files below <c>templates/</c>, which travel inside this assembly.</summary>
public static class EmbeddedTemplate
{
    private const string Root = "templates/";

    /// <summary>Paths below <c>templates/</c> of the files in a folder and its sub-folders, ordered ordinally.</summary>
    /// <param name="folder">Folder with a final slash, such as <c>lib/</c>.</param>
    public static ImmutableArray<string> In(string folder) =>
        [.. Assembly.GetExecutingAssembly().GetManifestResourceNames()
            .Where(name => name.StartsWith(Root + folder, StringComparison.Ordinal))
            .Select(name => name[Root.Length..])
            .Order(StringComparer.Ordinal)];

    /// <summary>A file's text.</summary>
    /// <param name="path">Path below <c>templates/</c>.</param>
    /// <exception cref="FileNotFoundException">There is no such template: a mistake of nixgen's.</exception>
    public static string Read(string path)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(Root + path)
            ?? throw new FileNotFoundException($"There is no template '{path}'.", path);
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}

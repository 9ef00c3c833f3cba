using System.Collections.Immutable;
using NixGen.Emit.Templates;

namespace NixGen.Emit;

/// <summary>The programs that examine models when they are built: the folders of <c>templates/validators/</c>.</summary>
public static class ValidatorPrograms
{
    private const string Folder = "validators/";

    /// <summary>All, in ordinal order.</summary>
    public static ImmutableArray<ValidatorProgram> All { get; } =
    [
        .. EmbeddedTemplate.In(Folder)
            .Where(path => path.EndsWith(".py", StringComparison.Ordinal))
            .GroupBy(path => path[Folder.Length..path.LastIndexOf('/')], StringComparer.Ordinal)
            .OrderBy(program => program.Key, StringComparer.Ordinal)
            .Select(program => new ValidatorProgram(
                program.Key,
                program.Order(StringComparer.Ordinal).ToImmutableSortedDictionary(path => Path.GetFileName(path), EmbeddedTemplate.Read, StringComparer.Ordinal))),
    ];
}

/// <summary>A program of Python's.</summary>
/// <param name="Name">Its folder's name, such as <c>pickle-scan</c>.</param>
/// <param name="Modules">The texts of its modules by file name, <c>__main__.py</c> among them.</param>
public sealed record ValidatorProgram(string Name, ImmutableSortedDictionary<string, string> Modules);

using System.Collections.Immutable;
using System.Text;
using NixGen.Emit.Templates;
using NixGen.Nix.Expressions;
using NixGen.Nix.Printing;

namespace NixGen.Emit.Tree;

/// <summary>A whole flake as a folder: library, fetchers, and one lazily imported file a model.</summary>
public static class TreeEmitter
{
    private static readonly ImmutableArray<string> VerbatimFolders = ["fetchers/", "lib/", "validators/"];

    /// <summary>The folder's files, the list of them included.</summary>
    /// <remarks>The programs that examine models go without a header: their bytes are part of what is built, which must not change with a manifest's name.</remarks>
    public static OutputPlan Emit(Emission emission)
    {
        var files = ImmutableSortedDictionary.CreateBuilder<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal);
        void Add(string path, string text) => files.Add(path, Encoding.UTF8.GetBytes(text));

        foreach (var path in VerbatimFolders.SelectMany(folder => EmbeddedTemplate.In(folder)).Append("default.nix"))
        {
            var text = EmbeddedTemplate.Read(path);
            Add(path, path.EndsWith(".py", StringComparison.Ordinal) ? text : WithHeader(text, emission.Header));
        }

        Add("flake.nix", Flake(emission));
        Add("groups.nix", Print(emission, Groups(emission)));
        var index = AttributeSet.Build();
        foreach (var (name, definition) in ModelExpression.All(emission, model => new StringLiteral(model)))
        {
            index.Add(name, Application.Import(PathLiteral.Parse($"./{name}.nix")));
            Add($"models/{name}.nix", Print(emission, definition));
        }

        Add("models/default.nix", Print(emission, index.ToSet()));

        files.Add(OutputFolder.ListName, OutputFolder.List(files.Keys));
        return new(files.ToImmutable());
    }

    private static string Flake(Emission emission)
    {
        var flake = emission.Flake;
        var text = HandlebarsTemplate.Render("flake.nix.hbs", new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["description"] = NixPrinter.Print(flake.Description).TrimEnd('\n'),
            ["nixpkgs"] = NixPrinter.Print(flake.Nixpkgs).TrimEnd('\n'),
            ["systems"] = NixPrinter.Print(ListExpression.OfStrings(flake.Systems)).TrimEnd('\n').Replace("\n", "\n      ", StringComparison.Ordinal),
        });
        return WithHeader(text, emission.Header);
    }

    private static AttributeSet Groups(Emission emission)
    {
        var groups = AttributeSet.Build();
        foreach (var (name, members) in emission.Groups)
        {
            groups.Add(name, ListExpression.OfStrings(members));
        }

        return groups.ToSet();
    }

    private static string Print(Emission emission, Expression expression) =>
        NixPrinter.Print(new CommentedExpression(new Comment(emission.Header), expression));

    // A script's first line may say which program runs it, and must stay the first.
    private static string WithHeader(string text, string header)
    {
        var comment = string.Concat(new Comment(header).Lines.Select(line => $"# {line}\n"));
        var first = text.StartsWith("#!", StringComparison.Ordinal) ? text.IndexOf('\n', StringComparison.Ordinal) + 1 : 0;
        return text[..first] + comment + text[first..];
    }
}

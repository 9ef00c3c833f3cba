using System.Collections.Immutable;
using System.Text;
using NixGen.Nix.Expressions;
using NixGen.Nix.Printing;

namespace NixGen.Emit.SingleFile;

/// <summary>All models as one Nix file that needs nothing beside it: <c>{ pkgs, lib }: { NAME = derivation; … }</c>.</summary>
/// <remarks>It holds the adapters and the fetch code of the source kinds in use, and of no others.</remarks>
public static class SingleFileEmitter
{
    /// <summary>The file's bytes: UTF-8, line feeds, one at the end.</summary>
    public static ReadOnlyMemory<byte> Emit(Emission emission)
    {
        var kinds = emission.Kinds;
        var scripts = FetchScripts.For(emission.Models.Any(model => !model.Alternates.IsEmpty) ? kinds.Add(FetchScripts.Alternates) : kinds);
        var bindings = AttributeSet.Build();
        Bind(bindings, new("hashes", "lib/hashes.nix"));
        Bind(bindings, new("checks", "lib/checks.nix"));
        Bind(bindings, new("settings", "lib/settings.nix"));
        Bind(bindings, new("records", "lib/sources/records.nix"));
        Bind(bindings, new("validatorSet", "lib/validation/validators.nix"));
        Bind(bindings, new("presets", "lib/validation/presets.nix"));
        Bind(bindings, new("validationSettings", "lib/validation/settings.nix"));
        Bind(bindings, new("types", "lib/types.nix"));
        Bind(bindings, new("licenses", "lib/licenses.nix"));
        Bind(bindings, new("packages", "lib/packages.nix"));
        bindings.BlankLine().Add("fetchers", Fetchers(scripts, Parts(emission, scripts)));
        if (scripts is not [])
        {
            Bind(bindings, new("environment", "lib/environment.nix"));
            Bind(bindings, new("lockedFiles", "lib/lockedFiles.nix"));
            Bind(bindings, new("fetching", "lib/fetching.nix"));
        }

        if (kinds.Any(kind => kind.StartsWith("git-", StringComparison.Ordinal)))
        {
            Bind(bindings, new("repositories", "lib/repositories.nix"));
        }

        bindings.BlankLine().Add("adapters", Adapters(kinds));
        Bind(bindings, new("sources", "lib/sources/dispatch.nix"));
        Bind(bindings, new("integration", "lib/integration.nix"));
        Bind(bindings, new("layout", "lib/layout.nix"));
        Bind(bindings, new("ollamaStore", "lib/ollamaStore.nix"));
        Bind(bindings, new("lazy", "lib/lazy.nix"));
        Bind(bindings, new("alternates", "lib/alternates.nix"));
        bindings.BlankLine().Add("programs", emission.Models.Any(model => model.Model.Validation.IsOn) ? Programs() : AttributeSet.Empty);
        Bind(bindings, new("validation", "lib/validation/default.nix"));
        Bind(bindings, new("quantization", "lib/quantize.nix"));
        Bind(bindings, new("transform", "lib/transform.nix"));
        Bind(bindings, new("provenance", "lib/provenance.nix"));
        Bind(bindings, new("compose", "lib/compose.nix"));
        Bind(bindings, new("fetchModel", "lib/fetchModel.nix"));

        var fetchModel = new Identifier("fetchModel");
        var models = AttributeSet.Build();
        var named = new Identifier("models");
        foreach (var (name, definition) in ModelExpression.All(emission, model => named.Select(model)))
        {
            models.BlankLine().Add(name, fetchModel.Call(definition));
        }

        Expression body = models.ToSet();
        if (!emission.Groups.IsEmpty || !emission.Compositions.IsEmpty)
        {
            bindings.BlankLine().Add("models", body);
            body = emission.Groups.IsEmpty ? named : new BinaryOperation(BinaryOperator.Update, named, Groups(emission));
        }

        var file = new CommentedExpression(
            new Comment(emission.Header),
            new FunctionExpression(
                new SetPattern(
                [
                    new FormalParameter("pkgs", Application.Import(new SearchPath("nixpkgs"), AttributeSet.Empty)),
                    new FormalParameter("lib", new Identifier("pkgs").Select("lib")),
                ]),
                bindings.ToLet(body)));
        return Encoding.UTF8.GetBytes(NixPrinter.Print(file));
    }

    private static void Bind(AttributeSetBuilder bindings, LibraryModule module)
    {
        var (comment, body) = module.Read();
        bindings.BlankLine();
        bindings.Add(new AttributeBinding(module.Binding, body) { Comment = comment });
    }

    private static ImmutableHashSet<string> Parts(Emission emission, ImmutableArray<string> scripts)
    {
        var parts = scripts.SelectMany(script => FetchScripts.Parts(script)).ToImmutableHashSet(StringComparer.Ordinal);
        return emission.Models.Any(model => model.Model.Network.Mirrors.Any(mirror => mirror.IsInBucket)) ? parts.Add(FetchScripts.Clouds) : parts;
    }

    // The scripts are files of the store, as they are in the tree.
    private static AttributeSet Fetchers(ImmutableArray<string> scripts, ImmutableHashSet<string> parts)
    {
        var toFile = new Identifier("builtins").Select("toFile");
        var set = AttributeSet.Build();
        foreach (var name in scripts)
        {
            set.Add(name, toFile.Call($"{name}.sh", new IndentedString(name == FetchScripts.Common ? FetchScripts.ReadCommon(parts) : FetchScripts.Read(name))));
        }

        return set.ToSet();
    }

    private static AttributeSet Programs()
    {
        var toFile = new Identifier("builtins").Select("toFile");
        var set = AttributeSet.Build();
        foreach (var program in ValidatorPrograms.All)
        {
            var modules = AttributeSet.Build();
            foreach (var (name, text) in program.Modules)
            {
                modules.Add(name, toFile.Call(name, new IndentedString(text)));
            }

            set.Add(program.Name, modules.ToSet());
        }

        return set.ToSet();
    }

    private static AttributeSet Adapters(ImmutableArray<string> kinds)
    {
        var set = AttributeSet.Build();
        foreach (var kind in kinds)
        {
            Bind(set, new(kind, $"lib/sources/{kind}.nix"));
        }

        return set.ToSet();
    }

    private static AttributeSet Groups(Emission emission)
    {
        var models = new Identifier("models");
        var buildCache = new Identifier("integration").Select("buildCache");
        var set = AttributeSet.Build();
        foreach (var (name, members) in emission.Groups)
        {
            set.Add(name, buildCache.Call(AttributeSet.Build()
                .Add("name", name)
                .Add("models", new ListExpression([.. members.Select(member => models.Select(member))]))
                .ToSet()));
        }

        return set.ToSet();
    }
}

using System.Collections.Immutable;
using NixGen.Cli.Reporting;
using NixGen.Emit;
using NixGen.Lock;
using NixGen.Nix.Hashing;
using NixGen.Sources;

namespace NixGen.Cli.Store;

/// <summary>Puts a model's files into the Nix store under the paths that the emitted Nix asks for, with the very scripts that it emits.</summary>
/// <param name="run">The command's run.</param>
/// <param name="store">The store.</param>
internal sealed class StoreFetch(CommandRun run, ModelStore store)
{
    /// <summary>Fetches what the store lacks, file by file; false with a diagnostic at the first that fails.</summary>
    public async Task<bool> RunAsync(BoundSource source, LockedModel model, CancellationToken cancellationToken)
    {
        if (source.Kind.FetchVariables(model, source.Request, new HostEnvironment(run.Terminal.Environment)) is not { } variables)
        {
            return true;
        }

        var folder = Directory.CreateTempSubdirectory("nixgen-");
        try
        {
            foreach (var script in FetchScripts.For([source.Kind.Name]))
            {
                await File.WriteAllTextAsync(Path.Combine(folder.FullName, script + ".sh"), FetchScripts.Read(script), cancellationToken);
            }

            foreach (var file in model.Files.DistinctBy(file => file.Sha256).Where(file => !store.Has(file)))
            {
                if (!await FetchAsync(Path.Combine(folder.FullName, source.Kind.Name + ".sh"), variables, model, file, cancellationToken))
                {
                    return false;
                }
            }

            return true;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private async Task<bool> FetchAsync(
        string script, ImmutableDictionary<string, string> variables, LockedModel model, LockedFile file, CancellationToken cancellationToken)
    {
        var folder = Path.GetDirectoryName(script) ?? "";
        // The name is part of the store path, and `nix-store --add-fixed` takes it from the file.
        var target = Path.Combine(folder, DerivationName.ForFile(file.Sha256).Text);
        if (file.Text is { } text)
        {
            await File.WriteAllTextAsync(target, text, cancellationToken);
            return await AddAsync(target, file, cancellationToken);
        }

        IEnumerable<KeyValuePair<string, string>> all =
        [
            .. variables.Concat(FileFetch.Variables(file)),
            new("fetch_common", Path.Combine(folder, "common.sh")),
            new("out", target),
        ];
        if (await NixProgram.RunAsync("bash", [script], cancellationToken, all) is not { Status: 0 })
        {
            run.Diagnostics.Add(CommandLineDiagnostics.FetchHasFailed(model.Resolved.Id, file.Path));
            return false;
        }

        return await AddAsync(target, file, cancellationToken);
    }

    private async Task<bool> AddAsync(string target, LockedFile file, CancellationToken cancellationToken)
    {
        var added = await NixProgram.RunAsync("nix-store", ["--add-fixed", "sha256", target], cancellationToken);
        File.Delete(target);
        var expected = store.PathOf(file).ToString();
        if (added is { Status: 0 } && added.Output.Trim() == expected)
        {
            return true;
        }

        run.Diagnostics.Add(CommandLineDiagnostics.StoreHasRefused(
            file.Path, added is null ? "`nix-store` is not on the PATH" : $"expected {expected}, `nix-store` ended with {added.Status}"));
        return false;
    }
}

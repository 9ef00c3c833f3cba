using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using NixGen.Cli.Arguments;
using NixGen.Cli.Projects;
using NixGen.Cli.Reporting;
using NixGen.Cli.Store;
using NixGen.Diagnostics;
using NixGen.Lock;
using NixGen.Manifest;
using NixGen.Resolve;
using NixGen.Sources;

namespace NixGen.Cli.Commands;

/// <summary><c>nixgen prefetch SPEC</c>: resolves one model without a manifest and prints what a lock would hold.</summary>
internal static class PrefetchCommand
{
    private sealed record Arguments(string Spec, bool Store, bool Json, bool Offline, Report Report);

    private static async Task<int> RunAsync(Arguments arguments, Terminal terminal, CancellationToken cancellationToken)
    {
        var run = new CommandRun(terminal, arguments.Report);
        var spec = new SourceText("SPEC", arguments.Spec);
        var span = spec.At(new TextSpan(0, spec.Text.Length));
        var declaration = new ShortSpec(spec.Text, span);
        if (SourceRegistry.Bind(declaration, run.Diagnostics) is not { } bound)
        {
            return run.Finish();
        }

        var name = NameFor(spec.Text);
        var manifest = new ModelManifest
        {
            Flake = FlakeSettings.Default,
            Models = [new ModelRequest { Name = name, NameSpan = span, Source = declaration }],
        };
        using var upstream = Locking.CreateUpstream(terminal, arguments.Offline);
        var outcome = await new Locker(upstream, new HostEnvironment(terminal.Environment)).LockAsync(
            manifest, LockReading.Missing, new LockOptions(), LineProgress.Instance, cancellationToken);
        run.Diagnostics.AddRange(outcome.Diagnostics);
        if (!outcome.Succeeded || outcome.Lock.Models.GetValueOrDefault(name) is not { } model)
        {
            return run.Finish();
        }

        var store = ModelStore.Of(terminal);
        if (arguments.Store)
        {
            await new StoreFetch(run, store).RunAsync(bound, model, cancellationToken);
        }

        if (arguments.Json)
        {
            run.Write(LockJson.Write(outcome.Lock));
        }
        else
        {
            Write(model, arguments.Spec, store, run);
        }

        return run.Finish();
    }

    private static void Write(LockedModel model, string spec, ModelStore store, CommandRun run)
    {
        run.WriteLine($"{VisibleText.Escape(model.Resolved.Id)} at {model.Resolved.Revision}");
        foreach (var file in model.Files)
        {
            var size = file.Size.ToString(CultureInfo.InvariantCulture);
            run.WriteLine($"  {(store.Has(file) ? "+" : "-")} {file.Sha256}  {size,12}  {VisibleText.Escape(file.Path)}");
        }

        var (_, bytes, missing) = store.Measure(model);
        run.WriteLine($"  {model.Files.Length} files, {ByteSize.Of(bytes)}, {(missing == 0 ? "all" : ByteSize.Of(bytes - missing))} in the Nix store");
        run.WriteLine("");
        run.WriteLine("models:");
        run.WriteLine($"  {model.Name}: \"{JsonEncodedText.Encode(spec)}\"");
    }

    // The last part of the repository's name, with what no model's name may hold left out.
    private static string NameFor(string spec)
    {
        var beforeRevision = spec.Split('@')[0].TrimEnd('/');
        var last = beforeRevision[(beforeRevision.LastIndexOfAny(['/', ':']) + 1)..];
        var name = new StringBuilder();
        foreach (var character in last.Where(character => char.IsAsciiLetterOrDigit(character) || character is '_' or '.' or '+' or '-'))
        {
            name.Append(character);
        }

        var text = name.ToString().TrimStart('.', '+', '-');
        return text.Length == 0 || ReservedNames.Meaning(text) is not null ? "model" : text;
    }

    /// <summary>The command's shape.</summary>
    public static Command Create(Terminal terminal)
    {
        var spec = new Argument<string>("SPEC") { Description = "A source in short form, such as hf:microsoft/phi-2@main." };
        var store = new Option<bool>("--store")
        {
            Description = "Also put the files into the Nix store, under the paths that the emitted Nix asks for. Needs bash, curl and nix-store.",
        };
        var json = new Option<bool>("--json") { Description = "Print a lock file instead of text." };
        var command = new Command("prefetch", "Resolve one model and print its revision, files, hashes and a manifest entry.") { spec, store, json };
        LockArguments.AddOfflineTo(command);
        Report.AddTo(command);
        command.SetAction((result, cancellationToken) => RunAsync(
            new(
                result.GetValue(spec) ?? "",
                result.GetValue(store),
                result.GetValue(json),
                LockArguments.IsOffline(result, terminal),
                Report.From(result, outputIsProduct: true)),
            terminal,
            cancellationToken));
        return command;
    }
}

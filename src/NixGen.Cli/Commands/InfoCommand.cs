using System.CommandLine;
using NixGen.Cli.Arguments;
using NixGen.Cli.Projects;
using NixGen.Cli.Reporting;
using NixGen.Cli.Store;
using NixGen.Diagnostics;
using NixGen.Lock;
using NixGen.Manifest;

namespace NixGen.Cli.Commands;

/// <summary><c>nixgen info NAME</c>: what a model is locked to, and what of it the Nix store has.</summary>
internal static class InfoCommand
{
    private static int Run(string name, string[] manifests, Report report, Terminal terminal)
    {
        var run = new CommandRun(terminal, report);
        if (Project.Load(manifests, run) is not { } project)
        {
            return run.Finish();
        }

        var manifest = project.Manifest;
        var model = manifest.Models.FirstOrDefault(model => model.Name == name);
        if (manifest.Compositions.FirstOrDefault(composition => composition.Name == name) is { } composition)
        {
            Write(composition, run);
        }
        else if (model is null)
        {
            var names = manifest.Models.Select(known => known.Name).Concat(manifest.Compositions.Select(known => known.Name));
            run.Diagnostics.Add(CommandLineDiagnostics.ModelIsUnknown(name, Spelling.Nearest(name, names)));
        }
        else if (model.Impure)
        {
            run.WriteLine(model.Name);
            run.WriteLine("  impure: fetched without hashes, and not locked");
        }
        else if (project.Lock.Lock.Models.GetValueOrDefault(name) is { } locked)
        {
            Write(locked, ModelStore.Of(terminal), run);
        }
        else
        {
            WriteUnlocked(model, run);
        }

        return run.Finish();
    }

    private static void Write(Composition composition, CommandRun run)
    {
        run.WriteLine(composition.Name);
        run.WriteLine("  composed of other models, and not locked itself:");
        foreach (var part in composition.Parts)
        {
            run.WriteLine($"  {part.Name + ":",-10} {part.Model}{(part.Into is null ? "" : " in " + VisibleText.Escape(part.Into))}");
        }
    }

    private static void WriteUnlocked(ModelRequest model, CommandRun run)
    {
        run.WriteLine(model.Name);
        run.WriteLine("  not locked yet: run `nixgen lock`");
    }

    private static void Write(LockedModel model, ModelStore store, CommandRun run)
    {
        var resolved = model.Resolved;
        var (contents, bytes, missing) = store.Measure(model);
        run.WriteLine(VisibleText.Escape(model.Name));
        Field("source", $"{model.Request.Kind}: {resolved.Id}");
        Field("revision", resolved.Revision);
        Field("endpoint", resolved.Endpoint);
        Field("license", resolved.License);
        Field("gated", resolved.Gated);
        Field("date", resolved.CommitDate);
        Field("files", $"{model.Files.Length}{(contents == model.Files.Length ? "" : $" of {contents} different contents")}, {ByteSize.Of(bytes)}");
        foreach (var alternate in model.Alternates)
        {
            Field("also from", $"{alternate.Request.Kind}: {alternate.Resolved.Id}, {alternate.Files.Length} of {contents} different contents");
        }

        Field("to fetch", missing == 0 ? "nothing: all of it is in the Nix store" : ByteSize.Of(missing));
        foreach (var file in model.Files)
        {
            run.WriteLine($"  {(store.Has(file) ? "+" : "-")} {VisibleText.Escape(file.Path)}  {ByteSize.Of(file.Size)}  {store.PathOf(file)}");
        }

        void Field(string name, string? value)
        {
            if (value is not null)
            {
                run.WriteLine($"  {name + ":",-10} {VisibleText.Escape(value)}");
            }
        }
    }

    /// <summary>The command's shape.</summary>
    public static Command Create(Terminal terminal)
    {
        var name = new Argument<string>("NAME") { Description = "The model." };
        var manifests = SharedArguments.ManifestOption();
        var command = new Command("info", "Show what a model is locked to, the store path of each file, and which the Nix store has.") { name, manifests };
        Report.AddTo(command);
        command.SetAction(result => Run(
            result.GetValue(name) ?? "", result.GetValue(manifests) ?? [], Report.From(result, outputIsProduct: true), terminal));
        return command;
    }
}

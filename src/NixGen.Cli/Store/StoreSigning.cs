using System.Collections.Immutable;
using System.Text.Json;
using NixGen.Cli.Output;
using NixGen.Cli.Reporting;

namespace NixGen.Cli.Store;

/// <summary>Builds models from checked-in output, and signs what comes of them with everything that it refers to.</summary>
/// <param name="run">The command's run.</param>
/// <param name="target">The checked-in output.</param>
internal sealed class StoreSigning(CommandRun run, OutputTarget target)
{
    private static readonly ImmutableArray<string> _features = ["--extra-experimental-features", "nix-command flakes"];

    /// <summary>Does both; the signed outputs by model, or null with a diagnostic.</summary>
    public async Task<ImmutableArray<(string Model, string Path)>?> RunAsync(
        ImmutableArray<string> models, SigningKey key, CancellationToken cancellationToken)
    {
        var signed = ImmutableArray.CreateBuilder<(string, string)>(models.Length);
        foreach (var model in models)
        {
            var build = await NixProgram.RunAsync(
                "nix", ["build", .. _features, "--no-link", "--json", .. Installable(model)], cancellationToken);
            if (build is not { Status: 0 } || OutputOf(build.Output) is not { } path)
            {
                run.Diagnostics.Add(CommandLineDiagnostics.CannotSign(model, build is null ? "`nix` is not on the PATH" : $"`nix build` ended with {build.Status}"));
                return null;
            }

            signed.Add((model, path));
        }

        var sign = await NixProgram.RunAsync(
            "nix",
            ["store", "sign", .. _features, "--key-file", key.Path, "--recursive", .. signed.Select(output => output.Item2)],
            cancellationToken);
        if (sign is { Status: 0 })
        {
            return signed.ToImmutable();
        }

        run.Diagnostics.Add(CommandLineDiagnostics.CannotSign(
            string.Join(", ", models), sign is null ? "`nix` is not on the PATH" : $"`nix store sign` ended with {sign.Status}"));
        return null;
    }

    private ImmutableArray<string> Installable(string model) => target switch
    {
        OutputTarget.SingleFile file => ["--file", file.Path, $"\"{model}\""],
        OutputTarget.Folder folder => [$"path:{Uri.EscapeDataString(folder.Path).Replace("%2F", "/", StringComparison.Ordinal)}#\"{model}\""],
        _ => throw new InvalidOperationException($"{target.GetType()} is not a target."),
    };

    private static string? OutputOf(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement[0].GetProperty("outputs").GetProperty("out").GetString();
    }
}

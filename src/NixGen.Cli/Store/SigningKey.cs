using NixGen.Cli.Reporting;

namespace NixGen.Cli.Store;

/// <summary>The file of a secret key, as <c>nix key generate-secret</c> writes one. Its content is looked at, and never shown.</summary>
/// <param name="Path">Absolute path.</param>
/// <param name="Name">The key's public name, such as <c>cache.example.com-1</c>.</param>
internal sealed record SigningKey(string Path, string Name)
{
    // Ed25519's secret and public halves: 64 bytes.
    private const int KeyLength = 64;

    /// <summary>The key; null with a diagnostic where the file isn't one.</summary>
    /// <param name="path">Absolute path.</param>
    /// <param name="shown">The path as the user wrote it.</param>
    /// <param name="run">The command's run.</param>
    public static SigningKey? Read(string path, string shown, CommandRun run)
    {
        string text;
        try
        {
            text = File.ReadAllText(path).Trim();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            run.Diagnostics.Add(CommandLineDiagnostics.CannotRead(shown, exception.Message));
            return null;
        }

        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var bytes = new byte[KeyLength + 1];
        if (colon > 0 && Convert.TryFromBase64String(text[(colon + 1)..], bytes, out var length) && length == KeyLength)
        {
            return new(path, text[..colon]);
        }

        run.Diagnostics.Add(CommandLineDiagnostics.IsNoSigningKey(shown));
        return null;
    }
}

namespace NixGen.Diagnostics.Rendering;

/// <summary>The colours of diagnostics as text; all empty where there are none.</summary>
/// <param name="Error">Begins an error.</param>
/// <param name="Warning">Begins a warning.</param>
/// <param name="Note">Begins a note.</param>
/// <param name="Frame">Begins line numbers and bars.</param>
/// <param name="Strong">Begins a message.</param>
/// <param name="End">Ends any of them.</param>
internal sealed record AnsiPalette(string Error, string Warning, string Note, string Frame, string Strong, string End)
{
    /// <summary>No colours.</summary>
    public static AnsiPalette Plain { get; } = new("", "", "", "", "", "");

    /// <summary>Bold red, yellow, cyan and blue.</summary>
    public static AnsiPalette Coloured { get; } =
        new("\u001b[1;31m", "\u001b[1;33m", "\u001b[1;36m", "\u001b[1;34m", "\u001b[1m", "\u001b[0m");

    /// <summary>The colour of a severity.</summary>
    public string Of(Severity severity) => severity switch
    {
        Severity.Error => Error,
        Severity.Warning => Warning,
        _ => Note,
    };
}

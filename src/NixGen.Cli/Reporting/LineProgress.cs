using NixGen.Sources;

namespace NixGen.Cli.Reporting;

/// <summary>Progress where nobody watches: nothing while a model resolves; the command prints one line when it is done.</summary>
internal sealed class LineProgress : IResolveProgress
{
    /// <summary>The only one needed: it keeps nothing.</summary>
    public static LineProgress Instance { get; } = new();

    /// <inheritdoc/>
    public void Step(string model, string step)
    {
        // A log that repeats every step of every model is worth less than one line a model.
    }

    /// <inheritdoc/>
    public void Files(string model, int done, int total)
    {
        // As above.
    }
}

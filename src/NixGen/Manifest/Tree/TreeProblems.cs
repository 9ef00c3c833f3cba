using NixGen.Diagnostics;

namespace NixGen.Manifest.Tree;

/// <summary>Takes the faults of one file, up to a limit, so that a hostile file can't fill the memory.</summary>
internal sealed class TreeProblems(DiagnosticBag diagnostics)
{
    private int _count;

    /// <summary>Whether reading should end: the limit is reached, or a fault makes going on pointless.</summary>
    public bool Stopped { get; private set; }

    /// <summary>Adds a fault; reading goes on.</summary>
    public void Add(Diagnostic diagnostic)
    {
        if (Stopped)
        {
            return;
        }

        diagnostics.Add(diagnostic);
        Stopped = ++_count >= TreeLimits.Problems;
    }

    /// <summary>Adds a fault that ends the reading.</summary>
    public void Stop(Diagnostic diagnostic)
    {
        Add(diagnostic);
        Stopped = true;
    }
}

using System.Collections.Immutable;

namespace NixGen.Diagnostics;

/// <summary>Collects diagnostics while a stage goes on; safe to use from several threads.</summary>
public sealed class DiagnosticBag
{
    private readonly System.Threading.Lock _gate = new();
    private ImmutableArray<Diagnostic> _items = [];

    /// <summary>Whether an error was added.</summary>
    public bool HasErrors => Items.Any(item => item.Severity == Severity.Error);

    /// <summary>All so far, in the order in which they were added.</summary>
    public ImmutableArray<Diagnostic> Items
    {
        get
        {
            lock (_gate)
            {
                return _items;
            }
        }
    }

    /// <summary>Adds one.</summary>
    public void Add(Diagnostic diagnostic)
    {
        lock (_gate)
        {
            _items = _items.Add(diagnostic);
        }
    }

    /// <summary>Adds several.</summary>
    public void AddRange(IEnumerable<Diagnostic> diagnostics)
    {
        foreach (var diagnostic in diagnostics)
        {
            Add(diagnostic);
        }
    }
}

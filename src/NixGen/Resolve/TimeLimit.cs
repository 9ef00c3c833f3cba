namespace NixGen.Resolve;

/// <summary>Cancels when time is up or when the run is; tells which.</summary>
internal sealed class TimeLimit : IDisposable
{
    private readonly TimeSpan _span;
    private readonly CancellationTokenSource _timer;
    private readonly CancellationTokenSource _linked;

    /// <summary>Starts the clock.</summary>
    public TimeLimit(TimeSpan span, TimeProvider time, CancellationToken cancellationToken)
    {
        _span = span;
        _timer = new(span, time);
        _linked = CancellationTokenSource.CreateLinkedTokenSource(_timer.Token, cancellationToken);
    }

    /// <summary>Cancelled by either.</summary>
    public CancellationToken Token => _linked.Token;

    /// <summary>How long it is.</summary>
    public TimeSpan Span => _span;

    /// <summary>Starts the clock anew.</summary>
    public void Restart() => _timer.CancelAfter(_span);

    /// <inheritdoc/>
    public void Dispose()
    {
        _linked.Dispose();
        _timer.Dispose();
    }
}

namespace NixGen.Lock;

/// <summary>Entries of a lock that can't be trusted to be what somebody locked. Git merges lines and not entries: even without a conflict a model can stand there twice, or be joined of two.</summary>
internal sealed class DoubtfulEntries
{
    private readonly SortedDictionary<string, ByteSpan> _doubled = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, ByteSpan> _unsealed = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, ByteSpan> _withoutSeal = new(StringComparer.Ordinal);
    private bool _anySealed;

    /// <summary>Whether a model stands there again, with a differing entry or not.</summary>
    public bool AnyRepeated { get; private set; }

    /// <summary>Models with differing entries, and where the later one stands.</summary>
    public IReadOnlyDictionary<string, ByteSpan> Doubled => _doubled;

    /// <summary>Models whose seal isn't that of their content, and where they stand. A lock without any seal was written by hand or by another program, and is taken as it is.</summary>
    public IEnumerable<KeyValuePair<string, ByteSpan>> Unsealed => _anySealed ? _unsealed.Concat(_withoutSeal) : _unsealed;

    /// <summary>Notes that a model stands there again.</summary>
    public void AddRepeated(string name, ByteSpan at, bool isSame)
    {
        AnyRepeated = true;
        if (!isSame)
        {
            _doubled[name] = at;
        }
    }

    /// <summary>Notes that a model's seal is right.</summary>
    public void AddSealed() => _anySealed = true;

    /// <summary>Notes that a model has no seal.</summary>
    public void AddWithoutSeal(string name, ByteSpan at) => _withoutSeal[name] = at;

    /// <summary>Notes that a model's seal is wrong.</summary>
    public void AddUnsealed(string name, ByteSpan at) => _unsealed[name] = at;
}

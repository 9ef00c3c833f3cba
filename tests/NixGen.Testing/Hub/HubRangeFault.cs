namespace NixGen.Testing.Hub;

/// <summary>Which part of a file is served in the place of the one asked for.</summary>
/// <param name="Shift">How far off it begins; the result is never the part that was asked for.</param>
/// <param name="Limit">Bytes that it has at most.</param>
/// <param name="Honest">Whether <c>Content-Range</c> states what is served.</param>
internal sealed record HubRangeFault(long? Shift = null, long? Limit = null, bool Honest = true)
{
    /// <summary>The part that is served.</summary>
    public (long Offset, long Count) Serve((long Offset, long Count) asked, long size)
    {
        if (Limit is { } limit)
            return (asked.Offset, Math.Min(asked.Count, limit));
        var room = size - asked.Count;
        return Shift is not { } shift ? asked
            : room == 0 ? (asked.Offset + 1, asked.Count - 1)
            : ((asked.Offset + 1 + (shift % room)) % (room + 1), asked.Count);
    }
}

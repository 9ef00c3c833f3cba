namespace NixGen.Manifest;

/// <summary>What a built model says of where it comes from, and whether it is signed.</summary>
/// <param name="RecordSource">Whether its metadata names source and revision.</param>
/// <param name="RecordTimestamp">Whether its metadata has the date of the locked revision.</param>
/// <param name="SignOutput">Whether <c>nixgen sign</c> signs it.</param>
public sealed record ProvenanceSettings(bool RecordSource, bool RecordTimestamp, bool SignOutput)
{
    /// <summary>Everything is recorded, and nothing signed.</summary>
    public static ProvenanceSettings Default { get; } = new(true, true, false);
}

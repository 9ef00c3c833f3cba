namespace NixGen.Testing.S3;

/// <summary>Who may sign requests.</summary>
/// <param name="KeyId">The access key's id.</param>
/// <param name="Secret">Its secret.</param>
/// <param name="SessionToken">What temporary keys need beside it, or null.</param>
public sealed record S3Account(string KeyId, string Secret, string? SessionToken = null)
{
    /// <summary>The key of the vendor's own examples.</summary>
    public static S3Account Example { get; } = new("AKIDEXAMPLE", "wJalrXUtnFEMI+K7MDENG/bPxRfiCYEXAMPLEKEY");
}

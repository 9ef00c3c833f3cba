namespace NixGen.Sources.Objects;

/// <summary>Credentials that are there and can't be used.</summary>
/// <param name="origin">Where they come from.</param>
/// <param name="problem">What is wrong, as it goes on a sentence that begins with the origin; holds no secret.</param>
internal sealed class CredentialException(string origin, string problem) : Exception($"{origin} {problem}")
{
    /// <summary>Where they come from.</summary>
    public string Origin { get; } = origin;

    /// <summary>What is wrong, as it goes on a sentence that begins with the origin.</summary>
    public string Problem { get; } = problem;
}

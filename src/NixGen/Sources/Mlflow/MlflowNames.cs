using System.Collections.Immutable;

namespace NixGen.Sources.Mlflow;

/// <summary>The names that MLflow gives, as far as its server checks them (<c>mlflow/utils/validation.py</c>). Problems are the end of a sentence that begins with the text.</summary>
internal static class MlflowNames
{
    private const int LongestName = 250;

    /// <summary>The stages of the registry, in their order.</summary>
    public static ImmutableArray<string> Stages { get; } = ["None", "Staging", "Production", "Archived"];

    /// <summary>A stage in the server's spelling, or null for what is none.</summary>
    public static string? Stage(string text) => Stages.FirstOrDefault(stage => string.Equals(stage, text, StringComparison.OrdinalIgnoreCase));

    /// <summary>What is wrong with a registered model's name, or null.</summary>
    public static string? NameProblem(string name) =>
        name.Trim().Length == 0 ? "names no model"
        : name.Length > LongestName ? $"has a name of more than {LongestName} characters"
        : name.Any(character => char.IsControl(character) || character is '/' or ':') ? "has a name with '/', ':' or a control character, which no registered model has"
        : null;

    /// <summary>What is wrong with a version's number, or null.</summary>
    public static string? VersionProblem(string version) =>
        version.Length is > 0 and <= 18 && version.All(char.IsAsciiDigit) && version[0] != '0' ? null : "is no number";

    /// <summary>What is wrong with an alias, or null.</summary>
    public static string? AliasProblem(string alias) =>
        alias.Length is 0 or > 255 ? "names no alias"
        : !alias.All(character => char.IsLetterOrDigit(character) || character is '_' or '-') ? "has an alias with other characters than letters, digits, '_' and '-'"
        : string.Equals(alias, "latest", StringComparison.OrdinalIgnoreCase) ? "has the alias 'latest', which MLflow keeps for itself; write '/latest'"
        : null;

    /// <summary>What is wrong with a run's id, or null.</summary>
    public static string? RunProblem(string id) =>
        id.Length is > 0 and <= 256 && char.IsAsciiLetterOrDigit(id[0]) && id.All(character => char.IsAsciiLetterOrDigit(character) || character is '_' or '-')
            ? null
            : "names a run whose id isn't letters, digits, '_' and '-'";

    /// <summary>Whether a text is the id of a logged model: <c>m-</c> and the 32 hexadecimal digits of a UUID.</summary>
    public static bool IsLoggedModel(string text) =>
        text.Length == 34 && text.StartsWith("m-", StringComparison.Ordinal) && text.Skip(2).All(char.IsAsciiHexDigitLower);
}

using System.Globalization;
using System.Text.RegularExpressions;

namespace NixGen.Sources.Civitai;

/// <summary>A model version as people write it.</summary>
/// <param name="VersionId">The version's number.</param>
/// <param name="ModelId">The model's number, where it is written too.</param>
/// <param name="FileId">The file's number, where it is written too.</param>
internal sealed partial record CivitaiReference(long VersionId, long? ModelId, long? FileId)
{
    /// <summary>Understands <c>civitai:MODEL@VERSION</c>, <c>civitai:VERSION</c>, an AIR (<c>urn:air:…:civitai:MODEL@VERSION</c>) or an address of the site; null for anything else.</summary>
    public static CivitaiReference? Parse(string text)
    {
        foreach (var form in (ReadOnlySpan<Regex>)[Short(), Page(), Download()])
        {
            if (form.Match(text) is { Success: true } match && Number(match, "version") is { } version)
            {
                return new(version, Number(match, "model"), Number(match, "file"));
            }
        }

        return null;
    }

    private static long? Number(Match match, string group) =>
        long.TryParse(match.Groups[group].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : null;

    [GeneratedRegex(@"^(urn:air:[a-z0-9_.-]+:[a-z0-9_.-]+:)?civitai:((?<model>[0-9]{1,15})@)?(?<version>[0-9]{1,15})$", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Short();

    [GeneratedRegex(@"^https://civitai\.com/models/(?<model>[0-9]{1,15})(/[^?#]*)?\?([^#]*&)?modelVersionId=(?<version>[0-9]{1,15})([&#].*)?$", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Page();

    [GeneratedRegex(@"^https://civitai\.com/api/download/models/(?<version>[0-9]{1,15})(\?([^#]*&)?fileId=(?<file>[0-9]{1,15})([&#].*)?|\?[^#]*)?$", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Download();
}

namespace NixGen.Sources;

/// <summary>URLs as messages show them: without user, query and fragment, which is where secrets and signatures are.</summary>
public static class PublicUrl
{
    /// <summary>Scheme, host, port and path; a query shows as <c>?…</c>.</summary>
    public static string Of(Uri url)
    {
        var shown = url.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);
        return url.Query.Length > 1 ? shown + "?…" : shown;
    }
}

namespace NixGen.Sources;

/// <summary>URLs as messages show them: without user, query and fragment, which is where secrets and signatures are.</summary>
public static class PublicUrl
{
    /// <summary>Scheme, host, port and path; a query shows as <c>?…</c>.</summary>
    public static string Of(Uri url)
    {
        // Not by GetComponents: it refuses URLs whose spelling was kept, as that of signed ones is.
        var shown = $"{url.Scheme}://{url.Authority}{url.AbsolutePath}";
        return url.Query.Length > 1 ? shown + "?…" : shown;
    }
}

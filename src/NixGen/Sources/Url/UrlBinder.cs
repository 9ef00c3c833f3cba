using System.Collections.Immutable;
using NixGen.Diagnostics;
using NixGen.Lock;
using NixGen.Manifest;
using NixGen.Manifest.Tree;
using NixGen.Nix.Hashing;
using NixGen.Sources.Fields;

namespace NixGen.Sources.Url;

/// <summary>Understands declarations of <c>url</c> sources. The schema has checked their shape; this checks what they mean.</summary>
internal static class UrlBinder
{
    /// <summary>A short spec: the address itself.</summary>
    public static UrlRequest? Bind(ShortSpec spec, DiagnosticBag diagnostics) =>
        Complete([Read(spec.Text, spec.Span, null, null, diagnostics)], spec.Span, diagnostics);

    /// <summary>The long form: one address, or a list of them.</summary>
    public static UrlRequest? Bind(LongSource source, DiagnosticBag diagnostics)
    {
        var fields = source.Fields;
        if (fields["urls"] is null == fields["url"] is null)
        {
            diagnostics.Add(UrlDiagnostics.NamesNothing(source.Span, fields["urls"] is not null));
            return null;
        }

        var extract = fields["extract"] is ScalarNode { Text: "true" };
        if ((extract ? fields.Find("urls") ?? fields.Find("filename") : fields.Find("files") ?? fields.Find("exclude")) is { } misplaced)
        {
            diagnostics.Add(UrlDiagnostics.IsAboutAnArchive(misplaced.KeySpan, misplaced.Key, extract));
            return null;
        }

        if (fields["urls"] is SequenceNode list)
        {
            if ((fields["sha256"] ?? fields["filename"]) is { } beside)
            {
                diagnostics.Add(UrlDiagnostics.StandsBeside(beside.Span));
                return null;
            }

            return Complete([.. list.Items.Select(item => Read(item as MappingNode, item.Span, diagnostics))], list.Span, diagnostics);
        }

        var files = new FieldReader(source, diagnostics).Patterns("files");
        var exclude = new FieldReader(source, diagnostics).Patterns("exclude");
        return Complete([Read(fields, source.Span, diagnostics)], source.Span, diagnostics) is { } request
            ? request with { Extract = extract, Include = files, Exclude = exclude }
            : null;
    }

    private static UrlFile? Read(MappingNode? fields, SourceSpan at, DiagnosticBag diagnostics)
    {
        if (fields?["url"] is ScalarNode { Kind: not ScalarKind.Null } url)
        {
            return Read(url.Text, url.Span, fields["sha256"], fields["filename"], diagnostics);
        }

        diagnostics.Add(UrlDiagnostics.NamesNothing(at, areBoth: false));
        return null;
    }

    private static UrlFile? Read(string text, SourceSpan at, Node? sha256, Node? filename, DiagnosticBag diagnostics)
    {
        var (address, problem) = FileAddress.Parse(text);
        if (address is null)
        {
            if (text.AsSpan().ContainsAny('?', '@'))
            {
                at.Source.Conceal(at.Span); // what is wrong may be that a secret stands in it
            }

            diagnostics.Add(UrlDiagnostics.IsBadAddress(at, problem ?? "can't be understood"));
            return null;
        }

        var stated = (filename as ScalarNode)?.Text;
        var path = stated ?? address.LastName;
        if ((stated is null && path.Contains('/', StringComparison.Ordinal) ? "holds a slash" : LockedPath.Problem(path)) is { } wrongPath)
        {
            diagnostics.Add(UrlDiagnostics.HasNoName(filename?.Span ?? at, address, stated, wrongPath));
            return null;
        }

        if (sha256 is not ScalarNode hash)
        {
            return new(address, path, null);
        }

        if (SriHash.TryParseAny(hash.Text, out var wanted))
        {
            return new(address, path, wanted);
        }

        diagnostics.Add(UrlDiagnostics.HasBadHash(hash.Span, hash.Text));
        return null;
    }

    private static UrlRequest? Complete(ImmutableArray<UrlFile?> files, SourceSpan at, DiagnosticBag diagnostics)
    {
        var good = files.OfType<UrlFile>().ToArray();
        if (good.Length < files.Length)
        {
            return null;
        }

        var clashes = PathClash.Find([.. good.Select(file => file.Path)]).Where(clash => clash.Kind != PathClashKind.CaseOnly).ToArray();
        foreach (var clash in clashes)
        {
            diagnostics.Add(UrlDiagnostics.NamesTwice(at, clash));
        }

        return clashes.Length > 0 ? null : new([.. good.OrderBy(file => file.Path, StringComparer.Ordinal)]);
    }
}

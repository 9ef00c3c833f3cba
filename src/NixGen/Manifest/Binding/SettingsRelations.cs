using NixGen.Diagnostics;
using NixGen.Manifest.Tree;

namespace NixGen.Manifest.Binding;

/// <summary>What one setting of a model says of another, once defaults, profiles and its own words are joined.</summary>
internal static class SettingsRelations
{
    /// <summary>Adds what doesn't go together.</summary>
    /// <param name="settings">The joined settings.</param>
    /// <param name="source">The model's source, or null where it has no usable one.</param>
    /// <param name="told">Places that were complained of already: what stands in defaults is so for many models.</param>
    /// <param name="diagnostics">Where faults go.</param>
    public static void Check(MappingNode? settings, SourceDeclaration? source, HashSet<SourceSpan> told, DiagnosticBag diagnostics)
    {
        foreach (var diagnostic in Faults(settings).Concat(FaultsOfImpure(settings, source)).Concat(FaultsOfIntegration(settings, source)).Concat(FaultsOfSources(settings)))
        {
            if (diagnostic.Location is not { } place || told.Add(place))
            {
                diagnostics.Add(diagnostic);
            }
        }
    }

    /// <summary>Adds what doesn't go together in the credentials of one source.</summary>
    public static void CheckAuth(MappingNode? auth, DiagnosticBag diagnostics) => diagnostics.AddRange(FaultsOfAuth(auth));

    private static IEnumerable<Diagnostic> Faults(MappingNode? settings)
    {
        if (settings.Mapping("onDownloadFailure") is { } failure)
        {
            var action = failure.Text("action");
            if (failure.Find("persistPath") is { } path && (action is null or "clean" or "retry"))
            {
                yield return BindingDiagnostics.NothingPersists(path.KeySpan);
            }
            else if (action == "persist" && failure["persistPath"] is null && failure["action"] is { } stated)
            {
                yield return BindingDiagnostics.NowhereToPersist(stated.Span);
            }
        }

        foreach (var fault in FaultsOfAuth(settings.Mapping("auth")))
        {
            yield return fault;
        }
    }

    private static IEnumerable<Diagnostic> FaultsOfAuth(MappingNode? auth)
    {
        if (auth?.Find("tokenRefresh") is { Value: MappingNode refresh } entry
            && refresh["command"] is null
            && refresh.Truth("enable") != false)
        {
            yield return BindingDiagnostics.TokenCommandMissing(entry.KeySpan);
        }
    }

    private static IEnumerable<Diagnostic> FaultsOfIntegration(MappingNode? settings, SourceDeclaration? source)
    {
        if (settings.Mapping("integration") is { } integration
            && integration.Mapping("ollama").Truth("enable") == true
            && integration.Mapping("huggingface") is { } cache
            && cache.Truth("enable") == true
            && cache.Find("enable") is { } second)
        {
            yield return BindingDiagnostics.LaidOutTwice(second.KeySpan);
        }

        if (source is not null
            && OllamaOfTheHub.Complete(SettingsBinder.Ollama(settings.Mapping("integration").Mapping("ollama")), source).Enable == true)
        {
            foreach (var change in Changes(settings))
            {
                yield return BindingDiagnostics.ChangeForOllama(change.KeySpan, change.Key);
            }
        }

        // Only the Hub's own names tell what a folder of its cache is called.
        if (source is not null
            && SourceVocabulary.KindOf(source) is { IsRepository: false } kind
            && settings.Mapping("integration").Mapping("huggingface") is { } hub
            && hub.Truth("enable") == true
            && hub["model"] is null
            && hub.Find("enable") is { } enable)
        {
            yield return BindingDiagnostics.FolderNameMissing(enable.KeySpan, kind.Kind);
        }
    }

    // What makes another model of this one.
    private static IEnumerable<MappingEntry> Changes(MappingNode? settings) =>
        new[] { settings?.Find("transform"), settings?.Find("postDownload"), settings.Mapping("quantize").Truth("enable") == false ? null : settings?.Find("quantize") }.OfType<MappingEntry>();

    private static IEnumerable<Diagnostic> FaultsOfSources(MappingNode? settings)
    {
        if (settings?.Find("sources") is not { } sources)
        {
            yield break;
        }

        if (settings.Find("hash") is { } hash)
        {
            yield return BindingDiagnostics.HashOfSeveralSources(hash.KeySpan, sources.KeySpan);
        }

        if (settings.Truth("impure") == true && settings.Find("impure") is { } impure)
        {
            yield return BindingDiagnostics.SeveralSourcesOfImpure(impure.KeySpan, sources.KeySpan);
        }
    }

    private static IEnumerable<Diagnostic> FaultsOfImpure(MappingNode? settings, SourceDeclaration? source)
    {
        if (settings.Truth("impure") != true || settings?.Find("impure") is not { } impure)
        {
            yield break;
        }

        foreach (var key in new[] { "hash", "fileHashes" })
        {
            if (settings.Find(key) is { } stated)
            {
                yield return BindingDiagnostics.HashesOfImpure(stated.KeySpan, key, impure.KeySpan);
            }
        }

        foreach (var change in Changes(settings))
        {
            yield return BindingDiagnostics.ChangeOfImpure(change.KeySpan, change.Key, impure.KeySpan);
        }

        if (settings.Truth("lazy") == true && settings.Find("lazy") is { } lazy)
        {
            yield return BindingDiagnostics.LazyAndImpure(lazy.KeySpan, impure.KeySpan);
        }

        var ollama = settings.Mapping("integration").Mapping("ollama");
        if (source is not null && OllamaOfTheHub.Complete(SettingsBinder.Ollama(ollama), source).Enable == true)
        {
            yield return BindingDiagnostics.ImpureForOllama(ollama?.Find("enable")?.KeySpan ?? source.Span, impure.KeySpan);
        }

        if (source is not null && SourceVocabulary.KindOf(source) is { MayBeImpure: false } kind)
        {
            yield return BindingDiagnostics.ImpureSource(source.Span, kind.Kind, impure.KeySpan);
        }
    }
}

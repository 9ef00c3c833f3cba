using System.Collections.Immutable;
using NixGen.Diagnostics;
using NixGen.Manifest.Tree;

namespace NixGen.Manifest.Binding;

/// <summary>What can be wrong with what a manifest means, its form being right: NG12xx.</summary>
public static class BindingDiagnostics
{
    /// <summary>A name is defined in two files.</summary>
    public static readonly DiagnosticDescriptor Duplicate = new(
        "NG1201",
        "A name is defined twice",
        "Models, profiles, source templates and groups share one space of names each over all files, and `flake` and `policy` stand in one file each.");

    /// <summary>Names differ in case only.</summary>
    public static readonly DiagnosticDescriptor CaseOnly = new(
        "NG1202",
        "Two model names differ only in case",
        "Each model becomes a file of its own in the emitted tree, and file systems that ignore case (macOS) would take the two for one.");

    /// <summary>A profile doesn't exist.</summary>
    public static readonly DiagnosticDescriptor UnknownProfile = new(
        "NG1203",
        "A profile doesn't exist",
        "`profile` names entries of the top-level key `profiles`, of any of the manifest's files.");

    /// <summary>A source template doesn't exist.</summary>
    public static readonly DiagnosticDescriptor UnknownTemplate = new(
        "NG1204",
        "A source template doesn't exist",
        "`from` names an entry of the top-level key `sources`, of any of the manifest's files.");

    /// <summary>A group's member doesn't exist.</summary>
    public static readonly DiagnosticDescriptor UnknownMember = new(
        "NG1205",
        "A group's member isn't a model",
        "A group lists names of models. Groups can't hold groups.");

    /// <summary>A source says no kind, or several.</summary>
    public static readonly DiagnosticDescriptor SourceKind = new(
        "NG1206",
        "A source doesn't have exactly one kind",
        "A source is a short spec, or a mapping with one key that names its kind, or a mapping with `from` and the fields that complete the template.");

    /// <summary>A field doesn't belong to the template's kind.</summary>
    public static readonly DiagnosticDescriptor FieldOfOtherKind = new(
        "NG1207",
        "A field doesn't belong to the source template's kind",
        "Beside `from` stand fields of the kind that the template is of.");

    /// <summary>A source lacks a field, template included.</summary>
    public static readonly DiagnosticDescriptor MissingField = new(
        "NG1208",
        "A source lacks a field that its template doesn't give either",
        "A template and the source that uses it together give all fields that the kind requires.");

    /// <summary>A group has the name of a model.</summary>
    public static readonly DiagnosticDescriptor GroupIsModel = new(
        "NG1209",
        "A group is called like a model",
        "Models and groups become attributes of one set: `nix build -f models.nix NAME` builds either.");

    /// <summary>A group's member isn't laid out for the cache that the group is.</summary>
    public static readonly DiagnosticDescriptor PlainMember = new(
        "NG1210",
        "A group's member has no place in the Hub's cache",
        "A group is built as one folder for `HF_HUB_CACHE`. A model with `integration.huggingface.enable: false` is a plain folder, which has no place there.");

    /// <summary>A place for partial downloads without the action that uses it, or the other way round.</summary>
    public static readonly DiagnosticDescriptor Persisting = new(
        "NG1211",
        "`action: persist` and `persistPath` don't stand together",
        "Partial downloads are kept in the folder `onDownloadFailure.persistPath`, and only where `onDownloadFailure.action` is `persist`. What `defaults` and profiles say counts too.");

    /// <summary>A token is to be renewed, and nothing makes one.</summary>
    public static readonly DiagnosticDescriptor NoTokenCommand = new(
        "NG1212",
        "`auth.tokenRefresh` has no command",
        "A token is renewed by `auth.tokenRefresh.command`. What `defaults` and profiles say counts too; `enable: false` turns renewing off.");

    /// <summary>A model is impure and something else that this rules out.</summary>
    public static readonly DiagnosticDescriptor NotImpure = new(
        "NG1213",
        "Something doesn't go with `impure`",
        "`impure: true` fetches without hashes, so nothing would check the ones that a model states. A lazy model is fetched when it is used, and an impure one anew each time. And a mock model has nothing that could be fetched; other sources than the Hub can be fetched by what is locked only.");

    /// <summary>A model of another source is to lie in the Hub's cache, under no name.</summary>
    public static readonly DiagnosticDescriptor NoFolderName = new(
        "NG1214",
        "A folder of the Hub's cache has no name",
        "Only sources of the Hub say what a model's folder in its cache is called. Others are plain folders; with `integration.huggingface.enable: true` they need `integration.huggingface.model`.");

    /// <summary>NG1215.</summary>
    public static readonly DiagnosticDescriptor TwoLayouts = new(
        "NG1215",
        "A model is to be laid out in two ways",
        "A model is a folder of the Hub's cache, or a model store of Ollama. As both, it is two models of one source: they share every byte.");

    /// <summary>A model has no source, or says two ways where it comes from.</summary>
    public static readonly DiagnosticDescriptor ModelSource = new(
        "NG1216",
        "A model doesn't say in one way where it comes from",
        "A model has either `source` or `sources`: a list of at least two, in order of preference, that hold the same files. One that is made of others has `compose` instead.");

    /// <summary>A model has several sources and something else that this rules out.</summary>
    public static readonly DiagnosticDescriptor NotOfSeveral = new(
        "NG1217",
        "Something doesn't go with `sources`",
        "Several sources stand in for each other file by file, by the hash of each. `hash` fetches the whole tree as one, and `impure` fetches without any hash.");

    /// <summary>A validator of no kind, or of several.</summary>
    public static readonly DiagnosticDescriptor ValidatorKind = new(
        "NG1218",
        "A validator isn't exactly one",
        "An item of `validators` is the name of a validator, or a mapping with one name and its argument, or one of your own: `name` with `script` (another spelling is `command`) or `file`. Beside it may stand `description`, `timeout`, `onFailure` and `buildInputs`.");

    /// <summary>A validator's file can't be read.</summary>
    public static readonly DiagnosticDescriptor NoScript = new(
        "NG1219",
        "A script's file can't be read",
        "`file` names a bash script that lies with the manifest. Its text becomes a part of the output, so that what is built needs nothing beside it.");

    /// <summary>A change without a script, or with several.</summary>
    public static readonly DiagnosticDescriptor ChangeScript = new(
        "NG1220",
        "What changes a model doesn't have exactly one script",
        "A step of `transform` and a script of `postDownload` have one of `script` (another spelling is `command`) and `file`.");

    /// <summary>It isn't clear how a model is quantized.</summary>
    public static readonly DiagnosticDescriptor Quantizing = new(
        "NG1221",
        "It isn't clear how a model is quantized",
        "`method: gguf` is done by llama.cpp, and takes one of `type` and `bits`. `gptq` and `awq` are done by a script of yours: they take `bits` and one of `script` and `file`. What `defaults` and profiles say counts too.");

    /// <summary>A composition that can't be made.</summary>
    public static readonly DiagnosticDescriptor Composing = new(
        "NG1222",
        "A composition doesn't fit",
        "`compose` stands in place of `source`, and only `meta` beside it: what is fetched, examined and changed are the models that it names. These have sources of their own, and are neither `impure` nor `lazy`.");

    /// <summary>All of this stage, ordered by code.</summary>
    public static ImmutableArray<DiagnosticDescriptor> All { get; } =
    [
        Duplicate, CaseOnly, UnknownProfile, UnknownTemplate, UnknownMember, SourceKind, FieldOfOtherKind, MissingField,
        GroupIsModel, PlainMember, Persisting, NoTokenCommand, NotImpure,
        NoFolderName, TwoLayouts, ModelSource, NotOfSeveral, ValidatorKind, NoScript, ChangeScript,
        Quantizing, Composing,
    ];

    internal static Diagnostic ValidatorUnclear(SourceSpan at, ImmutableArray<string> keys) => new()
    {
        Descriptor = ValidatorKind,
        Message = keys.IsEmpty
            ? "the validator says neither which one it is nor what it runs"
            : $"the validator states {string.Join(", ", keys.Select(key => Quoted.Text(key)))}, and it isn't clear which one it is",
        Location = at,
        Help = "write the name of one with its argument, such as `maxSize: 20G`, or one of your own: `name` and one of `script` and `file`",
    };

    internal static Diagnostic ChangeUnclear(SourceSpan at, ImmutableArray<string> keys) => new()
    {
        Descriptor = ChangeScript,
        Message = keys.IsEmpty ? "nothing says what changes the model" : $"{string.Join(" and ", keys.Select(key => Quoted.Text(key)))} say what changes the model",
        Location = at,
        Help = "state one of `script` and `file`",
    };

    internal static Diagnostic QuantizeUnclear(SourceSpan at, string message, string help) => new()
    {
        Descriptor = Quantizing,
        Message = message,
        Location = at,
        Help = help,
    };

    internal static Diagnostic QuantizeForeign(SourceSpan at, string key, string method) => new()
    {
        Descriptor = Quantizing,
        Message = $"{Quoted.Text(key)} has no meaning where the method is {Quoted.Text(method)}",
        Location = at,
        Help = method == QuantizeRequest.Gguf ? $"remove `{key}`: llama.cpp quantizes the model" : $"remove `{key}`: a script of yours quantizes the model",
    };

    internal static Diagnostic CompositionForeign(SourceSpan at, string key) => new()
    {
        Descriptor = Composing,
        Message = $"the model is composed of others, and {Quoted.Text(key)} has no meaning for it",
        Location = at,
        Help = key is "source" or "sources" ? "leave one of the two out" : "state it for the models that it is composed of",
    };

    internal static Diagnostic NoSuchPart(SourceSpan at, string name, string? suggestion) => new()
    {
        Descriptor = Composing,
        Message = $"there is no model {Quoted.Text(name)}",
        Location = at,
        Help = DidYouMean(suggestion) ?? "define it: a composition names models of the same manifest",
    };

    internal static Diagnostic PartUnfit(SourceSpan at, string name, string why, string help, SourceSpan model) => new()
    {
        Descriptor = Composing,
        Message = $"the model {Quoted.Text(name)} {why}",
        Location = at,
        Help = help,
        Related = [new(model, "it is defined here")],
    };

    internal static Diagnostic ChangeOfImpure(SourceSpan at, string key, SourceSpan impure) => ContradictsImpure(
        at, impure, $"the model is impure, and nothing that is pure can be made of it by {Quoted.Text(key)}", $"remove `{key}`, or write `impure: false`");

    internal static Diagnostic ChangeForOllama(SourceSpan at, string key) => new()
    {
        Descriptor = TwoLayouts,
        Message = $"the model is to be a model store of Ollama, whose files are named by hashes that are known beforehand, and {Quoted.Text(key)} changes them",
        Location = at,
        Help = "leave one of the two out, or define the model twice",
    };

    internal static Diagnostic ScriptUnreadable(SourceSpan at, string path, string reason) => new()
    {
        Descriptor = NoScript,
        Message = $"the script's file {Quoted.Text(path)} can't be read: {reason}",
        Location = at,
        Help = "paths are relative to the folder of the manifest that they stand in",
    };

    internal static Diagnostic DefinedTwice(string noun, string name, SourceSpan first, SourceSpan second) => new()
    {
        Descriptor = Duplicate,
        Message = $"{noun} {Quoted.Text(name)} is defined twice",
        Location = second,
        Help = "rename one, or remove it",
        Related = [new(first, "it is defined here first")],
    };

    internal static Diagnostic DiffersInCase(string name, SourceSpan at, string other, SourceSpan otherAt) => new()
    {
        Descriptor = CaseOnly,
        Message = $"the names {Quoted.Text(name)} and {Quoted.Text(other)} differ only in case",
        Location = at,
        Help = "rename one: they would be the same file on macOS",
        Related = [new(otherAt, "the other one")],
    };

    internal static Diagnostic NoSuchProfile(SourceSpan at, string name, string? suggestion) => new()
    {
        Descriptor = UnknownProfile,
        Message = $"there is no profile {Quoted.Text(name)}",
        Location = at,
        Help = DidYouMean(suggestion) ?? $"define it: `profiles: {{ {Quoted.Bare(name)}: {{ … }} }}`",
    };

    internal static Diagnostic NoSuchTemplate(SourceSpan at, string name, string? suggestion) => new()
    {
        Descriptor = UnknownTemplate,
        Message = $"there is no source template {Quoted.Text(name)}",
        Location = at,
        Help = DidYouMean(suggestion) ?? $"define it: `sources: {{ {Quoted.Bare(name)}: {{ huggingface: {{ … }} }} }}`",
    };

    internal static Diagnostic IsPlain(SourceSpan at, string name, bool isComposition) => new()
    {
        Descriptor = PlainMember,
        Message = $"the model {Quoted.Text(name)} is a plain folder, which has no place in a group's cache",
        Location = at,
        Help = isComposition
            ? "take it out of the group, or list its models instead"
            : "take it out of the group, or let it lie in the Hub's cache: `integration.huggingface.enable: true`",
    };

    internal static Diagnostic NoSuchMember(SourceSpan at, string name, bool isGroup, string? suggestion) => new()
    {
        Descriptor = UnknownMember,
        Message = isGroup ? $"{Quoted.Text(name)} is a group, and groups can't hold groups" : $"there is no model {Quoted.Text(name)}",
        Location = at,
        Help = isGroup ? "list its models instead" : DidYouMean(suggestion) ?? "add the model, or remove the name from the group",
    };

    internal static Diagnostic NoKind(SourceSpan at) => new()
    {
        Descriptor = SourceKind,
        Message = "the source doesn't say of which kind it is",
        Location = at,
        Expected = $"one of {string.Join(", ", SourceVocabulary.Kinds.Select(kind => $"`{kind.Kind}`"))}, or `from`",
        Help = "put the fields under their kind: `source: { huggingface: { repo: … } }`",
    };

    internal static Diagnostic SeveralKinds(SourceSpan at, MappingNode source) => new()
    {
        Descriptor = SourceKind,
        Message = "the source must have one kind, and nothing beside it",
        Location = at,
        Actual = string.Join(" and ", source.Entries.Select(entry => Quoted.Text(entry.Key))),
        Help = "keep one; a second source is a model of its own",
    };

    internal static Diagnostic ForeignField(SourceSpan at, string field, SourceFields fields, string template) => new()
    {
        Descriptor = FieldOfOtherKind,
        Message = $"{Quoted.Text(field)} isn't a field of {fields.Kind} sources, which the template {Quoted.Text(template)} is of",
        Location = at,
        Expected = string.Join(", ", fields.All.Select(name => $"`{name}`")),
        Help = DidYouMean(Spelling.Nearest(field, fields.All)) ?? "remove it, or use another template",
    };

    internal static Diagnostic FieldMissing(SourceSpan at, string field, string template, SourceSpan templateAt) => new()
    {
        Descriptor = MissingField,
        Message = $"the source lacks {Quoted.Text(field)}, and its template {Quoted.Text(template)} doesn't give it",
        Location = at,
        Help = $"add `{field}` beside `from`, or to the template",
        Related = [new(templateAt, "the template")],
    };

    internal static Diagnostic CalledLikeModel(string name, SourceSpan at, SourceSpan model) => new()
    {
        Descriptor = GroupIsModel,
        Message = $"the group {Quoted.Text(name)} is called like a model",
        Location = at,
        Help = "rename one of them",
        Related = [new(model, "the model")],
    };

    internal static Diagnostic NothingPersists(SourceSpan at) => new()
    {
        Descriptor = Persisting,
        Message = "`persistPath` is given, and nothing is kept",
        Location = at,
        Help = "add `action: persist`, or remove `persistPath`",
    };

    internal static Diagnostic NowhereToPersist(SourceSpan at) => new()
    {
        Descriptor = Persisting,
        Message = "`action: persist` doesn't say where partial downloads are kept",
        Location = at,
        Help = "add `persistPath: /var/cache/nixgen`, or another folder that builds can write to",
    };

    internal static Diagnostic TokenCommandMissing(SourceSpan at) => new()
    {
        Descriptor = NoTokenCommand,
        Message = "`tokenRefresh` doesn't say what makes a token",
        Location = at,
        Help = "add `command`, or `enable: false`",
    };

    internal static Diagnostic HashesOfImpure(SourceSpan at, string key, SourceSpan impure) => ContradictsImpure(
        at, impure, $"the model is impure, so nothing would check {Quoted.Text(key)}", $"remove `{key}`, or write `impure: false`");

    internal static Diagnostic LazyAndImpure(SourceSpan at, SourceSpan impure) => ContradictsImpure(
        at, impure, "the model is lazy and impure: every use would fetch it again", "keep one of the two");

    internal static Diagnostic ImpureForOllama(SourceSpan at, SourceSpan impure) => ContradictsImpure(
        at, impure, "the model is impure, and Ollama's store names files by hashes that nothing knows beforehand", "write `impure: false`, or `integration: { ollama: { enable: false } }` and `source: hf:…`");

    internal static Diagnostic ImpureSource(SourceSpan at, string kind, SourceSpan impure) => ContradictsImpure(
        at,
        impure,
        kind == "mock"
            ? "the model is impure, and a mock source has nothing to fetch"
            : $"the model is impure, and `{kind}` sources are fetched by what is locked only",
        "write `impure: false`");

    internal static Diagnostic FolderNameMissing(SourceSpan at, string kind) => new()
    {
        Descriptor = NoFolderName,
        Message = $"the model is to lie in the Hub's cache, and a `{kind}` source doesn't say under which name",
        Location = at,
        Help = "add `integration.huggingface.model: NAME`, and `org: NAME` if loaders ask for `org/model`",
    };

    internal static Diagnostic LaidOutTwice(SourceSpan at) => new()
    {
        Descriptor = TwoLayouts,
        Message = "the model is to be a folder of the Hub's cache, and a model store of Ollama",
        Location = at,
        Help = "leave one of `integration.huggingface.enable` and `integration.ollama.enable` out, or define the model twice",
    };

    internal static Diagnostic SourceMissing(SourceSpan at, string name) => new()
    {
        Descriptor = ModelSource,
        Message = $"the model {Quoted.Text(name)} doesn't say where it comes from",
        Location = at,
        Help = "add `source: hf:org/model@main`, or `sources` with several that hold the same files, or `compose` with models to join",
    };

    internal static Diagnostic OneAndSeveralSources(SourceSpan at, SourceSpan one) => new()
    {
        Descriptor = ModelSource,
        Message = "the model has `source` and `sources`",
        Location = at,
        Help = "put all into `sources`, the one to ask first at its head",
        Related = [new(one, "the other one")],
    };

    internal static Diagnostic HashOfSeveralSources(SourceSpan at, SourceSpan sources) => ContradictsSources(
        at, sources, "the model has several sources, and `hash` would fetch all files from one", "remove `hash`: each file is checked by its own, or keep one source");

    internal static Diagnostic SeveralSourcesOfImpure(SourceSpan at, SourceSpan sources) => ContradictsSources(
        at, sources, "the model is impure, so nothing would tell whether its sources hold the same", "write `impure: false`, or keep one source");

    private static Diagnostic ContradictsSources(SourceSpan at, SourceSpan sources, string message, string help) => new()
    {
        Descriptor = NotOfSeveral,
        Message = message,
        Location = at,
        Help = help,
        Related = [new(sources, "its sources")],
    };

    private static Diagnostic ContradictsImpure(SourceSpan at, SourceSpan impure, string message, string help) => new()
    {
        Descriptor = NotImpure,
        Message = message,
        Location = at,
        Help = help,
        Related = [new(impure, "it is made impure here")],
    };

    private static string? DidYouMean(string? suggestion) =>
        suggestion is null ? null : $"did you mean {Quoted.Text(suggestion)}?";
}

using System.Collections.Immutable;
using NixGen.Diagnostics;
using NixGen.Lock;
using NixGen.Manifest;
using NixGen.Sources;

namespace NixGen.Resolve.Policy;

/// <summary>What <c>policy</c> refuses: NG351x.</summary>
public static class PolicyDiagnostics
{
    /// <summary>NG3510.</summary>
    public static readonly DiagnosticDescriptor License = new(
        "NG3510",
        "A model's licence isn't what the policy allows",
        "`policy.licenses` says which licences models may have, by SPDX identifiers or the Hub's names. What counts is the model's `meta.license` where it is stated, and else what the lock has of upstream. Where upstream leaves the choice (`MIT OR GPL-3.0`), one that is allowed will do.");

    /// <summary>NG3511.</summary>
    public static readonly DiagnosticDescriptor Publisher = new(
        "NG3511",
        "A model is of a publisher that the policy doesn't name",
        "`policy.publishers` holds what stands before the slash in the source's own name of a model (an organisation, a namespace, a bucket), or patterns of whole names such as `mistralai/*-Instruct-*`.");

    /// <summary>NG3512.</summary>
    public static readonly DiagnosticDescriptor Format = new(
        "NG3512",
        "A model has weights in a format that the policy doesn't name",
        "`policy.formats` holds the formats that weights may have, judged by the names of files, before any is downloaded. `format` or `files` of the source choose.");

    /// <summary>NG3513.</summary>
    public static readonly DiagnosticDescriptor Size = new(
        "NG3513",
        "A model, or all models together, are larger than the policy allows",
        "`policy.maxSize` is for each model and `policy.maxTotalSize` for all, where content that several models have counts once. K, M, G and T are powers of 1024.");

    /// <summary>NG3514.</summary>
    public static readonly DiagnosticDescriptor Pickle = new(
        "NG3514",
        "A model has files that are called like pickles",
        "`policy.refuse: [pickle]` refuses them by name, before any is downloaded. What is a pickle under another name is found when the model is built, by the validator `noPickleFiles`.");

    /// <summary>NG3515.</summary>
    public static readonly DiagnosticDescriptor Scan = new(
        "NG3515",
        "The Hub's scan of a model's files isn't finished, or flags some",
        "The lock holds what the Hub's own scanners say of a repository. Only `safe` is safe: `pending` is not known yet, and nothing is known of sources that don't scan. `policy.refuse` holds `unscanned` or `flagged`.");

    /// <summary>NG3516.</summary>
    public static readonly DiagnosticDescriptor Gated = new(
        "NG3516",
        "A model is gated",
        "`policy.refuse: [gated]` refuses models whose files only those can have who asked for them.");

    /// <summary>All of them, ordered by code.</summary>
    public static ImmutableArray<DiagnosticDescriptor> All { get; } = [License, Publisher, Format, Size, Pickle, Scan, Gated];

    internal static Diagnostic OtherLicense(ModelRequest model, string license, PolicySettings policy) => Of(
        License,
        model,
        $"Model '{model.Name}' has the licence '{LockDiagnostics.Printable(license)}', which the policy {(policy.AllowedLicenses.IsEmpty ? "denies" : "doesn't allow")}.",
        policy.AllowedLicenses.IsEmpty ? $"anything but {Words(policy.DeniedLicenses)}" : Words(policy.AllowedLicenses),
        "Take another model, add the licence to `policy.licenses.allowed`, or state the one that you have of the publisher as `meta: { license: … }`.",
        policy);

    internal static Diagnostic Unlicensed(ModelRequest model, PolicySettings policy) => Of(
        License,
        model,
        $"Model '{model.Name}' states no licence.",
        policy.AllowedLicenses.IsEmpty ? "a licence" : Words(policy.AllowedLicenses),
        "If you know it, state it as `meta: { license: … }`.",
        policy);

    internal static Diagnostic OtherPublisher(ModelRequest model, string id, PolicySettings policy) => Of(
        Publisher,
        model,
        $"Model '{model.Name}' is '{LockDiagnostics.Printable(id)}', and the policy doesn't name its publisher.",
        Words(policy.Publishers),
        "Take the model of one of them, or add the publisher to `policy.publishers`.",
        policy);

    internal static Diagnostic OtherFormat(ModelRequest model, List<ListedSize> files, PolicySettings policy) => Of(
        Format,
        model,
        $"Model '{model.Name}' has weights in another format than the policy names: {Paths(files)}.",
        Words(policy.Formats),
        $"Choose with `format: {policy.Formats[0]}` at the source, or leave the files out with `exclude`.",
        policy);

    internal static Diagnostic TooLarge(ModelRequest model, long size, long most, PolicySettings policy) => Of(
        Size,
        model,
        $"Model '{model.Name}' has {ByteSize.Of(size)}, and the policy allows {ByteSize.Of(most)}.",
        $"at most {most} bytes",
        "Choose fewer files with `files`, `format` or `gguf` at the source, or raise `policy.maxSize`.",
        policy);

    internal static Diagnostic AllTooLarge(SourceSpan at, long size, long most) => new()
    {
        Descriptor = Size,
        Message = $"All models together have {ByteSize.Of(size)}, and the policy allows {ByteSize.Of(most)}.",
        Location = at,
        Expected = $"at most {most} bytes",
        Help = "Leave models out, or raise `policy.maxTotalSize`. `nixgen info NAME` shows what each has.",
    };

    internal static Diagnostic Pickles(ModelRequest model, List<ListedSize> files, PolicySettings policy) => Of(
        Pickle,
        model,
        $"Model '{model.Name}' has files that are called like pickles: {Paths(files)}.",
        "no pickle",
        "Choose with `format: safetensors` at the source, or leave the files out with `exclude`.",
        policy);

    internal static Diagnostic Unscanned(ModelRequest model, string? scan, PolicySettings policy) => Of(
        Scan,
        model,
        scan is null ? $"Model '{model.Name}': nothing is known of a scan of its files." : $"Model '{model.Name}': the Hub hasn't finished scanning its files.",
        "`safe`",
        scan is null
            ? "Take it from a Hub that scans, or take `unscanned` out of `policy.refuse`; if the lock is older than this, `nixgen update NAME` asks."
            : "Run `nixgen update NAME` later.",
        policy);

    internal static Diagnostic Flagged(ModelRequest model, string? scan, PolicySettings policy) => Of(
        Scan,
        model,
        $"Model '{model.Name}': the Hub says '{LockDiagnostics.Printable(scan ?? "")}' of its files.",
        "`safe`",
        "Look at the repository's files on the Hub; leave the flagged ones out with `exclude`, or take another revision or model.",
        policy);

    internal static Diagnostic IsGated(ModelRequest model, PolicySettings policy) => Of(
        Gated, model, $"Model '{model.Name}' is gated.", "a model that everybody can have", "Take another one, or take `gated` out of `policy.refuse`.", policy);

    private static Diagnostic Of(DiagnosticDescriptor descriptor, ModelRequest model, string message, string expected, string help, PolicySettings policy) => new()
    {
        Descriptor = descriptor,
        Message = message,
        Location = model.Source.Span,
        Expected = expected,
        Help = help,
        Related = policy.Span is { } span ? [new(span, "the policy")] : [],
    };

    private static string Words(ImmutableArray<string> values) => string.Join(", ", values);

    private static string Paths(List<ListedSize> files) =>
        $"'{LockDiagnostics.Printable(files[0].Path)}'{(files.Count > 1 ? $" and {files.Count - 1} more" : "")}, {ByteSize.Of(files.Sum(file => file.Size))}";
}

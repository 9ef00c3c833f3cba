using System.Collections.Immutable;
using NixGen.Diagnostics;
using NixGen.Manifest;
using NixGen.Sources;

namespace NixGen.Resolve;

/// <summary>What can keep a run from locking, whatever the source.</summary>
public static class ResolveDiagnostics
{
    /// <summary>NG3201.</summary>
    public static readonly DiagnosticDescriptor LockWouldChange = new(
        "NG3201",
        "The lock would have to change",
        "'--locked' asks that the lock fits the manifest already, as continuous integration wants it. It doesn't: a model is missing, is asked for otherwise than when it was locked, or left the manifest.",
        Kind: FailureKind.Stale);

    /// <summary>NG3202.</summary>
    public static readonly DiagnosticDescriptor UnknownName = new(
        "NG3202",
        "The manifest has no such model",
        "A name on the command line is not the name of a model in the manifest.",
        Kind: FailureKind.Usage);

    /// <summary>NG3203.</summary>
    public static readonly DiagnosticDescriptor NotLocked = new(
        "NG3203",
        "A model isn't locked",
        "'--frozen' takes the lock as it is, so a model that the lock lacks can't be built.",
        Kind: FailureKind.Stale);

    /// <summary>NG3204.</summary>
    public static readonly DiagnosticDescriptor Pinned = new(
        "NG3204",
        "A model is pinned",
        "'pin: true' keeps 'update' from moving a model's revision.",
        Severity.Note);

    /// <summary>NG3205.</summary>
    public static readonly DiagnosticDescriptor Impure = new(
        "NG3205",
        "A model is impure",
        "'impure: true' fetches without hashes, so such a model isn't locked. Nothing checks what its source sends; a branch gives other files once it moves; Nix builds it anew wherever it is asked for, no binary cache can hold it, and only other impure derivations can use it. Nix needs the experimental features 'impure-derivations' and 'ca-derivations' for it.",
        Severity.Warning);

    /// <summary>NG3206.</summary>
    public static readonly DiagnosticDescriptor NotForImpure = new(
        "NG3206",
        "The source asks for what an impure model can't have",
        "An impure model isn't locked: its build lists what is there by 'files' and 'exclude' alone. What is chosen when a model is locked can't be said of it.");

    /// <summary>NG3209.</summary>
    public static readonly DiagnosticDescriptor NoModelOfOllama = new(
        "NG3209",
        "A model can't be laid out for Ollama",
        "Ollama's store names one file that holds the model, and takes no model in parts. A projector (mmproj) may lie beside it.");

    /// <summary>NG3210.</summary>
    public static readonly DiagnosticDescriptor NoNameForOllama = new(
        "NG3210",
        "Ollama takes no such name",
        "In Ollama's store, a model is a path of four names, for which Ollama has rules of its own.");

    /// <summary>NG3211.</summary>
    public static readonly DiagnosticDescriptor Offline = Upstream(
        "NG3211",
        "The network is needed and may not be used",
        "'--offline' opens no connection. A model that isn't locked yet, or whose request changed, can't be resolved without one.");

    /// <summary>NG3212.</summary>
    public static readonly DiagnosticDescriptor Unreachable = Upstream(
        "NG3212",
        "A server can't be reached",
        "The server's name has no address, or the server takes no connection. Proxies are taken from HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY.");

    /// <summary>NG3213.</summary>
    public static readonly DiagnosticDescriptor NotTrusted = Upstream(
        "NG3213",
        "A server's certificate isn't trusted",
        "The TLS handshake failed. A company's proxy that opens TLS needs its own certificate among those the system trusts; SSL_CERT_FILE and SSL_CERT_DIR name further ones.");

    /// <summary>NG3214.</summary>
    public static readonly DiagnosticDescriptor TimedOut = Upstream(
        "NG3214",
        "A server doesn't answer in time",
        "The connection, the answer or its next byte took too long, several times.");

    /// <summary>NG3215.</summary>
    public static readonly DiagnosticDescriptor Interrupted = Upstream(
        "NG3215",
        "A transfer broke off",
        "The connection was closed before the answer was complete, several times.");

    /// <summary>NG3216.</summary>
    public static readonly DiagnosticDescriptor TooLarge = Upstream(
        "NG3216",
        "An answer is too large",
        "The answer is larger than any answer of its kind, so it isn't what was asked for.");

    /// <summary>NG3217.</summary>
    public static readonly DiagnosticDescriptor BadRedirect = Upstream(
        "NG3217",
        "A redirect isn't followed",
        "Requests to an API are followed on the same server only, never to an unprotected connection, and at most ten times.");

    /// <summary>NG3218.</summary>
    public static readonly DiagnosticDescriptor WrongLength = new(
        "NG3218",
        "A file is not as long as the listing states",
        "The server sent more or fewer bytes than its listing of the same revision states, several times.",
        Kind: FailureKind.ContentMismatch);

    /// <summary>All of them, ordered by code.</summary>
    public static ImmutableArray<DiagnosticDescriptor> All { get; } =
    [
        LockWouldChange, UnknownName, NotLocked, Pinned, Impure, NotForImpure, NoModelOfOllama, NoNameForOllama, Offline, Unreachable, NotTrusted, TimedOut, Interrupted,
        TooLarge, BadRedirect, WrongLength,
    ];

    internal static Diagnostic IsNoModelOfOllama(ModelRequest model, IReadOnlyList<string> found, bool isInParts) => new()
    {
        Descriptor = NoModelOfOllama,
        Message = $"Model '{model.Name}' is to be a model store of Ollama, and what is selected of its source holds {(found.Count == 0 ? "no GGUF file" : isInParts ? "a model in several parts" : $"{found.Count} GGUF files")}.",
        Location = model.NameSpan,
        Expected = "one GGUF file with the whole model",
        Actual = found.Count == 0 ? null : string.Join(", ", found.Take(8).Select(path => Quoted.Text(path))) + (found.Count > 8 ? ", …" : ""),
        Help = found.Count > 1 && !isInParts
            ? "Choose one: a tag that names its quantization ('ollama:hf.co/org/name:Q4_K_M'), 'gguf: { quant: … }', or 'files'."
            : "Choose another file, or leave 'integration.ollama' out. Parts can be joined with llama-gguf-split --merge.",
    };

    internal static Diagnostic HasNoNameForOllama(ModelRequest model) => new()
    {
        Descriptor = NoNameForOllama,
        Message = $"Model '{model.Name}' is to be a model store of Ollama, which takes no such name.",
        Location = model.NameSpan,
        Expected = "at most 80 letters, digits, '_', '-' and '.'",
        Help = "State another: 'integration: { ollama: { enable: true, name: NAME } }'.",
    };

    internal static Diagnostic WouldChange(ModelRequest model, bool isLocked, bool isSame) => new()
    {
        Descriptor = LockWouldChange,
        Message = isSame
            ? $"Whether model '{model.Name}' moved can't be asked with '--locked'."
            : isLocked
                ? $"Model '{model.Name}' is asked for otherwise than when it was locked, or its entry was edited."
                : $"Model '{model.Name}' isn't locked.",
        Location = model.NameSpan,
        Help = "Run 'nixgen lock' and check the lock in.",
    };

    internal static Diagnostic WouldRemove(string name, bool isImpure) => new()
    {
        Descriptor = LockWouldChange,
        Message = $"The lock holds model '{name}', which {(isImpure ? "is impure now and isn't locked" : "left the manifest")}.",
        Help = "Run 'nixgen lock' and check the lock in.",
    };

    internal static Diagnostic WouldRewrite() => new()
    {
        Descriptor = LockWouldChange,
        Message = "The lock isn't as nixgen writes it: it holds conflict markers, edited entries, or an older format.",
        Help = "Run 'nixgen lock' and check the lock in.",
    };

    internal static Diagnostic HasNoRevision(Composition composition) => new()
    {
        Descriptor = UnknownName,
        Message = $"'{composition.Name}' is composed of other models, and has no revision of its own.",
        Help = $"Name its models: {string.Join(' ', composition.Parts.Select(part => part.Model).Distinct(StringComparer.Ordinal))}",
    };

    internal static Diagnostic HasUnknownName(string name, IReadOnlyCollection<string> names) => new()
    {
        Descriptor = UnknownName,
        Message = $"The manifest has no model '{name}'.",
        Help = Spelling.Nearest(name, names) is { } guess
            ? $"Did you mean '{guess}'?"
            : $"Its models: {string.Join(", ", names.Order(StringComparer.Ordinal).Take(20))}{(names.Count > 20 ? ", …" : "")}",
    };

    internal static Diagnostic IsNotLocked(ModelRequest model) => new()
    {
        Descriptor = NotLocked,
        Message = $"Model '{model.Name}' isn't locked.",
        Location = model.NameSpan,
        Help = "Run 'nixgen lock' and check the lock in, or run without '--frozen'.",
    };

    internal static Diagnostic IsPinned(ModelRequest model) => new()
    {
        Descriptor = Pinned,
        Message = $"Model '{model.Name}' is pinned and stays at its revision.",
        Location = model.NameSpan,
        Help = "Remove 'pin: true' to let it move.",
    };

    internal static Diagnostic IsImpure(ModelRequest model) => new()
    {
        Descriptor = Impure,
        Message = $"Model '{model.Name}' is impure: it is fetched without hashes, its revision may move, and no binary cache can hold it.",
        Location = model.NameSpan,
        Help = "Remove 'impure: true' and run 'nixgen lock' to have it reproducible. To build it, Nix needs '--extra-experimental-features \"impure-derivations ca-derivations\"'.",
    };

    internal static Diagnostic CannotBeImpure(ModelRequest model, string why) => new()
    {
        Descriptor = NotForImpure,
        Message = $"Model '{model.Name}' is impure, and {why}.",
        Location = model.Source.Span,
        Help = "Take 'impure' out and lock the model, or choose files by 'files' and 'exclude'.",
    };

    internal static Diagnostic HasNoAnswer(ModelRequest model, UpstreamException exception)
    {
        var (descriptor, help) = exception.Failure switch
        {
            UpstreamFailure.Offline => (Offline, $"Run 'nixgen lock' with the network, and check the lock in."),
            UpstreamFailure.Unreachable => (Unreachable, "Check the network, the proxy variables, and HF_ENDPOINT if it is set. What is locked stays locked."),
            UpstreamFailure.Tls => (NotTrusted, "Check the clock and the proxy; add your company's certificate to those the system trusts, or name it in SSL_CERT_FILE."),
            UpstreamFailure.Timeout => (TimedOut, "Run the command again. What is locked stays locked."),
            UpstreamFailure.TooLarge => (TooLarge, "Open the URL and see who answers. A proxy or a mirror (HF_ENDPOINT) may stand between."),
            UpstreamFailure.Redirect => (BadRedirect, "Open the URL and see where it leads. If the server moved, put its new address into 'endpoint' or HF_ENDPOINT."),
            UpstreamFailure.WrongLength => (WrongLength, "Run the command again. If it stays so, don't use this source: what it serves isn't what it lists."),
            _ => (Interrupted, "Run the command again. What is locked stays locked."),
        };
        return new()
        {
            Descriptor = descriptor,
            Message = $"Model '{model.Name}': {exception.Message}",
            Location = model.Source.Span,
            Help = help,
        };
    }

    private static DiagnosticDescriptor Upstream(string code, string title, string explanation) =>
        new(code, title, explanation, Kind: FailureKind.Upstream);
}

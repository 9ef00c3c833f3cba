using NixGen.Diagnostics;
using NixGen.Lock;
using NixGen.Manifest;
using NixGen.Nix.Hashing;
using NixGen.Sources.Archives;

namespace NixGen.Sources.Url;

/// <content>What is said of a server's answer.</content>
public static partial class UrlDiagnostics
{
    internal static Diagnostic LacksToken(ModelRequest model, string origin, IEnumerable<string> looked) => Of(
        NoToken,
        model,
        $"Model '{model.Name}' requires credentials for {origin}, and there are none.",
        $"Looked at: {Join(looked)}.\nName a variable in 'auth.tokenEnvVar' or a file in 'auth.tokenFile' or 'auth.netrcFile'.");

    internal static Diagnostic HoldsNoToken(ModelRequest model, Secret token) => Of(
        NoToken,
        model,
        $"What {token.Origin} holds for model '{model.Name}' is no token: it has spaces, line breaks or characters outside of ASCII.",
        "Put the token alone there, on one line.");

    internal static Diagnostic HasSeveralOwners(ModelRequest model, Secret token, IReadOnlyList<string> origins) => Of(
        SeveralOwners,
        model,
        $"The token in {token.Origin} would go to {origins.Count} servers for model '{model.Name}': {string.Join(", ", origins)}.",
        "Make a model of each server's files, or keep passwords by host in the file that 'auth.netrcFile' names.");

    internal static Diagnostic IsRefused(ModelRequest model, FileAddress address, UpstreamResponse answer, UrlCredentials credentials)
    {
        var isElsewhere = !answer.Url.AbsoluteUri.StartsWith(address.Origin + "/", StringComparison.Ordinal);
        var why = credentials.Token is { } token ? $" with {token.Origin}" : "";
        return Of(
            Refused,
            model,
            isElsewhere
                ? $"{PublicUrl.Of(address.Url)} of model '{model.Name}' leads to {PublicUrl.Of(answer.Url)}, which answers {answer.Status}."
                : $"{PublicUrl.Of(address.Url)} of model '{model.Name}' answers {answer.Status}{why}.",
            isElsewhere
                ? "Run the command again: links to storage expire. If it stays so, ask those who run the server."
                : credentials.Token is null
                    ? $"Looked at: {Join(credentials.Looked)}.\nIf the file needs a token, name its variable in 'auth.tokenEnvVar'; a user name and password belong into the file that 'auth.netrcFile' names."
                    : "Look whether the token is the right one, still valid, and allowed to read this file.");
    }

    internal static Diagnostic IsMissing(ModelRequest model, FileAddress address, int status, UrlCredentials credentials) => Of(
        Missing,
        model,
        $"There is no file at {PublicUrl.Of(address.Url)} of model '{model.Name}': the server answers {status}{(status == 410 ? ", it was taken away" : "")}.",
        credentials.Token is null
            ? "Open the address in a browser. If it can be seen only by some, name the token's variable in 'auth.tokenEnvVar'."
            : "Open the address in a browser, and look whether the token may see it.");

    internal static Diagnostic LimitsRate(ModelRequest model, FileAddress address, TimeSpan? wait) => Of(
        RateLimited,
        model,
        $"{PublicUrl.Of(address.Url)} of model '{model.Name}' answers 429: too many requests.",
        wait is { } asked ? $"The server asks to wait for {Math.Ceiling(asked.TotalSeconds):0} s. What is locked stays locked." : "Run the command again in some minutes. What is locked stays locked.");

    internal static Diagnostic Fails(ModelRequest model, FileAddress address, UpstreamResponse answer) => Of(
        Failing,
        model,
        $"{PublicUrl.Of(address.Url)} of model '{model.Name}' answers {answer.Status}{(answer.Url == address.Url ? "" : $" at {PublicUrl.Of(answer.Url)}")}.",
        answer.Status >= 500 ? "Run the command again later. What is locked stays locked." : "Open the address in a browser and see what it leads to.");

    internal static Diagnostic IsWebPage(ModelRequest model, FileAddress address, UpstreamResponse answer, UrlCredentials credentials) => Of(
        WebPage,
        model,
        $"{PublicUrl.Of(address.Url)} of model '{model.Name}' leads to a web page{(answer.Url == address.Url ? "" : $", {PublicUrl.Of(answer.Url)}")}, and not to a file.",
        credentials.Token is null
            ? "Give the address of the file itself. If the page asks to log in, name the variable of a token in 'auth.tokenEnvVar'."
            : "Give the address of the file itself. If the page asks to log in, the token isn't accepted.");

    internal static Diagnostic HasOtherContent(ModelRequest model, UrlFile file, SriHash wanted, SriHash found) => Of(
        OtherContent,
        model,
        $"{PublicUrl.Of(file.Address.Url)} of model '{model.Name}' is not the file that 'sha256' states.",
        "If the new content is wanted, put its hash there, or leave 'sha256' out and lock again. If not, find an address that still has the old one.") with
    {
        Expected = wanted.Text,
        Actual = found.Text,
    };

    internal static Diagnostic HasChanged(ModelRequest model, FileAddress address, LockedFile before, LockedFile now) => Of(
        Changed,
        model,
        $"The content at {PublicUrl.Of(address.Url)} of model '{model.Name}' has changed since it was locked.",
        $"If you know of the change, check the new lock in. If not, keep the old one, and ask who publishes the file. To be told of changes when locking, state 'sha256' in the manifest.") with
    {
        Expected = $"{before.Sha256.Text}, {before.Size} bytes",
        Actual = $"{now.Sha256.Text}, {now.Size} bytes",
    };

    internal static Diagnostic HasOtherArchive(ModelRequest model, FileAddress address, string before, string now) => Of(
        Changed,
        model,
        $"The archive at {PublicUrl.Of(address.Url)} of model '{model.Name}' has changed since it was locked.",
        "If you know of the change, check the new lock in. If not, keep the old one, and ask who publishes the file. To be told of changes when locking, state 'sha256' in the manifest.") with
    {
        Expected = before,
        Actual = now,
    };

    internal static Diagnostic IsNoArchive(ModelRequest model, FileAddress address, string problem) => Of(
        NoArchive,
        model,
        $"What is at {PublicUrl.Of(address.Url)} of model '{model.Name}' {problem}.",
        "Take 'extract' away to have the file as it is, or unpack it once and give the addresses of its files.");

    internal static Diagnostic HoldsNoFile(ModelRequest model, FileAddress address, ArchiveMember member) => Of(
        NoArchive,
        model,
        $"The archive at {PublicUrl.Of(address.Url)} of model '{model.Name}' holds {member.Kind}: {Quoted.Text(member.Path)}.",
        "Leave it out with 'exclude', or name what you need in 'files'.");

    internal static Diagnostic HasHashOfTree(ModelRequest model) => Of(
        NoArchive,
        model,
        $"Model '{model.Name}' has a 'hash' of its whole tree, and is taken from an archive, whose files have hashes each.",
        "Remove 'hash'; 'sha256' beside the address is for the archive.");

    internal static Diagnostic IsMisstated(ModelRequest model, FileAddress address, SriHash stated, SriHash found) => Of(
        Misstated,
        model,
        $"{PublicUrl.Of(address.Url)} of model '{model.Name}' sends other content than its own header states.",
        "Run the command again. If it stays so, tell those who run the server; a proxy or a cache may stand between.") with
    {
        Expected = stated.Text,
        Actual = found.Text,
    };

    private static string Join(IEnumerable<string> looked) => string.Join("; ", looked.DefaultIfEmpty("nothing, since 'auth' names nothing"));

    private static Diagnostic Of(DiagnosticDescriptor descriptor, ModelRequest model, string message, string help) => new()
    {
        Descriptor = descriptor,
        Message = message,
        Location = model.Source.Span,
        Help = help,
    };
}

using System.Collections.Immutable;
using NixGen.Diagnostics;

namespace NixGen.Sources.HuggingFace;

/// <content>What is said of one case.</content>
public static partial class HubDiagnostics
{
    private const int MostShown = 8;

    private static string Looked(HubQuestion question) => $"Looked at: {string.Join("; ", question.Credentials.Looked)}.";

    // A Hub that only the manifest names gets no token that the manifest doesn't name too.
    private static string WhereToPut(HubQuestion question) => question.Credentials.IsOwnHub
        ? "set HF_TOKEN to it, or name its file in 'auth.tokenFile'"
        : "name its variable or file in 'auth': standard tokens are not sent to a Hub that only the manifest names";

    internal static Diagnostic FlagsFiles(HubQuestion question, ImmutableArray<string> files, string word) => Of(
        FlaggedFiles,
        question,
        $"Model '{question.Model.Name}': the Hub's scanners say '{word}' of {(files.Length == 1 ? "a file" : $"{files.Length} files")} of '{question.Repository}': {string.Join(", ", files.Take(MostShown).Select(file => $"'{Lock.LockDiagnostics.Printable(file)}'"))}{(files.Length > MostShown ? ", …" : "")}.",
        "Look at these files on the Hub. Leave them out with `exclude`, or take another revision or format.");

    internal static Diagnostic LacksToken(HubQuestion question) => Of(
        NoToken,
        question,
        $"Model '{question.Model.Name}' requires a token for {question.Endpoint.BaseUrl}, and there is none.",
        $"{Looked(question)}\nMake a read token at {question.TokensPage} and {WhereToPut(question)}.");

    internal static Diagnostic LacksTokenWithScopes(HubQuestion question, ImmutableArray<string> scopes) => Of(
        NoToken,
        question,
        $"Model '{question.Model.Name}' requires a token for {question.Endpoint.BaseUrl} with {TheScopes(scopes)}, and there is none.",
        $"{Looked(question)}\nMake a token with {TheScopes(scopes)} at {question.TokensPage} and {WhereToPut(question)}.");

    internal static Diagnostic LacksScopes(HubQuestion question, Secret token, IReadOnlyList<string> missing, TokenScopes scopes) => Of(
        MissingScopes,
        question,
        $"The token in {token.Origin} lacks {TheScopes(missing)}; model '{question.Model.Name}' requires it.",
        $"Make a token that has it at {question.TokensPage} and put it into {token.Origin}, or take the scope out of 'security.requiredScopes'.") with
    {
        Expected = $"{TheScopes(missing)} for the {question.Kind} '{question.Repository}'",
        Actual = scopes.InWords(),
    };

    internal static Diagnostic MayDoTooMuch(HubQuestion question, Secret token, IReadOnlyList<string> excess) => Of(
        ExcessiveScopes,
        question,
        $"The token in {token.Origin}, which model '{question.Model.Name}' uses, may do more than read: {ListOf(excess)}.",
        $"Make a token that can only read at {question.TokensPage}: a fine-grained one with 'Read access to contents' of what is needed. Every build that is given a token can read it.");

    internal static Diagnostic HidesScopes(HubQuestion question, Secret token, string problem, UpstreamResponse response, bool isError) => Of(
        isError ? ScopesUnknown : ExcessUnknown,
        question,
        $"What the token in {token.Origin} may do can't be found out for model '{question.Model.Name}': {PublicUrl.Of(response.Url)} gave an answer that can't be used: {problem}.",
        response.Status == 429
            ? "Wait some minutes and run the command again."
            : $"If {question.Endpoint.BaseUrl} is a mirror, it may not know this question: take 'security' out of the model, or lock without the mirror.");

    internal static Diagnostic HoldsNoToken(HubQuestion question, Secret token) => Of(
        BadToken,
        question,
        $"What {token.Origin} holds for model '{question.Model.Name}' is no token: it has spaces, line breaks or characters outside of ASCII.",
        "Put the token alone there, on one line.");

    internal static Diagnostic RefusesToken(HubQuestion question, Secret token, bool isPublic) => Of(
        StaleToken,
        question,
        isPublic
            ? $"{question.Endpoint.BaseUrl} doesn't know the token in {token.Origin}. The {question.Kind} '{question.Repository}' of model '{question.Model.Name}' is public; it is the token that keeps it from being read."
            : $"{question.Endpoint.BaseUrl} doesn't know the token in {token.Origin}, which model '{question.Model.Name}' uses.",
        $"Take the token out of {token.Origin}, or put a new one there: {question.TokensPage}");

    internal static Diagnostic LacksRepository(HubQuestion question) => Of(
        RepositoryMissing,
        question,
        $"{question.Endpoint.BaseUrl} has no {question.Kind} '{question.Repository}' (model '{question.Model.Name}'){With(question.Token)}.",
        $"Compare with {question.Page}. If it is a dataset or a Space, say so with 'type'. If it is private, use a token whose owner may read it.");

    internal static Diagnostic IsMissingOrPrivate(HubQuestion question) => Of(
        MissingOrPrivate,
        question,
        $"The {question.Kind} '{question.Repository}' of model '{question.Model.Name}' doesn't exist on {question.Endpoint.BaseUrl}, or is private.",
        $"Compare with {question.Page}. If it is private, make a read token at {question.TokensPage} and {WhereToPut(question)}.\n{Looked(question)}");

    internal static Diagnostic LacksRevision(HubQuestion question, string? guess) => Of(
        RevisionMissing,
        question,
        $"The {question.Kind} '{question.Repository}' of model '{question.Model.Name}' has no revision '{question.Revision}'.",
        (guess is null ? "" : $"Did you mean '{guess}'? ") + $"Its branches and tags are at {question.Page}/tree/main.");

    internal static Diagnostic LacksFile(HubQuestion question, Uri url) => Of(
        FileMissing,
        question,
        $"The {question.Kind} '{question.Repository}' of model '{question.Model.Name}' lists a file that isn't there: {PublicUrl.Of(url)}",
        "Run the command again. If it stays so, leave the file out with 'exclude'.");

    internal static Diagnostic IsGated(HubQuestion question) => Of(
        Gated,
        question,
        $"The {question.Kind} '{question.Repository}' of model '{question.Model.Name}' is gated, and there is no token to show.",
        $"1. Accept its terms at {question.Page}\n2. Make a read token at {question.TokensPage}\n3. {WhereToPut(question)}. Builds need it too: the Nix daemon doesn't see your shell's variables.\n{Looked(question)}");

    internal static Diagnostic IsGatedWithoutGrant(HubQuestion question) => Of(
        GatedWithoutGrant,
        question,
        $"The {question.Kind} '{question.Repository}' of model '{question.Model.Name}' is gated, and the owner of the token in {question.Token?.Origin} has no access.",
        $"Accept its terms at {question.Page} as the token's owner, and wait where its authors grant access by hand. A fine-grained token also needs the permission to read gated repositories: {question.TokensPage}");

    internal static Diagnostic IsDisabled(HubQuestion question) => Of(
        RepositoryDisabled,
        question,
        $"The {question.Kind} '{question.Repository}' of model '{question.Model.Name}' is disabled.",
        $"Read why at {question.Page}. Remove the model, or use a mirror of it.");

    internal static Diagnostic Forbids(HubQuestion question, string? message) => Of(
        Forbidden,
        question,
        $"{question.Endpoint.BaseUrl} refuses access to the {question.Kind} '{question.Repository}' of model '{question.Model.Name}'{With(question.Token)}{(message is null ? "." : $": {message}")}",
        question.Token is null
            ? $"Make a read token at {question.TokensPage} and {WhereToPut(question)}.\n{Looked(question)}"
            : $"Give the token the permission to read this repository, or use another: {question.TokensPage}");

    internal static Diagnostic LimitsRate(HubQuestion question, TimeSpan? wait) => Of(
        RateLimited,
        question,
        $"{question.Endpoint.BaseUrl} answers model '{question.Model.Name}' that too many requests were made{(wait is { } time ? $"; the limit is renewed in {time.TotalSeconds:0} s" : "")}.",
        question.Token is null
            ? $"Set HF_TOKEN, which gives you a limit of your own ({question.TokensPage}), or wait and run the command again: what is locked stays locked."
            : "Wait and run the command again: what is locked stays locked.");

    internal static Diagnostic Fails(HubQuestion question, int status, Uri url) => Of(
        HubFails,
        question,
        $"{PublicUrl.Of(url)} answered {status} for model '{question.Model.Name}', several times.",
        "Run the command again later: what is locked stays locked.");

    internal static Diagnostic AnswersOddly(HubQuestion question, string what, Uri url) => Of(
        OddAnswer,
        question,
        $"{PublicUrl.Of(url)} gave model '{question.Model.Name}' an answer that a Hub doesn't give: {what}.",
        "Open the URL and see who answers. A proxy, a login page or a mirror (HF_ENDPOINT) may stand between.");

    internal static Diagnostic WithholdsHashes(HubQuestion question, string path) => Of(
        HashesWithheld,
        question,
        $"The {question.Kind} '{question.Repository}' of model '{question.Model.Name}' doesn't show the SHA-256 of '{path}'{With(question.Token)}.",
        $"Accept its terms at {question.Page} and use a token of the same account: {question.TokensPage}");

    internal static Diagnostic ListsTooLittle(HubQuestion question, string what) => Of(
        IncompleteListing,
        question,
        $"The listing of the {question.Kind} '{question.Repository}' of model '{question.Model.Name}' is incomplete: {what}.",
        "Run the command again. If a mirror is in use (HF_ENDPOINT), try without it.");

    internal static Diagnostic HasOtherContent(HubQuestion question, string path, string stated, string found) => Of(
        ContentMismatch,
        question,
        $"The content of '{path}' in the {question.Kind} '{question.Repository}' of model '{question.Model.Name}' is not what its listing states.",
        "Run the command again. If it stays so, don't use this source: what it serves isn't what it lists.") with
    {
        Expected = "git blob " + stated,
        Actual = "git blob " + found,
    };

    internal static Diagnostic IsRenamed(HubQuestion question, string name) => Of(
        Renamed,
        question,
        $"The {question.Kind} '{question.Repository}' of model '{question.Model.Name}' is called '{name}' now.",
        $"Write '{name}' in the manifest.");

    private static Diagnostic Of(DiagnosticDescriptor descriptor, HubQuestion question, string message, string help) => new()
    {
        Descriptor = descriptor,
        Message = message,
        Location = question.Model.Source.Span,
        Help = help,
    };

    private static string TheScopes(IReadOnlyList<string> names) => $"the scope{(names.Count == 1 ? "" : "s")} {ListOf(names)}";

    private static string ListOf(IReadOnlyList<string> names) =>
        string.Join(", ", names.Take(MostShown).Select(name => $"'{Quoted.Bare(name)}'")) + (names.Count > MostShown ? ", …" : "");

    private static string With(Secret? token) => token is null ? "" : $" with the token in {token.Origin}";
}

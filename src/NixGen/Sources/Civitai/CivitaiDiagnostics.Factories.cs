using System.Collections.Immutable;
using System.Globalization;
using NixGen.Diagnostics;
using NixGen.Nix.Hashing;

namespace NixGen.Sources.Civitai;

/// <content>What is said of one case.</content>
public static partial class CivitaiDiagnostics
{
    private const int MostShown = 12;

    internal static Diagnostic SaysTwice(SourceSpan at) => new()
    {
        Descriptor = SaidTwice,
        Message = "'fileId', 'select' and 'files' stand beside each other.",
        Location = at,
        Help = "Keep one of them.",
    };

    internal static Diagnostic ChoosesNotOne(CivitaiQuestion question, int count, ImmutableArray<CivitaiFileInfo> files) => Of(
        NotOne,
        question,
        $"The source of model '{question.Model.Name}' chooses {(count == 0 ? "none" : $"{count}")} of the {files.Length} files of version {question.VersionId}.",
        "Choose one by its number, or several by their names with 'files':\n" + string.Join('\n', files.Take(MostShown).Select(Line)) + (files.Length > MostShown ? "\n…" : ""));

    internal static Diagnostic HasNoFiles(CivitaiQuestion question) => Of(
        Archived,
        question,
        $"Version {question.VersionId} of model '{question.Model.Name}' has no files: it is archived, or they are not public.",
        $"Look at {question.Page}, and choose another version.");

    internal static Diagnostic LacksVersion(CivitaiQuestion question) => Of(
        VersionMissing,
        question,
        $"{question.Endpoint} has no version {question.VersionId}, which model '{question.Model.Name}' asks for.",
        $"Look at {question.Page}. The version's number is 'modelVersionId' in the address of its page, and not the model's number.");

    internal static Diagnostic IsOfAnotherModel(CivitaiQuestion question, long wanted, long found) => Of(
        OtherModel,
        question,
        $"Version {question.VersionId} of model '{question.Model.Name}' is of the site's model {found}, and not of {wanted}.",
        $"Look at {question.Page}, and correct one of the two numbers.");

    internal static Diagnostic WantsLogin(CivitaiQuestion question, CivitaiFileInfo? file, UpstreamResponse answer, string? words) => Of(
        LoginNeeded,
        question,
        $"{question.Endpoint} asks to log in for {What(file)} of version {question.VersionId}, model '{question.Model.Name}'{Said(words)}.",
        question.Credentials.Token is { } token
            ? $"The token in {token.Origin} isn't accepted. Make another at {question.TokensPage}."
            : $"Looked at: {string.Join("; ", question.Credentials.Looked)}.\nMake a token at {question.TokensPage}, and put it into {CivitaiCredentials.Variable} or name its variable or file in 'auth'. ({PublicUrl.Of(answer.Url)} answered.)");

    internal static Diagnostic Refuses(CivitaiQuestion question, CivitaiFileInfo? file, string? words) => Of(
        Forbidden,
        question,
        $"{question.Endpoint} refuses {What(file)} of version {question.VersionId}, model '{question.Model.Name}'{Said(words)}.",
        $"Look at {question.Page} with the account whose token is used. Early access ends at its deadline, or with a purchase.");

    internal static Diagnostic LacksFile(CivitaiQuestion question, CivitaiFileInfo? file, Uri url) => Of(
        FileMissing,
        question,
        $"{PublicUrl.Of(url)} says that {What(file)} of version {question.VersionId}, model '{question.Model.Name}', isn't there.",
        "Run the command again in some minutes. If it stays so, ask the site.");

    internal static Diagnostic IsArchived(CivitaiQuestion question, string? words) => Of(
        Archived,
        question,
        $"Version {question.VersionId} of model '{question.Model.Name}' is archived{Said(words)}.",
        "What was built once can be had from a binary cache or a mirror. Otherwise choose another version.");

    internal static Diagnostic LimitsRate(CivitaiQuestion question, TimeSpan? wait) => Of(
        RateLimited,
        question,
        $"{question.Endpoint} limits the rate of requests for model '{question.Model.Name}'.",
        wait is { } asked ? $"It asks to wait for {Math.Ceiling(asked.TotalSeconds):0} s." : "Run the command again in some minutes.");

    internal static Diagnostic Fails(CivitaiQuestion question, UpstreamResponse answer, string? words) => Of(
        OddAnswer,
        question,
        $"{PublicUrl.Of(answer.Url)} answers {answer.Status} for model '{question.Model.Name}'{Said(words)}.",
        "Run the command again later. What is locked stays locked.");

    internal static Diagnostic AnswersOddly(CivitaiQuestion question, string problem, Uri url) => Of(
        OddAnswer,
        question,
        $"The answer of {PublicUrl.Of(url)} for model '{question.Model.Name}' can't be used: {problem}.",
        "Open the address and see who answers: a proxy or another site may stand between.");

    internal static Diagnostic IsNotScanned(CivitaiQuestion question, CivitaiFileInfo file) => Of(
        NotScanned,
        question,
        $"The file '{Quoted.Bare(file.Name)}' of version {question.VersionId}, model '{question.Model.Name}', has no published hash yet: it was streamed, and its content is locked.",
        $"Wait for the site's scan if you don't know the creator: {question.Page}");

    internal static Diagnostic IsDangerous(CivitaiQuestion question, CivitaiFileInfo file) => Of(
        Dangerous,
        question,
        $"The file '{Quoted.Bare(file.Name)}' of version {question.VersionId}, model '{question.Model.Name}', is marked as dangerous by the site ({string.Join(", ", file.Findings)}).",
        $"Look at {question.Page}, and use a file in the safetensors format.");

    internal static Diagnostic HasOtherContent(CivitaiQuestion question, CivitaiFileInfo file, SriHash stated, SriHash found) => Of(
        OtherContent,
        question,
        $"The file '{Quoted.Bare(file.Name)}' of version {question.VersionId}, model '{question.Model.Name}', is not what the site states.",
        "Run the command again. If it stays so, don't use the file, and tell the site.") with
    {
        Expected = stated.Text,
        Actual = found.Text,
    };

    internal static Diagnostic LacksToken(CivitaiQuestion question) => Of(
        NoToken,
        question,
        $"Model '{question.Model.Name}' requires a token for {question.Endpoint}, and there is none.",
        $"Looked at: {string.Join("; ", question.Credentials.Looked)}.\nMake a token at {question.TokensPage}.");

    internal static Diagnostic HoldsNoToken(CivitaiQuestion question, Secret token) => Of(
        NoToken,
        question,
        $"What {token.Origin} holds for model '{question.Model.Name}' is no token: it has spaces, line breaks or characters outside of ASCII.",
        "Put the token alone there, on one line.");

    private static string What(CivitaiFileInfo? file) => file is null ? "the description" : $"the file '{Quoted.Bare(file.Name)}'";

    private static string Said(string? words) => words is null ? "" : $" ({words})";

    private static string Line(CivitaiFileInfo file) =>
        string.Create(CultureInfo.InvariantCulture, $"  fileId {file.Id}: {Quoted.Bare(file.Name)}, {file.AboutBytes / 1e6:0.0} MB, {string.Join(", ", file.Traits.Select(trait => $"{trait.Key} {Quoted.Bare(trait.Value)}"))}");

    private static Diagnostic Of(DiagnosticDescriptor descriptor, CivitaiQuestion question, string message, string help) => new()
    {
        Descriptor = descriptor,
        Message = message,
        Location = question.Model.Source.Span,
        Help = help,
    };
}

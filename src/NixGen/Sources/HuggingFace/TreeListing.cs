using System.Collections.Immutable;
using System.Text.Json;

namespace NixGen.Sources.HuggingFace;

/// <summary>Lists the files of a repository at a commit, page by page (<c>GET /api/models/ID/tree/COMMIT?recursive=true</c>, next pages by <c>Link: rel="next"</c>).</summary>
/// <param name="question">What is asked about; its repository is the canonical one.</param>
/// <param name="context">Where answers and messages go.</param>
internal sealed class TreeListing(HubQuestion question, ResolveContext context)
{
    // The Hub advises fewer than 100,000 files a repository; its smallest page has 50.
    private const int MaxPages = 20_000;

    /// <summary>Every file, in the listing's order. Adds diagnostics and gives null where the listing fails.</summary>
    public async Task<ImmutableArray<TreeEntry>?> ReadAsync(string commit, CancellationToken cancellationToken)
    {
        var entries = ImmutableArray.CreateBuilder<TreeEntry>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var query = "?recursive=true";
        while (query is not null)
        {
            if (!seen.Add(query) || seen.Count > MaxPages)
            {
                context.Diagnostics.Add(HubDiagnostics.ListsTooLittle(question, "its pages don't end"));
                return null;
            }

            context.Progress.Step(question.Model.Name, seen.Count == 1 ? "listing files" : $"listing files, page {seen.Count}");
            var response = await context.Http.GetAsync(question.Api($"tree/{commit}{query}"), cancellationToken);
            if (!response.IsSuccess)
            {
                context.Diagnostics.Add(HubAnswers.Explain(question, response));
                return null;
            }

            if (Append(entries, response.Body) is { } problem)
            {
                context.Diagnostics.Add(HubDiagnostics.AnswersOddly(question, problem, response.Url));
                return null;
            }

            query = NextQuery(response.Header("Link"));
        }

        return entries.ToImmutable();
    }

    private static string? Append(ImmutableArray<TreeEntry>.Builder entries, ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            if (document.RootElement.ValueKind != JsonValueKind.Array)
            {
                return "the listing is not an array";
            }

            foreach (var row in document.RootElement.EnumerateArray())
            {
                var (entry, problem) = TreeEntry.Parse(row);
                if (problem is not null)
                {
                    return problem;
                }

                if (entry is not null)
                {
                    entries.Add(entry);
                }
            }

            return null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return "the listing is not JSON";
        }
    }

    // Only the query of the next page is taken. Host and path stay those of this listing, so that neither a mirror
    // that names the Hub it copies nor a hostile header can lead requests and tokens elsewhere.
    private static string? NextQuery(string? link)
    {
        foreach (var value in (link ?? "").Split('<', StringSplitOptions.RemoveEmptyEntries))
        {
            var end = value.IndexOf('>', StringComparison.Ordinal);
            if (end < 0 || !IsNext(value[(end + 1)..]))
            {
                continue;
            }

            var query = value.IndexOf('?', StringComparison.Ordinal);
            return query >= 0 && query < end ? value[query..end].Split('#')[0] : null;
        }

        return null;
    }

    private static bool IsNext(string parameters) =>
        parameters.Split(';', ',').Any(parameter =>
            parameter.Trim() is var trimmed
            && (trimmed.Equals("rel=\"next\"", StringComparison.OrdinalIgnoreCase) || trimmed.Equals("rel=next", StringComparison.OrdinalIgnoreCase)));
}

using System.Text.RegularExpressions;
using NixGen.EndToEnd.Runtime;
using NixGen.Testing;
using NixGen.Testing.Faults;
using NixGen.Testing.Hub;

namespace NixGen.EndToEnd.Fetching;

/// <summary>Runs a case and looks at everything that it left.</summary>
internal static partial class FaultRun
{
    private const string TitleMark = "✗ Error: ";

    /// <summary>Runs it; returns what was wrong with it, nothing where all was right.</summary>
    public static async Task<string?> TryAsync(FaultCase seeded)
    {
        var hub = await LoopbackHub.StartAsync();
        await using (hub)
        {
            if (!seeded.HasMirror)
                return await TryAsync(seeded, hub, mirror: null);
            var mirror = await LoopbackHub.StartAsync();
            await using (mirror)
            {
                mirror.Add(Open(seeded.Repository));
                return await TryAsync(seeded, hub, mirror);
            }
        }
    }

    private static async Task<string?> TryAsync(FaultCase seeded, LoopbackHub hub, LoopbackHub? mirror)
    {
        hub.Add(seeded.Repository);
        if (seeded.Token is { } token)
            hub.AddToken(token);
        hub.Faults.Follow(new FaultSchedule(seeded.Plan).Next);
        using var run = seeded.Prepare(hub, mirror);
        List<string> faults;
        var result = new ProcessResult(-1, "", "");
        try
        {
            // A child that outlives the fetcher would keep its output open.
            result = await run.RunAsync().WaitAsync(2 * FetcherRun.Patience);
            faults = [.. Look(seeded, run, result), .. LookAtRequests(seeded, hub.Log)];
            if (mirror?.Log.Snapshot().FirstOrDefault(request => request.HasAuthorization) is { } shown)
                faults.Add($"The mirror was shown the token: {shown}");
        }
        catch (TimeoutException hang)
        {
            faults = [hang.Message];
        }

        return faults.Count == 0 ? null : $"""
            {string.Join("\n", faults)}
            {seeded}
            exit {result.ExitCode}
            {result.Errors}
            {string.Join("\n", hub.Log.Snapshot())}
            {(mirror is null ? "" : "the mirror:\n" + string.Join("\n", mirror.Log.Snapshot()))}
            """;
    }

    /// <summary>The same files without a gate.</summary>
    private static HubRepository Open(HubRepository repository)
    {
        var copy = new HubRepository(repository.Id);
        var head = repository.Head;
        copy.Commit(head.Title, Definitions.Files(repository), date: head.Date);
        return copy.Head.Id == head.Id ? copy : throw new InvalidOperationException("The mirror has another commit.");
    }

    /// <summary>What is wrong with the words of a run that failed.</summary>
    public static IEnumerable<string> LookAtErrors(FaultCase seeded, string errors)
    {
        var titles = errors.Split('\n').Where(line => line.Contains(TitleMark, StringComparison.Ordinal)).Select(line => line[(line.IndexOf(TitleMark, StringComparison.Ordinal) + TitleMark.Length)..]).ToList();
        if (titles.Count != 1)
            yield return $"It stated {titles.Count} errors.";
        else if (FaultVerdict.Of(seeded) == FaultEnd.Failed && seeded.Plan.Lasting is { } lasting && !FaultVerdict.Titles(lasting.Rule.Kind).IsMatch(titles[0]))
            yield return "The error doesn't fit the fault.";
    }

    private static IEnumerable<string> Look(FaultCase seeded, FetcherRun run, ProcessResult result)
    {
        var wanted = FaultVerdict.Of(seeded);
        switch (result.ExitCode)
        {
            case 0:
                if (wanted == FaultEnd.Failed)
                    yield return "It came to an end that it can't have come to.";
                if (WrongFile(seeded, run.Out) is { } wrong)
                    yield return $"It said that all is well, and {wrong}.";
                if (result.Errors.Contains(TitleMark, StringComparison.Ordinal))
                    yield return "It said that all is well, and stated an error.";
                break;
            case 1:
                if (wanted == FaultEnd.Done)
                    yield return "It gave up where there was a way.";
                foreach (var complaint in LookAtErrors(seeded, result.Errors))
                    yield return complaint;
                break;
            default:
                yield return "It ended in a way of its own.";
                break;
        }

        if (result.Output.Length > 0)
            yield return $"It wrote to stdout: {result.Output}";
        if (ShellError().IsMatch(result.Errors))
            yield return "A program's own words show.";
        if (seeded.Token is { } token && (result.Output + result.Errors).Contains(token.Value, StringComparison.Ordinal))
            yield return "The token shows.";
        var left = Directory.EnumerateFileSystemEntries(run.Folder).Select(path => Path.GetFileName(path)).Except(["out", "files", "common.sh"]).ToList();
        if (left.Count > 0)
            yield return $"It left {string.Join(", ", left)} behind.";
    }

    private static IEnumerable<string> LookAtRequests(FaultCase seeded, HubRequestLog log)
    {
        foreach (var request in log.Snapshot())
        {
            if (request.OnCdn && request.HasAuthorization)
                yield return $"The second host was shown a token: {request}";
            if (request.HasAuthorization && request.Token != seeded.Token?.Value)
                yield return $"Something else was shown than the token: {request}";
        }
    }

    /// <summary>What is wrong with the output, or null.</summary>
    public static string? WrongFile(FaultCase seeded, string output)
    {
        var files = Definitions.Files(seeded.Repository).ToDictionary(file => file.Path, file => ((HubContent.InMemory)file.Content).Bytes, StringComparer.Ordinal);
        if (seeded.Shape is not (FaultShape.LockedTree or FaultShape.ListedTree))
            return !File.Exists(output) ? "there is no file" : File.ReadAllBytes(output).AsSpan().SequenceEqual(files.Values.Single()) ? null : "the file is another";
        var there = Directory.EnumerateFiles(output, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(output, path)).ToHashSet(StringComparer.Ordinal);
        if (!there.SetEquals(files.Keys))
            return $"the files are {string.Join(", ", there)}";
        return files.Where(file => !File.ReadAllBytes(Path.Combine(output, file.Key)).AsSpan().SequenceEqual(file.Value)).Select(file => $"{file.Key} is another").FirstOrDefault();
    }

    // Bash names its script and line; other programs their own name.
    [GeneratedRegex(@"\.sh: line|: line [0-9]+:|unbound variable|syntax error|(^|\n)(bash|curl|dd|truncate|stat|cat|mv|rm|mkdir|sha256sum|base64|od|jq|kill|wait|sleep|date|cut|head|tail|split|openssl)(: |:$)")]
    private static partial Regex ShellError();
}

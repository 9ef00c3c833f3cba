using System.Text.RegularExpressions;
using NixGen.Sources;

namespace NixGen.Resolve.Git;

/// <summary>Starts git, in repositories of its own and with settings of its own. The only part of the library that starts programs.</summary>
/// <param name="options">Whether the network may be used, and for how long.</param>
/// <param name="environment">The machine's variables, <c>PATH</c> among them.</param>
internal sealed partial class GitPrograms(UpstreamOptions options, HostEnvironment environment) : IGit
{
    private readonly Lazy<Task<GitVersion>> _version = new(() => FindVersionAsync(new(options, environment)));

    /// <inheritdoc/>
    public async Task<IGitRepository?> CreateAsync(GitAccess access, CancellationToken cancellationToken)
    {
        var url = new Uri(access.Address);
        if (options.Offline && !url.IsFile)
        {
            throw new UpstreamException(UpstreamFailure.Offline, url, $"{access.Address} is needed, and the network may not be used.");
        }

        var settings = new GitSettings(options, environment);
        if (settings.Find("git") is null || await _version.Value is not { IsKnown: true } version)
        {
            return null;
        }

        var repository = new GitFolder(settings, access, version.HasLazyFetchSwitch);
        try
        {
            await repository.PrepareAsync(cancellationToken);
            return repository;
        }
        catch
        {
            repository.Dispose();
            throw;
        }
    }

    private static async Task<GitVersion> FindVersionAsync(GitSettings settings)
    {
        if (settings.Find("git") is not { } git)
        {
            return GitVersion.Unknown;
        }

        var answer = await ProcessRun.RunAsync(new(git, ["version"], settings.OfUser()), "", null, CancellationToken.None);
        var match = VersionPattern().Match(answer.Text);
        return match.Success
            ? new(NumberOf(match, "major"), NumberOf(match, "minor"), NumberOf(match, "patch"))
            : GitVersion.Unknown;
    }

    private static int NumberOf(Match match, string group) => match.Groups[group].Success ? int.Parse(match.Groups[group].Value) : 0;

    [GeneratedRegex("^git version (?<major>[0-9]{1,4})\\.(?<minor>[0-9]{1,4})(\\.(?<patch>[0-9]{1,4}))?", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex VersionPattern();

    /// <summary>A version of git.</summary>
    private sealed record GitVersion(int Major, int Minor, int Patch)
    {
        public static GitVersion Unknown { get; } = new(0, 0, 0);

        public bool IsKnown => Major > 0;

        /// <summary>Whether it reads <c>GIT_NO_LAZY_FETCH</c> (release notes of 2.45.1, which name the older versions that have it too).</summary>
        public bool HasLazyFetchSwitch => Major > 2 || (Major == 2 && Patch >= Minor switch
        {
            39 => 4,
            40 => 2,
            41 => 1,
            42 => 2,
            43 => 4,
            44 => 1,
            45 => 1,
            > 45 => 0,
            _ => int.MaxValue,
        });
    }
}

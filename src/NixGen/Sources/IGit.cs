using System.Collections.Immutable;

namespace NixGen.Sources;

/// <summary>The real git, as source kinds see it. The implementation starts it with nothing of the user's configuration that could run a program, except credential helpers; it never asks a person.</summary>
public interface IGit
{
    /// <summary>Makes an empty bare repository that knows one remote, <c>origin</c>, and is gone when it is disposed of. Null where git isn't installed.</summary>
    /// <param name="access">What its remote is.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="UpstreamException">The network may not be used.</exception>
    Task<IGitRepository?> CreateAsync(GitAccess access, CancellationToken cancellationToken);
}

/// <summary>A remote, and who asks.</summary>
/// <param name="Address">Its URL; holds no password.</param>
/// <param name="Password">What is sent to the remote's own host as password, where that asks for one; null leaves it to the user's credential helpers.</param>
public sealed record GitAccess(string Address, Secret? Password);

/// <summary>A private repository that is filled from its remote.</summary>
public interface IGitRepository : IDisposable
{
    /// <summary>Whether this git can be kept from fetching objects one by one where it meets a missing one. A partial fetch is safe only then: a server that withholds objects could have git ask without end.</summary>
    bool CanFilter { get; }

    /// <summary>Runs git in the repository to its end.</summary>
    /// <param name="arguments">Its arguments; none of them is a secret.</param>
    /// <param name="input">What it reads.</param>
    /// <param name="cancellationToken">Ends it.</param>
    Task<GitAnswer> RunAsync(ImmutableArray<string> arguments, string input, CancellationToken cancellationToken);

    /// <summary>Runs git in the repository, and hands over what it writes as it comes.</summary>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="input">What it reads.</param>
    /// <param name="read">Reads its output. What it leaves unread ends git.</param>
    /// <param name="cancellationToken">Ends it.</param>
    Task<GitAnswer> StreamAsync(ImmutableArray<string> arguments, string input, Func<Stream, CancellationToken, Task> read, CancellationToken cancellationToken);

    /// <summary>Runs a command on the remote's host, by SSH as git would; null where there is no SSH.</summary>
    /// <param name="command">The command's words.</param>
    /// <param name="cancellationToken">Ends it.</param>
    Task<GitAnswer?> RunOverSshAsync(ImmutableArray<string> command, CancellationToken cancellationToken);
}

/// <summary>What a program said.</summary>
/// <param name="ExitCode">How it ended; 0 is well.</param>
/// <param name="Output">What it wrote, at most 256 MiB; empty where it was handed over.</param>
/// <param name="Complaint">Its messages, at most 64 KiB; a server may have written them.</param>
public sealed record GitAnswer(int ExitCode, ReadOnlyMemory<byte> Output, string Complaint)
{
    /// <summary>Whether it ended well.</summary>
    public bool IsSuccess => ExitCode == 0;

    /// <summary>The output as UTF-8.</summary>
    public string Text => System.Text.Encoding.UTF8.GetString(Output.Span);
}

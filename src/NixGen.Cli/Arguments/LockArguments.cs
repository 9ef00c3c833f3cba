using System.CommandLine;

namespace NixGen.Cli.Arguments;

/// <summary>How far a command may go to lock what is missing; the words of uv and cargo.</summary>
/// <param name="Locked">Stop with exit code 3 where the lock would change.</param>
/// <param name="Offline">Open no socket.</param>
/// <param name="Frozen">Take the lock as it is, without looking whether it still fits the manifest.</param>
internal sealed record LockArguments(bool Locked, bool Offline, bool Frozen)
{
    private static readonly Option<bool> LockedOption = new("--locked")
    {
        Description = "Stop with exit code 3 if the lock would have to change ($NIXGEN_LOCKED).",
    };

    private static readonly Option<bool> OfflineOption = new("--offline")
    {
        Description = "Open no socket; what is not locked yet is an error ($NIXGEN_OFFLINE).",
    };

    private static readonly Option<bool> FrozenOption = new("--frozen")
    {
        Description = "Use the lock as it is, without comparing it with the manifest ($NIXGEN_FROZEN).",
    };

    /// <summary>Adds the options to a command.</summary>
    public static void AddTo(Command command)
    {
        command.Options.Add(LockedOption);
        command.Options.Add(OfflineOption);
        command.Options.Add(FrozenOption);
    }

    /// <summary>Adds <c>--offline</c> alone, to a command whose purpose is to ask upstream.</summary>
    public static void AddOfflineTo(Command command) => command.Options.Add(OfflineOption);

    /// <summary>Whether no socket may be opened, by the option or by the environment.</summary>
    public static bool IsOffline(ParseResult result, Terminal terminal) =>
        result.GetValue(OfflineOption) || IsOn(terminal, "NIXGEN_OFFLINE");

    /// <summary>Reads them, the environment's settings included.</summary>
    public static LockArguments From(ParseResult result, Terminal terminal) => new(
        result.GetValue(LockedOption) || IsOn(terminal, "NIXGEN_LOCKED"),
        IsOffline(result, terminal),
        result.GetValue(FrozenOption) || IsOn(terminal, "NIXGEN_FROZEN"));

    private static bool IsOn(Terminal terminal, string variable) =>
        terminal.Variable(variable) is { } value && value is not ("0" or "false" or "no");
}

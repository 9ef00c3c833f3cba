using NixGen.Testing;
using Xunit;

namespace NixGen.EndToEnd.Versions;

/// <summary>
/// Every form of what is emitted evaluates and builds in the sandbox, to the same store paths: with each Nix at hand, run
/// by root and by a user that has no rights.
/// </summary>
public sealed class NixVersionTests(EmittedModels emitted) : IClassFixture<EmittedModels>
{
    private const string Root = "root";
    private const string WithoutRights = "a user without rights";

    public static TheoryData<string, string> Commands
    {
        get
        {
            var rows = new TheoryData<string, string>();
            foreach (var command in NixCommand.Found)
            {
                if (Environment.IsPrivilegedProcess)
                    rows.Add(command.Name, Root);
                rows.Add(command.Name, WithoutRights);
            }

            return rows;
        }
    }

    public static TheoryData<string, string, string> FormsAndCommands
    {
        get
        {
            var rows = new TheoryData<string, string, string>();
            foreach (var form in EmittedModels.Forms)
            {
                foreach (var row in Commands)
                    rows.Add(form, (string)row[0], (string)row[1]);
            }

            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(FormsAndCommands))]
    public async Task What_is_emitted_builds_to_the_same_paths(string form, string nix, string user)
    {
        using var sandbox = Create(nix, user);
        Assert.Equal(emitted.Outputs, await emitted.BuildAsync(sandbox, form));
        Assert.Equal(emitted.Derivations[form], await emitted.EvaluateAsync(sandbox, form));
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task These_builds_are_sandboxed(string nix, string user)
    {
        using var sandbox = Create(nix, user);
        var path = await sandbox.BuildAsync(new NixTarget.Expression($$"""
            derivation {
              name = "sandboxed";
              system = builtins.currentSystem;
              builder = "/bin/bash";
              args = [
                "-euc"
                ''
                  reached() { (exec 3<>/dev/tcp/127.0.0.1/{{emitted.Port}}) 2>/dev/null; }
                  if reached; then echo "the network"; exit 1; fi
                  if [[ -e {{Checkout.Root}} ]]; then echo "the checkout"; exit 1; fi
                  if : 2>/dev/null >/usr/nixgen-was-here; then echo "the machine's programs"; exit 1; fi
                  : >"$out"
                ''
              ];
            }
            """));
        Assert.True(File.Exists(sandbox.Physical(path)));
    }

    /// <summary>The Nix of a row of <see cref="Commands"/>, with its user.</summary>
    internal static NixCommand CommandOf(string name, string user)
    {
        var command = NixCommand.Found.Single(command => command.Name == name);
        return user == WithoutRights && Environment.IsPrivilegedProcess ? command.WithoutRights() : command;
    }

    private static NixSandbox Create(string name, string user) => NixSandbox.Create(CommandOf(name, user));
}

using System.Text;
using NixGen.Cli;
using NixGen.Testing;
using Xunit;

namespace NixGen.Tests.Cli;

/// <summary>Files that a disk, an editor, a merge or an enemy damaged: every command says what is wrong, and none ends as a bug in nixgen.</summary>
public sealed class DamagedFilesTests : IDisposable
{
    private const int Rounds = 150;

    private static readonly string[] Pieces =
    [
        "\"", "'", "{", "}", "[", "]", ":", ",", "\n", "\r\n", "\t", "  ", "- ", "&a ", "*a", "<<: *a", "!!binary ", "|", ">", "#", "%YAML 9.9\n", "---\n", "...\n",
        "\0", "\u202e", "\ud83d\ude00", "\\ud800", "\ufeff", "null", "true", "-1", "1e999", "9223372036854775807", "99999999999999999999", "0x", "~",
        "<<<<<<< ours\n", "=======\n", ">>>>>>> theirs\n", "\"version\": 0", "\"version\": 2", "../../x", "${builtins.abort \"x\"}", "hf:", "hf:a/b@", "\ud800",
    ];

    private readonly TestConsole _console = new();

    public void Dispose() => _console.Dispose();

    [Theory]
    [InlineData("models.yaml", 1)]
    [InlineData("models.json", 2)]
    [InlineData("models.lock.json", 3)]
    [InlineData("nix/.nixgen-files.json", 4)]
    [InlineData("models.nix", 5)]
    public async Task Damage_is_told_and_is_no_bug(string damaged, int seed)
    {
        var manifest = damaged == "models.json" ? "models.json" : "models.yaml";
        _console.Write("models.yaml", File.ReadAllText(Checkout.At("examples", "quickstart", "models.yaml")));
        _console.Write("models.json", """{"version":1,"defaults":{"network":{"timeout":{"connect":30}}},"models":{"a":{"source":{"mock":{"org":"o","model":"m","files":[{"path":"x","text":"y"}]}},"meta":{"license":"mit"}}},"groups":{"g":["a"]}}""");
        File.Copy(Checkout.At("examples", "quickstart", "models.lock.json"), _console.At("models.lock.json"));
        Assert.Equal(ExitCode.Done, await _console.RunAsync($"build {manifest} --offline --out nix"));
        Assert.Equal(ExitCode.Done, await _console.RunAsync($"build {manifest} --offline -o models.nix"));
        var whole = File.ReadAllBytes(_console.At(damaged));
        var kept = File.ReadAllBytes(_console.At("models.lock.json"));
        string[] commands =
        [
            $"validate {manifest}", $"check {manifest}", $"check {manifest} --out nix", $"build {manifest} --offline --out nix",
            $"lock {manifest} --offline", $"build {manifest} --frozen", $"info a -m {manifest} --format json",
        ];
        var random = new Random(seed);
        var refused = 0;
        for (var round = 0; round < Rounds; round++)
        {
            File.WriteAllBytes(_console.At("models.lock.json"), kept);
            var bytes = Damage(whole, random);
            File.WriteAllBytes(_console.At(damaged), bytes);
            var command = commands[random.Next(commands.Length)];
            var code = await _console.RunAsync(command).WaitAsync(TimeSpan.FromSeconds(30));
            Assert.True(code != ExitCode.Bug, $"{command} with {damaged} as base64 {Convert.ToBase64String(bytes)}:\n{_console.Error}");
            refused += code == ExitCode.Done ? 0 : 1;
        }

        Assert.True(refused > Rounds / 10, $"only {refused} were noticed");
    }

    private static byte[] Damage(byte[] whole, Random random)
    {
        var bytes = whole.ToList();
        for (var change = random.Next(1, 4); change > 0; change--)
        {
            var at = random.Next(bytes.Count + 1);
            var length = Math.Min(random.Next(40), bytes.Count - at);
            switch (random.Next(5))
            {
                case 0:
                    bytes.RemoveRange(at, length);
                    break;
                case 1:
                    bytes.InsertRange(at, bytes.GetRange(at, length));
                    break;
                case 2 when at < bytes.Count:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 3:
                    bytes.RemoveRange(at, random.Next(4) == 0 ? bytes.Count - at : 0);
                    break;
                default:
                    bytes.InsertRange(at, Encoding.UTF8.GetBytes(Pieces[random.Next(Pieces.Length)]));
                    break;
            }
        }

        return [.. bytes];
    }
}

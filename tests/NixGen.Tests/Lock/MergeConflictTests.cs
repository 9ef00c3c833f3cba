using System.Diagnostics;
using System.Text;
using NixGen.Diagnostics;
using NixGen.Lock;
using Xunit;

namespace NixGen.Tests.Lock;

/// <summary>Locks that git itself merged, in every style of markers.</summary>
public sealed class MergeConflictTests
{
    private const string Commit1 = "1111111111111111111111111111111111111111";
    private const string Commit2 = "2222222222222222222222222222222222222222";

    public static TheoryData<string> Styles => ["", "--diff3", "--zdiff3"];

    [Theory]
    [MemberData(nameof(Styles))]
    public async Task Models_that_both_sides_added_are_joined(string style)
    {
        var common = Locks.Of(Locks.Model("m"));
        var text = await MergeAsync(style, common, Locks.Of(Locks.Model("b"), Locks.Model("m")), Locks.Of(Locks.Model("c"), Locks.Model("m")));
        Assert.Contains("<<<<<<<", text, StringComparison.Ordinal);

        var (reading, diagnostics) = Locks.Read(text);
        Assert.Empty(diagnostics);
        Assert.Equal(Locks.Of(Locks.Model("b"), Locks.Model("c"), Locks.Model("m")), reading?.Lock);
        Assert.False(reading?.IsCurrent);
        Assert.Equal([], reading?.ToLockAgain);
    }

    [Theory]
    [MemberData(nameof(Styles))]
    public async Task A_model_that_both_sides_moved_is_left_out_and_only_it(string style)
    {
        var text = await MergeAsync(
            style,
            Locks.Of(Locks.Model("a"), Locks.Model("m"), Locks.Model("z")),
            Locks.Of(Locks.Model("a"), Locks.Model("m", Commit1), Locks.Model("new"), Locks.Model("z")),
            Locks.Of(Locks.Model("a"), Locks.Model("m", Commit2, Locks.File("other")), Locks.Model("z")));

        var (reading, diagnostics) = Locks.Read(text);
        var warning = Assert.Single(diagnostics);
        Assert.Equal(("NG2011", Severity.Warning), (warning.Code, warning.Severity));
        Assert.Contains("'m'", warning.Message, StringComparison.Ordinal);
        Assert.StartsWith("<<<<<<<", warning.Location?.Source.Text[warning.Location.Span.Start..], StringComparison.Ordinal);
        Assert.Equal(Locks.Of(Locks.Model("a"), Locks.Model("new"), Locks.Model("z")), reading?.Lock);
        Assert.Equal(["m"], reading?.ToLockAgain);
    }

    [Theory]
    [MemberData(nameof(Styles))]
    public async Task Random_merges_never_invent_an_entry(string style)
    {
        var random = new Random(20260103);
        for (var run = 0; run < 40; run++)
        {
            var common = RandomLock(random, LockFile.Empty);
            var ours = RandomLock(random, common);
            var theirs = RandomLock(random, common);
            var text = await MergeAsync(style, common, ours, theirs);
            var (reading, diagnostics) = Locks.Read(text);
            Assert.True(reading is not null, string.Join('\n', diagnostics.Select(item => item.Message)) + "\n" + text);
            foreach (var (name, model) in reading.Lock.Models.Where(entry => !reading.ToLockAgain.Contains(entry.Key)))
            {
                Assert.Contains(model, new[] { ours, theirs }.Select(side => side.Models.GetValueOrDefault(name)).OfType<LockedModel>());
            }
        }
    }

    [Theory]
    [InlineData("<<<<<<< a\n", "end of file")]
    [InlineData("=======\n", "=======")]
    [InlineData(">>>>>>> b\n", ">>>>>>>")]
    [InlineData("<<<<<<< a\n<<<<<<< a\n=======\n>>>>>>> b\n", "<<<<<<<")]
    [InlineData("<<<<<<< a\n=======\n=======\n>>>>>>> b\n", "=======")]
    [InlineData("<<<<<<< a\n||||||| c\n>>>>>>> b\n", ">>>>>>>")]
    public void Markers_that_do_not_add_up_are_refused(string markers, string marker)
    {
        var (reading, diagnostics) = Locks.Read(Locks.Text(Locks.Of(Locks.Model("m"))) + markers);
        Assert.Null(reading);
        var diagnostic = Assert.Single(diagnostics);
        Assert.Equal("NG2012", diagnostic.Code);
        Assert.Contains(marker, diagnostic.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_side_that_is_damaged_is_shown_where_it_lies_in_the_file()
    {
        var (reading, diagnostics) = Locks.Read("{\n<<<<<<< ours\n  \"models\": {},\n=======\n  \"models\": [],\n>>>>>>> theirs\n  \"version\": 1\n}\n");
        Assert.Null(reading);
        Assert.Equal((5, 13), Assert.Single(diagnostics).Location?.Start);
    }

    // Every side only adds, removes or replaces whole entries, as the locker does; a replaced one has another commit.
    private static LockFile RandomLock(Random random, LockFile from)
    {
        var models = from.Models.ToBuilder();
        foreach (var name in (string[])["a", "b", "c", "d", "e"])
        {
            switch (random.Next(5))
            {
                case 0:
                    models.Remove(name);
                    break;
                case 1 or 2:
                    var files = Enumerable.Range(0, random.Next(1, 4)).Select(i => Locks.File($"f{i}", $"{random.Next(3)}")).ToArray();
                    models[name] = Locks.Model(name, Convert.ToHexStringLower(BitConverter.GetBytes(random.NextInt64())).PadLeft(40, '0'), files);
                    break;
            }
        }

        return new(models.ToImmutable());
    }

    private static async Task<string> MergeAsync(string style, LockFile common, LockFile ours, LockFile theirs)
    {
        var folder = Directory.CreateTempSubdirectory("nixgen-merge-").FullName;
        try
        {
            foreach (var (name, side) in ((string, LockFile)[])[("ours", ours), ("base", common), ("theirs", theirs)])
            {
                await File.WriteAllBytesAsync(Path.Combine(folder, name), LockJson.Write(side));
            }

            var start = new ProcessStartInfo("git", ["merge-file", "-p", .. style.Length > 0 ? (string[])[style] : [], "ours", "base", "theirs"])
            {
                WorkingDirectory = folder,
                RedirectStandardOutput = true,
                UseShellExecute = false,
                StandardOutputEncoding = Encoding.UTF8,
            };
            using var git = Process.Start(start) ?? throw new InvalidOperationException("git doesn't start.");
            var merged = await git.StandardOutput.ReadToEndAsync();
            await git.WaitForExitAsync();
            Assert.InRange(git.ExitCode, 0, 127);
            return merged;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}

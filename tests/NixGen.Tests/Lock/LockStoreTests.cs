using NixGen.Diagnostics;
using NixGen.Files;
using NixGen.Lock;
using Xunit;

namespace NixGen.Tests.Lock;

public sealed class LockStoreTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("nixgen-store-").FullName;
    private readonly DiagnosticBag _diagnostics = new();

    private string LockPath => Path.Combine(_folder, "models.lock.json");

    private LockStore Store => new(LockPath, Path.Combine(_folder, "guards"));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_lock_lies_beside_the_manifest() => Assert.Equal("/x/models.lock.json", LockStore.PathBeside("/x/models.yaml"));

    [Fact]
    public void A_missing_lock_is_empty()
    {
        Assert.Equal(LockFile.Empty, Store.Load(_diagnostics)?.Lock);
        Assert.Empty(_diagnostics.Items);
    }

    [Fact]
    public async Task What_is_saved_is_loaded_and_an_unchanged_lock_is_not_written()
    {
        var lockFile = Locks.Of(Locks.Model("a"));
        Assert.Equal(lockFile, await Store.SaveAsync(LockFile.Empty, lockFile, _diagnostics, default));
        Assert.Equal(lockFile, Store.Load(_diagnostics)?.Lock);
        File.SetLastWriteTimeUtc(LockPath, DateTime.UnixEpoch);
        await Store.SaveAsync(lockFile, lockFile, _diagnostics, default);
        Assert.Equal(DateTime.UnixEpoch, File.GetLastWriteTimeUtc(LockPath));
        Assert.Equal([LockPath], Directory.GetFiles(_folder));
    }

    [Fact]
    public async Task Nothing_to_lock_leaves_no_file()
    {
        await Store.SaveAsync(LockFile.Empty, LockFile.Empty, _diagnostics, default);
        Assert.False(File.Exists(LockPath));
    }

    [Fact]
    public async Task Runs_at_once_end_with_all_their_results()
    {
        var old = Locks.Of(Locks.Model("gone"), Locks.Model("old"));
        await Store.SaveAsync(LockFile.Empty, old, _diagnostics, default);

        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(async () =>
        {
            var models = old.Models.Add($"m{i:d2}", Locks.Model($"m{i:d2}"));
            await Store.SaveAsync(old, new(i == 7 ? models.Remove("gone") : models), _diagnostics, default);
        })));

        Assert.Empty(_diagnostics.Items);
        var names = Store.Load(_diagnostics)?.Lock.Models.Keys.ToArray() ?? [];
        Assert.Equal([.. Enumerable.Range(0, 20).Select(i => $"m{i:d2}"), "old"], names);
    }

    [Fact]
    public async Task A_lock_that_another_run_damaged_is_not_overwritten()
    {
        await File.WriteAllTextAsync(LockPath, "damaged");
        Assert.Null(await Store.SaveAsync(LockFile.Empty, Locks.Of(Locks.Model("a")), _diagnostics, default));
        Assert.Equal("NG2001", Assert.Single(_diagnostics.Items).Code);
        Assert.Equal("damaged", await File.ReadAllTextAsync(LockPath));
    }

    [Fact]
    public async Task Conflict_markers_go_with_the_next_save()
    {
        await File.WriteAllTextAsync(LockPath, "{\n  \"models\": {},\n<<<<<<< a\n  \"version\": 1\n=======\n  \"version\": 1\n>>>>>>> b\n}\n");
        var reading = Store.Load(_diagnostics);
        Assert.False(reading?.IsCurrent);
        await Store.SaveAsync(LockFile.Empty, LockFile.Empty, _diagnostics, default);
        Assert.True(Store.Load(_diagnostics)?.IsCurrent);
        Assert.Empty(_diagnostics.Items);
    }

    [Fact]
    public async Task A_lock_that_can_not_be_written_is_told_and_nothing_is_lost()
    {
        var file = Path.Combine(_folder, "file");
        await File.WriteAllTextAsync(file, "");
        var inFile = new LockStore(Path.Combine(file, "models.lock.json"), Path.Combine(_folder, "guards"));
        Assert.Null(await inFile.SaveAsync(LockFile.Empty, Locks.Of(Locks.Model("a")), _diagnostics, default));
        var guardless = new LockStore(LockPath, Path.Combine(file, "guards"));
        Assert.Null(await guardless.SaveAsync(LockFile.Empty, Locks.Of(Locks.Model("a")), _diagnostics, default));
        Assert.All(_diagnostics.Items, item => Assert.Contains(item.Code, new[] { "NG2013", "NG2014" }));
        Assert.Equal(2, _diagnostics.Items.Length);
        Assert.False(File.Exists(LockPath));
    }

    [Fact]
    public async Task What_a_killed_run_left_is_deleted()
    {
        var left = Path.Combine(_folder, ".nixgen-models.lock.json-0123456789abcdef");
        var other = Path.Combine(_folder, ".nixgen-other-0123456789abcdef");
        await File.WriteAllTextAsync(left, "");
        await File.WriteAllTextAsync(other, "");
        await Store.SaveAsync(LockFile.Empty, Locks.Of(Locks.Model("a")), _diagnostics, default);
        Assert.Equal([other, LockPath], Directory.GetFiles(_folder).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_guard_that_somebody_holds_is_waited_for_and_waiting_can_be_ended()
    {
        var guards = Path.Combine(_folder, "guards");
        using (await AdvisoryLock.AcquireAsync(LockPath, guards, default))
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
            await Assert.ThrowsAnyAsync<OperationCanceledException>(
                () => Store.SaveAsync(LockFile.Empty, Locks.Of(Locks.Model("a")), _diagnostics, patience.Token));
        }

        Assert.NotNull(await Store.SaveAsync(LockFile.Empty, Locks.Of(Locks.Model("a")), _diagnostics, default));
    }

    [Fact]
    public void A_diff_counts_files_and_bytes()
    {
        var before = Locks.Of(Locks.Model("gone"), Locks.Model("moved", files: [Locks.File("a", "1"), Locks.File("b", "22")]), Locks.Model("same"));
        var moved = Locks.Model("moved", "1111111111111111111111111111111111111111", Locks.File("a", "333"), Locks.File("c", "4444"));
        var diff = LockDiff.Between(before, Locks.Of(moved, Locks.Model("new"), Locks.Model("same")));

        Assert.Equal([("gone", ModelChangeKind.Removed), ("moved", ModelChangeKind.Moved), ("new", ModelChangeKind.Added)], diff.Changes.Select(change => (change.Name, change.Kind)));
        var change = diff.Changes[1];
        Assert.Equal("a", Assert.Single(change.ChangedFiles).Path);
        Assert.Equal("b", Assert.Single(change.RemovedFiles).Path);
        Assert.Equal("c", Assert.Single(change.AddedFiles).Path);
        Assert.Equal(4, change.Growth);
        Assert.True(LockDiff.Between(before, before).IsEmpty);
    }
}

using System.Collections.Immutable;
using System.Text;
using NixGen.Diagnostics;
using NixGen.Emit;
using NixGen.Emit.Writing;
using NixGen.Testing;
using Xunit;

namespace NixGen.Tests.Emit;

/// <summary>Output folders: only what nixgen wrote is ever replaced or deleted.</summary>
public sealed class FolderWriterTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly DiagnosticBag _diagnostics = new();

    private string Target => _folder.At("out");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_new_folder_holds_the_plan_and_nothing_beside_it_stays()
    {
        Write(("a.nix", "1\n"), ("lib/b.nix", "2\n"));
        Assert.Equal("1\n", Read("a.nix"));
        Assert.Equal("2\n", Read("lib/b.nix"));
        Assert.Equal(["out"], Directory.GetFileSystemEntries(_folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public void Unchanged_files_keep_their_time_and_a_folder_without_changes_is_not_touched()
    {
        Write(("a.nix", "1\n"), ("b.nix", "2\n"));
        var time = new DateTime(2001, 2, 3, 4, 5, 6, DateTimeKind.Utc);
        File.SetLastWriteTimeUtc(Path.Combine(Target, "a.nix"), time);
        var changes = Write(("a.nix", "1\n"), ("b.nix", "3\n"));
        Assert.Equal(["b.nix"], changes?.Changed);
        Assert.Equal(time, File.GetLastWriteTimeUtc(Path.Combine(Target, "a.nix")));
        Assert.True(Write(("a.nix", "1\n"), ("b.nix", "3\n"))?.IsEmpty);
    }

    [Fact]
    public void Files_of_the_former_plan_go_and_files_of_others_stay()
    {
        Write(("a.nix", "1\n"), ("models/old.nix", "2\n"));
        File.WriteAllText(Path.Combine(Target, "flake.lock"), "mine");
        Write(("a.nix", "1\n"));
        Assert.False(Path.Exists(Path.Combine(Target, "models")));
        Assert.Equal("mine", Read("flake.lock"));
    }

    [Fact]
    public void Beside_folders_of_others_files_are_replaced_one_by_one()
    {
        Write(("a.nix", "1\n"), ("models/old.nix", "2\n"));
        Directory.CreateDirectory(Path.Combine(Target, ".git", "objects"));
        File.WriteAllText(Path.Combine(Target, ".git", "HEAD"), "ref");
        Write(("a.nix", "3\n"), ("models/new.nix", "4\n"));
        Assert.Equal("3\n", Read("a.nix"));
        Assert.Equal("4\n", Read("models/new.nix"));
        Assert.False(File.Exists(Path.Combine(Target, "models", "old.nix")));
        Assert.Equal("ref", Read(".git/HEAD"));
        Assert.True(Write(("a.nix", "3\n"), ("models/new.nix", "4\n"))?.IsEmpty);
    }

    [Fact]
    public void A_folder_that_nixgen_did_not_write_is_refused()
    {
        Directory.CreateDirectory(Target);
        File.WriteAllText(Path.Combine(Target, "thesis.tex"), "years of work");
        Assert.Null(Write(("a.nix", "1\n")));
        AssertCode("NG4001");
        Assert.Equal(["thesis.tex"], Directory.GetFiles(Target).Select(Path.GetFileName));
    }

    [Fact]
    public void A_file_in_the_way_is_refused_and_nothing_is_written()
    {
        Write(("a.nix", "1\n"));
        File.WriteAllText(Path.Combine(Target, "b.nix"), "mine");
        Assert.Null(Write(("a.nix", "2\n"), ("b.nix", "2\n")));
        AssertCode("NG4002");
        Assert.Equal("1\n", Read("a.nix"));
        Assert.Equal("mine", Read("b.nix"));
    }

    [Theory]
    [InlineData("{ \"files\": [\"../../etc/passwd\"] }")]
    [InlineData("{ \"files\": [\"/etc/passwd\"] }")]
    [InlineData("{ \"files\": 3 }")]
    [InlineData("not json")]
    public void A_damaged_list_is_refused(string list)
    {
        Write(("a.nix", "1\n"));
        File.WriteAllText(Path.Combine(Target, OutputFolder.ListName), list);
        Assert.Null(Write(("a.nix", "2\n")));
        AssertCode("NG4006");
        Assert.Equal("1\n", Read("a.nix"));
    }

    [Fact]
    public void A_link_does_not_lead_out_of_the_folder()
    {
        Write(("a.nix", "1\n"), ("lib/b.nix", "2\n"));
        var elsewhere = Directory.CreateDirectory(_folder.At("elsewhere")).FullName;
        Directory.Delete(Path.Combine(Target, "lib"), recursive: true);
        Directory.CreateSymbolicLink(Path.Combine(Target, "lib"), elsewhere);
        Assert.Null(Write(("a.nix", "1\n"), ("lib/b.nix", "3\n")));
        AssertCode("NG4005");
        Assert.Empty(Directory.GetFileSystemEntries(elsewhere));
    }

    [Fact]
    public void What_a_killed_run_left_is_swept_away()
    {
        Write(("a.nix", "1\n"));
        Directory.CreateDirectory(_folder.At(".out.nixgen-0123"));
        Write(("a.nix", "2\n"));
        Assert.Equal(["out"], Directory.GetFileSystemEntries(_folder.Path).Select(Path.GetFileName));
    }

    private FolderChanges? Write(params (string Path, string Text)[] files)
    {
        var plan = files.ToImmutableSortedDictionary(
            file => file.Path, file => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(file.Text), StringComparer.Ordinal);
        return FolderWriter.Write(Target, new(plan.Add(OutputFolder.ListName, OutputFolder.List(plan.Keys))), _diagnostics);
    }

    private string Read(string path) => File.ReadAllText(Path.Combine(Target, path));

    private void AssertCode(string code) => Assert.Equal([code], _diagnostics.Items.Select(item => item.Code).Distinct());
}

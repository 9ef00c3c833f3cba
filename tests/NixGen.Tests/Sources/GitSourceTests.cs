using System.Text;
using NixGen.Lock;
using NixGen.Sources.GitLfs;
using Xunit;

namespace NixGen.Tests.Sources;

public sealed class GitSourceTests
{
    private const string Oid = "4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393";

    [Theory]
    [InlineData("https://GitHub.com/Org/Model.git/", "https://github.com/Org/Model.git", "github.com/Org/Model", "https://github.com/Org/Model.git", "https://github.com/Org/Model.git/info/lfs")]
    [InlineData("https://host:8443/a/b", "https://host:8443/a/b", "host:8443/a/b", "https://host:8443/a/b", "https://host:8443/a/b.git/info/lfs")]
    [InlineData("git@github.com:org/model.git", "ssh://git@github.com/org/model.git", "github.com/org/model", "https://github.com/org/model.git", "https://github.com/org/model.git/info/lfs")]
    [InlineData("ssh://git@host:2222/org/model", "ssh://git@host:2222/org/model", "host/org/model", "https://host/org/model", "https://host/org/model.git/info/lfs")]
    [InlineData("ssh://git@ssh.github.com:443/o/m.git", "ssh://git@ssh.github.com:443/o/m.git", "github.com/o/m", "https://github.com/o/m.git", "https://github.com/o/m.git/info/lfs")]
    [InlineData("file:///srv/git/my%20model.git", "file:///srv/git/my%20model.git", "srv/git/my%20model", "file:///srv/git/my%20model.git", "file:///srv/git/my%20model.git")]
    [InlineData("http://127.0.0.1:3000/a.git", "http://127.0.0.1:3000/a.git", "127.0.0.1:3000/a", "http://127.0.0.1:3000/a.git", "http://127.0.0.1:3000/a.git/info/lfs")]
    public void An_address_has_one_spelling(string text, string address, string id, string web, string lfs)
    {
        var (remote, problem) = GitRemote.Parse(text);
        Assert.Null(problem);
        Assert.Equal((address, id, web, lfs), (remote?.Address, remote?.Id, remote?.WebAddress, remote?.LfsAddress));
    }

    [Theory]
    [InlineData("https://user:secret@host/a", "user name or password")]
    [InlineData("https://user@host/a", "user name or password")]
    [InlineData("ssh://git:secret@host/a", "user name or password")]
    [InlineData("http://example.com/a", "TLS")]
    [InlineData("git://example.com/a", "nothing protects")]
    [InlineData("xet://example.com/a", "no server speaks")]
    [InlineData("ext::sh -c x", "space")]
    [InlineData("ext::sh", "no URL")]
    [InlineData("ftp://host/a", "neither https nor ssh")]
    [InlineData("ssh://-oProxyCommand=x/a", "no URL")]
    [InlineData("ssh://-x@host/a", "repository")]
    [InlineData("https://host", "repository")]
    [InlineData("https://host/a?token=x", "query")]
    [InlineData("file://host/a", "three slashes")]
    [InlineData("/srv/git/a", "no URL")]
    [InlineData("--upload-pack=x", "no URL")]
    public void An_address_that_can_not_be_is_refused(string text, string words)
    {
        var (remote, problem) = GitRemote.Parse(text);
        Assert.Null(remote);
        Assert.Contains(words, problem, StringComparison.Ordinal);
    }

    // The first is of git-lfs's own specification.
    [Theory]
    [InlineData($"version https://git-lfs.github.com/spec/v1\noid sha256:{Oid}\nsize 12345\n", 12345)]
    [InlineData($"version https://hawser.github.com/spec/v1\noid sha256:{Oid}\nsize 0", 0)]
    [InlineData($"version http://git-media.io/v/2\noid sha256:{Oid}\nsize 9007199254740993\n\n", 9007199254740993)]
    public void A_pointer_states_hash_and_size(string text, long size)
    {
        var pointer = LfsPointer.Parse(Encoding.UTF8.GetBytes(text));
        Assert.Equal((Oid, size, (string?)null), (pointer?.Sha256.Hex, pointer?.Size, pointer?.Extension));
    }

    [Fact]
    public void A_pointer_with_an_extension_says_so()
    {
        var pointer = LfsPointer.Parse(Encoding.UTF8.GetBytes($"version https://git-lfs.github.com/spec/v1\next-0-foo sha256:{Oid}\next-1-bar sha256:{Oid}\noid sha256:{Oid}\nsize 1\n"));
        Assert.Equal("ext-0-foo", pointer?.Extension);
    }

    [Theory]
    [InlineData("")]
    [InlineData("version https://git-lfs.github.com/spec/v1\n")]
    [InlineData($"version https://example.com/spec/v1\noid sha256:{Oid}\nsize 1\n")]
    [InlineData($"version https://git-lfs.github.com/spec/v1\nsize 1\noid sha256:{Oid}\n")]
    [InlineData($"version https://git-lfs.github.com/spec/v1\noid sha512:{Oid}\nsize 1\n")]
    [InlineData("version https://git-lfs.github.com/spec/v1\noid sha256:abc\nsize 1\n")]
    [InlineData($"version https://git-lfs.github.com/spec/v1\noid sha256:{Oid}\nsize -1\n")]
    [InlineData($"version https://git-lfs.github.com/spec/v1\noid sha256:{Oid}\nsize 1e3\n")]
    [InlineData($"version https://git-lfs.github.com/spec/v1\noid sha256:{Oid}\nsize 1\nmore x\n")]
    [InlineData($"version https://git-lfs.github.com/spec/v1\noid sha256:{Oid}\nsize 99999999999999999999\n")]
    public void Other_text_is_no_pointer(string text) => Assert.Null(LfsPointer.Parse(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void A_tree_is_read_with_any_name()
    {
        byte[] output =
        [
            .. Encoding.UTF8.GetBytes($"100644 blob {Oid[..40]}\ta\tb\nc\0120000 blob {Oid[..40]}\tü\0160000 commit {Oid[..40]}\tsub\0100755 blob {Oid[..40]}\t"),
            0xff,
            0,
        ];
        var entries = GitTreeEntry.ParseAll(output) ?? throw new InvalidOperationException("Not a tree.");
        Assert.Equal([("a\tb\nc", GitEntryKind.File, true), ("ü", GitEntryKind.Link, true), ("sub", GitEntryKind.Submodule, true), ("\ufffd", GitEntryKind.File, false)], entries.Select(entry => (entry.Path, entry.Kind, entry.IsText)));
        Assert.Null(GitTreeEntry.ParseAll("040000 tree x\ty\0"u8));
        Assert.Null(GitTreeEntry.ParseAll("100644 blob"u8));
    }

    [Fact]
    public void Long_and_short_forms_that_mean_the_same_are_the_same()
    {
        var requests = new[]
        {
            "m: \"git+https://host/a.git?rev=v1&subdir=x%20y\"",
            "m: { source: { git-lfs: { url: \"https://HOST/a.git/\", rev: v1, subdir: \"x y/\" } } }",
        }.Select(model => Declarations.Bind(model).Request?.Canonical).ToArray();
        Assert.NotNull(requests[0]);
        Assert.Equal(requests[0], requests[1]);
        Assert.Equal(
            Declarations.Bind("m: { source: { git-lfs: { url: \"https://host/a\", rev: v1, lfsFiles: [b, a] } } }").Request?.Canonical,
            Declarations.Bind("m: { source: { git-lfs: { url: \"https://host/a\", rev: v1, files: [a, b, a] } } }").Request?.Canonical);
        Assert.Equal(new RequestValue.Text("HEAD"), Declarations.Bind("m: \"git+ssh://git@host/a\"").Request?.Canonical.Fields["rev"]);
    }

    [Theory]
    [InlineData("m: \"git+https://host/a.git?branch=x\"", "'branch'")]
    [InlineData("m: \"git+https://host/a.git?rev=a..b\"", "'..'")]
    [InlineData("m: \"git+https://host/a.git?subdir=../x\"", "'..'")]
    [InlineData("m: { source: { git-lfs: { url: \"https://host/a\", rev: \"-x\" } } }", "reference")]
    [InlineData("m: { source: { git-lfs: { url: \"https://host/a\", rev: v1, subdir: /etc/../x } } }", "'..'")]
    [InlineData("m: { source: { git-lfs: { url: \"https://host/a\", rev: v1, files: [a], lfsFiles: [b] } } }", "both")]
    [InlineData("m: { source: { git-lfs: { url: \"http://host/a\", rev: v1 } } }", "TLS")]
    [InlineData("m: \"xet://xethub.com/a/b\"", "no server speaks")]
    [InlineData("m: { source: { git-xet: { url: \"xet://xethub.com/a/b\", rev: main } } }", "no server speaks")]
    [InlineData("m: { source: { git-xet: { url: \"https://host/a\", rev: main, xet: { endpoint: \"http://example.com\" } } } }", "https")]
    public void A_source_that_can_not_be_is_refused(string model, string words)
    {
        var (request, diagnostics) = Declarations.Bind(model);
        Assert.Null(request);
        Assert.Contains(words, Assert.Single(diagnostics).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_template_is_completed_by_the_fields_of_the_kind()
    {
        var (request, diagnostics) = Declarations.Bind(
            "m: { source: { from: team, url: \"https://host/a.git\", subdir: x } }\nsources:\n  team: { git-lfs: { rev: main, files: [\"*.json\"] } }");
        Assert.Empty(diagnostics);
        Assert.Equal(Declarations.Bind("m: { source: { git-lfs: { url: \"https://host/a.git\", rev: main, subdir: x, files: [\"*.json\"] } } }").Request?.Canonical, request?.Canonical);
    }

    [Fact]
    public void Xet_is_git_lfs_with_a_place()
    {
        var request = Assert.IsType<GitLfsRequest>(Declarations.Bind(
            "m: { source: { git-xet: { url: \"https://huggingface.co/org/model\", rev: main, xet: { endpoint: \"https://xet.example.com/x/\" } } } }").Request);
        Assert.Equal(("git-xet", "https://xet.example.com/x"), (request.Canonical.Kind, request.Endpoint));
    }
}

using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using NixGen.Diagnostics;
using NixGen.Lock;
using Xunit;

namespace NixGen.Tests.Lock;

public sealed class LockJsonTests
{
    [Fact]
    public void A_lock_has_one_spelling_with_one_file_a_line()
    {
        var model = Locks.Model("tiny", files: [Locks.File("b/weights.bin", "weights"), Locks.File("a.json", "{}")]) with
        {
            Resolved = new("org/tiny", "0123456789012345678901234567890123456789", "https://huggingface.co"),
        };

        Assert.Equal(
            """
            {
              "models": {
                "tiny": {
                  "files": [
                    { "path": "a.json", "size": 2, "sha256": "sha256-RBNvo1WzZ4oRRq0W9+hknpT7T8If536DEMBg9hyq/4o=", "blob": "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a" },
                    { "path": "b/weights.bin", "size": 7, "sha256": "sha256-mhKQONmgCu0M9qfqBZylCoE0SQYauHhIzxoT6v3zOyw=", "blob": "9a129038d9a00aed0cf6a7ea059ca50a813449061ab87848cf1a13eafdf33b2c" }
                  ],
                  "request": {
                    "huggingface": {
                      "files": [
                        "*.json",
                        "*.bin"
                      ],
                      "repo": "org/tiny",
                      "revision": "main"
                    }
                  },
                  "resolved": {
                    "endpoint": "https://huggingface.co",
                    "id": "org/tiny",
                    "revision": "0123456789012345678901234567890123456789"
                  },
                  "seal": "637183712f11d6d18856a7c2eec089e2"
                }
              },
              "version": 1
            }

            """,
            Locks.Text(Locks.Of(model)));
    }

    [Fact]
    public void An_empty_lock_is_JSON_too()
    {
        var text = Locks.Text(LockFile.Empty);
        Assert.Equal("{\n  \"models\": {},\n  \"version\": 1\n}\n", text);
        Assert.Equal(LockFile.Empty, Locks.Read(text).Reading?.Lock);
    }

    [Fact]
    public void What_is_written_is_read_back_and_written_alike()
    {
        var names = Gen.Elements("a", "b-c", "d_e", "F.1");
        var texts = Gen.Elements("plain", "ünïcode", "quote\"s", "back\\slash", "bell\u0007", "\u202eright", "sep\u2028", "emoji 🙂", "tab\t", "<&>'+");
        var paths = Gen.Elements("config.json", "a b.txt", "sub/x#y", "sub/ü%20.bin", "🙂/n", "deep/er/f+1", "\u200bzero");
        var files = (from path in paths from content in texts select Locks.File(path, content)).ArrayOf();
        var models =
            from name in names
            from chosen in files
            from text in texts
            from alternates in Gen.Elements(0, 0, 1, 3)
            select Locks.Model(name) with
            {
                Alternates = [.. Enumerable.Range(0, alternates).Select(index => Locks.Alternate($"other/{index}{text.Trim('\t', '\u0007')}", [.. chosen.Take(index).DistinctBy(file => file.Path)]))],
                Files = [.. chosen.DistinctBy(file => file.Path).OrderBy(file => file.Path, StringComparer.Ordinal)],
                Request = new("huggingface", ImmutableSortedDictionary.Create<string, RequestValue>(StringComparer.Ordinal)
                    .Add(text, new RequestValue.Text(text))
                    .Add("list", new RequestValue.List([text, ""]))),
            };
        var locks = models.ArrayOf().Select(array => Locks.Of([.. array.DistinctBy(model => model.Name)]));

        Prop.ForAll(locks.ToArbitrary(), lockFile =>
        {
            var text = Locks.Text(lockFile);
            var (reading, diagnostics) = Locks.Read(text);
            using var parsed = JsonDocument.Parse(text);
            return diagnostics.IsEmpty
                && lockFile.Equals(reading?.Lock)
                && reading.IsCurrent
                && Locks.Text(reading.Lock) == text
                && !text.Contains('\u202e', StringComparison.Ordinal)
                && !text.Contains('\u0007', StringComparison.Ordinal);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void No_bytes_make_the_reader_throw()
    {
        var valid = LockJson.Write(Locks.Of(Locks.Model("one"), Locks.Model("two", files: [Locks.File("x/y"), Locks.File("z")])));
        var random = new Random(20260101);
        for (var run = 0; run < 4000; run++)
        {
            var bytes = (byte[])valid.Clone();
            for (var change = random.Next(1, 6); change > 0; change--)
            {
                var at = random.Next(bytes.Length);
                switch (random.Next(4))
                {
                    case 0:
                        bytes[at] = (byte)random.Next(256);
                        break;
                    case 1:
                        bytes = bytes[..at];
                        break;
                    case 2:
                        bytes = [.. bytes[..at], .. Encoding.UTF8.GetBytes(Snippets[random.Next(Snippets.Length)]), .. bytes[at..]];
                        break;
                    default:
                        var from = random.Next(bytes.Length);
                        bytes = [.. bytes[..at], .. bytes[Math.Min(at, from)..Math.Max(at, from)], .. bytes[at..]];
                        break;
                }

                if (bytes.Length == 0)
                {
                    bytes = [(byte)'{'];
                }
            }

            var (reading, diagnostics) = Locks.Read(bytes);
            Assert.True(reading is not null || diagnostics.Any(item => item.Severity == Severity.Error), Encoding.UTF8.GetString(bytes));
            foreach (var diagnostic in diagnostics)
            {
                Assert.True(diagnostic.Location is null || diagnostic.Location.Start.Line > 0);
                Assert.False(string.IsNullOrEmpty(diagnostic.Help));
            }
        }
    }

    private static readonly string[] Snippets =
        ["{", "}", "[", "]", "\"", ",", "\\ud800", "\n<<<<<<< a\n", "\n=======\n", "\n>>>>>>> b\n", "\n||||||| c\n", "null", "1e999", "\"version\": 0,", "\u0000", "🙂", "-1", "/*"];

    [Theory]
    [InlineData("\"size\": 1", "\"size\": -1", "NG2003", "size")]
    [InlineData("\"size\": 1", "\"size\": 1.5", "NG2003", "size")]
    [InlineData("\"size\": 1", "\"size\": \"1\"", "NG2003", "size")]
    [InlineData("\"size\": 1", "\"size\": 99999999999999999999", "NG2003", "size")]
    [InlineData("\"size\": 1, ", "", "NG2003", "lacks the key 'size'")]
    [InlineData("\"size\": 1", "\"size\": 1, \"size\": 2", "NG2005", "'size' twice")]
    [InlineData("\"size\": 1", "\"size\": 1, \"link\": \"x\"", "NG2004", "'link'")]
    [InlineData("\"size\": 1", "\"size\": 1, \"url\": \"x\"", "NG2003", "'url'")]
    [InlineData("\"size\": 1", "\"size\": 1, \"url\": \"https://me:secret@example.com/\"", "NG2003", "'url'")]
    [InlineData("\"size\": 1", "\"size\": 1, \"version\": \"a\\nb\"", "NG2003", "'version'")]
    [InlineData("\"config.json\"", "\"../../etc/x\"", "NG2008", "'..'")]
    [InlineData("\"config.json\"", "\"/abs\"", "NG2008", "absolute")]
    [InlineData("\"config.json\"", "\"a//b\"", "NG2008", "empty segment")]
    [InlineData("\"config.json\"", "\".GIT/config\"", "NG2008", "belongs to git")]
    [InlineData("\"config.json\"", "\"a\\\\b\"", "NG2008", "backslash")]
    [InlineData("\"config.json\"", "\"C:x\"", "NG2008", "drive letter")]
    [InlineData("\"config.json\"", "\"a\\u0000b\"", "NG2008", "U+0000")]
    [InlineData("\"config.json\"", "\"a\\ud800b\"", "NG2003", "Unicode")]
    [InlineData("sha256-", "sha512-", "NG2010", "sha256")]
    [InlineData("\"blob\": \"", "\"blob\": \"A", "NG2010", "blob")]
    [InlineData("\"blob\": \"2", "\"blob\": \"3", "NG2010", "SHA-256 beside it")]
    [InlineData("\"tiny\"", "\"../tiny\"", "NG2003", "model name")]
    [InlineData("\"revision\": \"0", "\"revision\": \"/0", "NG2003", "'revision'")]
    [InlineData("https://huggingface.co\"", "https://u:p@huggingface.co\"", "NG2003", "'endpoint'")]
    [InlineData("https://huggingface.co\"", "file:///etc\"", "NG2003", "'endpoint'")]
    [InlineData("\"version\": 1", "\"version\": 2", "NG2006", "version 2")]
    [InlineData("\"version\": 1", "\"version\": 0", "NG2007", "version 0")]
    [InlineData("\"version\": 1", "\"version\": \"1\"", "NG2003", "version")]
    [InlineData(",\n  \"version\": 1", "", "NG2003", "lacks the key 'version'")]
    [InlineData("\"version\": 1", "\"version\": 1,", "NG2001", "not JSON")]
    [InlineData("\"version\": 1", "// one\n\"version\": 1", "NG2001", "not JSON")]
    public void A_damaged_lock_is_refused_and_the_place_is_shown(string old, string damaged, string code, string words)
    {
        var text = Locks.Text(Locks.Of(Locks.Model("tiny")));
        Assert.Contains(old, text, StringComparison.Ordinal);
        var position = text.IndexOf(old, StringComparison.Ordinal);
        var (reading, diagnostics) = Locks.Read(text[..position] + damaged + text[(position + old.Length)..]);

        Assert.Null(reading);
        var diagnostic = Assert.Single(diagnostics, item => item.Code == code && item.Message.Contains(words, StringComparison.Ordinal));
        Assert.NotNull(diagnostic.Location);
    }

    [Fact]
    public void A_diagnostic_points_at_the_value_behind_characters_of_several_bytes()
    {
        var text = Locks.Text(Locks.Of(Locks.Model("tiny", files: [Locks.File("ünï🙂.json")]))).Replace("\"size\": 1", "\"size\": -7", StringComparison.Ordinal);
        var diagnostic = Assert.Single(Locks.Read(text).Diagnostics);
        var span = Assert.IsType<SourceSpan>(diagnostic.Location);
        Assert.Equal("-7", text.Substring(span.Span.Start, span.Span.Length));
    }

    [Fact]
    public void A_file_that_is_also_a_folder_is_refused()
    {
        var text = Locks.Text(Locks.Of(Locks.Model("tiny", files: [Locks.File("a"), Locks.File("a.txt"), Locks.File("a/b")])));
        Assert.Equal("NG2009", Assert.Single(Locks.Read(text).Diagnostics).Code);
    }

    [Fact]
    public void The_same_path_twice_is_refused()
    {
        var text = Locks.Text(Locks.Of(Locks.Model("tiny", files: [Locks.File("a"), Locks.File("a")])));
        Assert.Equal("NG2009", Assert.Single(Locks.Read(text).Diagnostics).Code);
    }

    [Fact]
    public void A_model_that_a_merge_left_there_twice_is_to_be_locked_again_unless_both_are_equal()
    {
        static string Entry(string commit) =>
            Locks.Text(Locks.Of(Locks.Model("m", commit))).Split("\"models\": {\n")[1].Split("\n  },")[0];
        static string With(string first, string second) => $"{{\n  \"models\": {{\n{Entry(first)},\n{Entry(second)}\n  }},\n  \"version\": 1\n}}\n";
        var (one, two) = (new string('1', 40), new string('2', 40));

        var (reading, diagnostics) = Locks.Read(With(one, two));
        Assert.Equal("NG2011", Assert.Single(diagnostics).Code);
        Assert.Equal(LockFile.Empty, reading?.Lock);
        Assert.Equal(["m"], reading?.ToLockAgain);

        (reading, diagnostics) = Locks.Read(With(one, one));
        Assert.Empty(diagnostics);
        Assert.Equal(Locks.Of(Locks.Model("m", one)), reading?.Lock);
        Assert.False(reading?.IsCurrent);
    }

    [Fact]
    public void An_edited_entry_is_kept_and_to_be_locked_again()
    {
        var text = Locks.Text(Locks.Of(Locks.Model("a"), Locks.Model("b")));
        var at = text.LastIndexOf("\"mit\"", StringComparison.Ordinal);
        var (reading, diagnostics) = Locks.Read(text[..at] + "\"bsd\"" + text[(at + 5)..]);
        Assert.Equal("NG2015", Assert.Single(diagnostics).Code);
        Assert.Equal(["b"], reading?.ToLockAgain);
        Assert.Equal("bsd", reading?.Lock.Models["b"].Resolved.License);
        Assert.False(reading?.IsCurrent);
    }

    [Fact]
    public void A_lock_without_any_seal_is_taken_as_it_is_but_a_single_seal_can_not_be_left_out()
    {
        var text = Locks.Text(Locks.Of(Locks.Model("a"), Locks.Model("b")));
        var without = System.Text.RegularExpressions.Regex.Replace(text, ",\n *\"seal\": \"[0-9a-f]+\"", "");
        var (reading, diagnostics) = Locks.Read(without);
        Assert.Empty(diagnostics);
        Assert.Equal([], reading?.ToLockAgain);

        var first = text.IndexOf(",\n      \"seal\"", StringComparison.Ordinal);
        var (partly, warnings) = Locks.Read(text.Remove(first, text.IndexOf("\n    }", first, StringComparison.Ordinal) - first));
        Assert.Equal("NG2015", Assert.Single(warnings).Code);
        Assert.Equal(["a"], partly?.ToLockAgain);
    }

    [Fact]
    public void Bytes_that_are_not_UTF_8_are_refused()
    {
        Assert.Equal("NG2002", Assert.Single(Locks.Read([0x7b, 0xff, 0x7d]).Diagnostics).Code);
    }

    [Fact]
    public void A_byte_order_mark_and_other_white_space_are_accepted()
    {
        var lockFile = Locks.Of(Locks.Model("tiny"));
        var text = "\uFEFF" + Locks.Text(lockFile).Replace("\n", "\r\n\t", StringComparison.Ordinal);
        Assert.Equal(lockFile, Locks.Read(text).Reading?.Lock);
    }

    [Fact]
    public void A_thousand_problems_are_not_all_told()
    {
        var text = Locks.Text(Locks.Of(Locks.Model("tiny", files: [.. Enumerable.Range(0, 1000).Select(i => Locks.File($"f{i}"))])))
            .Replace("\"size\": 1", "\"size\": -1", StringComparison.Ordinal);
        Assert.Equal(20, Locks.Read(text).Diagnostics.Length);
    }

    [Fact]
    public void An_older_format_is_upgraded_step_by_step()
    {
        var steps = ImmutableSortedDictionary<int, Action<JsonObject>>.Empty
            .Add(-1, document => document["models"] = document["entries"]?.DeepClone())
            .Add(0, document => document.Remove("entries"));
        var text = Locks.Text(Locks.Of(Locks.Model("tiny")))
            .Replace("\"version\": 1", "\"version\": -1", StringComparison.Ordinal)
            .Replace("\"models\"", "\"entries\"", StringComparison.Ordinal);

        var (reading, diagnostics) = Locks.Read(text, new LockUpgraders(steps));

        Assert.Empty(diagnostics);
        Assert.Equal(Locks.Of(Locks.Model("tiny")), reading?.Lock);
        Assert.False(reading?.IsCurrent);
    }

    [Fact]
    public void An_older_format_whose_upgrade_goes_wrong_is_a_diagnostic_at_its_version()
    {
        var steps = ImmutableSortedDictionary<int, Action<JsonObject>>.Empty.Add(0, document => document["extra"] = 1);
        var text = Locks.Text(LockFile.Empty).Replace("\"version\": 1", "\"version\": 0", StringComparison.Ordinal);
        var diagnostic = Assert.Single(Locks.Read(text, new LockUpgraders(steps)).Diagnostics);
        Assert.Equal("NG2004", diagnostic.Code);
        Assert.Equal((3, 14), diagnostic.Location?.Start);
    }
}

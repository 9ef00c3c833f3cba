using NixGen.Lock;
using Xunit;

namespace NixGen.Tests.Lock;

/// <summary>Further sources of a model in the lock: absent where there are none, and sealed where there are some.</summary>
public sealed class AlternatesInLockTests
{
    private static LockedModel Model => Locks.Model("tiny") with
    {
        Alternates = [Locks.Alternate("other/tiny", Locks.File("weights/config.json")), Locks.Alternate("third/tiny")],
    };

    [Fact]
    public void They_stand_before_the_files_in_the_same_spelling()
    {
        var text = Locks.Text(Locks.Of(Model));
        var start = text.IndexOf("      \"alternates\"", StringComparison.Ordinal);
        Assert.Equal(
            """
                  "alternates": [
                    {
                      "files": [
                        { "path": "weights/config.json", "size": 1, "sha256": "sha256-LXEWQrcmsEQBYnyp+6wy9chTD7GQPMTbAiWHF5IaSIE=", "blob": "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881" }
                      ],
                      "request": {
                        "mock": {
                          "files": [
                            "a",
                            "b"
                          ],
                          "repo": "other/tiny"
                        }
                      },
                      "resolved": {
                        "id": "other/tiny",
                        "revision": "9876543210987654321098765432109876543210"
                      }
                    },
                    {
                      "files": [],
                      "request": {
                        "mock": {
                          "files": [
                            "a",
                            "b"
                          ],
                          "repo": "third/tiny"
                        }
                      },
                      "resolved": {
                        "id": "third/tiny",
                        "revision": "9876543210987654321098765432109876543210"
                      }
                    }
                  ],
                  "files": [

            """,
            text[start..(text.IndexOf("      \"files\": [\n        { \"path\": \"config.json\"", StringComparison.Ordinal) + "      \"files\": [\n".Length)]);
    }

    [Fact]
    public void They_are_read_back_and_without_them_the_entry_is_the_one_of_old()
    {
        var text = Locks.Text(Locks.Of(Model));
        var (reading, diagnostics) = Locks.Read(text);
        Assert.Empty(diagnostics);
        Assert.Equal(Locks.Of(Model), reading?.Lock);
        Assert.NotEqual(Locks.Of(Locks.Model("tiny")), reading?.Lock);
        Assert.DoesNotContain("alternates", Locks.Text(Locks.Of(Locks.Model("tiny"))), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("other/tiny", "evil/tiny")]
    [InlineData("weights/config.json", "weights/other.json")]
    [InlineData("\"third/tiny\",\n", "\"third/else\",\n")]
    public void An_edited_one_breaks_the_seal(string old, string edited)
    {
        var text = Locks.Text(Locks.Of(Model));
        Assert.Contains(old, text, StringComparison.Ordinal);
        var (reading, diagnostics) = Locks.Read(text.Replace(old, edited, StringComparison.Ordinal));
        Assert.Equal("NG2015", Assert.Single(diagnostics).Code);
        Assert.Equal(["tiny"], reading?.ToLockAgain);
    }

    [Theory]
    [InlineData("\"alternates\": [", "\"alternates\": 1, \"x\": [", "NG2003", "an array")]
    [InlineData("\"id\": \"other/tiny\",", "", "NG2003", "lacks the key 'id'")]
    [InlineData("\"weights/config.json\"", "\"../config.json\"", "NG2008", "'..'")]
    [InlineData("\"resolved\": {\n            \"id\": \"other/tiny\"", "\"found\": {\n            \"id\": \"other/tiny\"", "NG2004", "'found'")]
    [InlineData("\"resolved\": {\n            \"id\": \"other/tiny\"", "\"found\": {\n            \"id\": \"other/tiny\"", "NG2003", "lacks the key 'resolved'")]
    public void A_damaged_one_is_refused_and_the_place_is_shown(string old, string damaged, string code, string words)
    {
        var text = Locks.Text(Locks.Of(Model));
        Assert.Contains(old, text, StringComparison.Ordinal);
        var (reading, diagnostics) = Locks.Read(text.Replace(old, damaged, StringComparison.Ordinal));
        Assert.Null(reading);
        Assert.Contains(diagnostics, item => item.Code == code && $"{item.Message} {item.Expected}".Contains(words, StringComparison.Ordinal) && item.Location is not null);
    }

    [Fact]
    public void An_empty_list_is_not_how_none_is_written()
    {
        var text = Locks.Text(Locks.Of(Locks.Model("tiny"))).Replace("      \"files\": [\n        {", "      \"alternates\": [],\n      \"files\": [\n        {", StringComparison.Ordinal);
        Assert.Equal("NG2003", Assert.Single(Locks.Read(text).Diagnostics).Code);
    }
}

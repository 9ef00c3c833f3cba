using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using NixGen.Diagnostics;
using NixGen.Lock;
using NixGen.Nix.Hashing;
using NixGen.Sources.HuggingFace;
using Xunit;

namespace NixGen.Tests.Sources;

/// <summary>What the Hub says of a repository ends up in the lock, which must be read again.</summary>
public sealed class RepositoryInfoTests
{
    [Theory]
    [InlineData(198)]
    [InlineData(199)]
    [InlineData(200)]
    public void A_long_licence_is_cut_between_characters(int before)
    {
        var stated = new string('x', before) + "\U0001F600 and more";
        var body = $$"""{ "id": "a/b", "sha": "{{new string('0', 40)}}", "cardData": { "license": "{{JsonEncodedText.Encode(stated)}}" } }""";
        var (info, problem) = RepositoryInfo.Parse(Encoding.UTF8.GetBytes(body));
        Assert.Null(problem);
        Assert.StartsWith(new string('x', before), info?.License, StringComparison.Ordinal);

        var model = new LockedModel
        {
            Name = "m",
            Request = new("huggingface", ImmutableSortedDictionary<string, RequestValue>.Empty),
            Resolved = new("a/b", new string('0', 40), License: info?.License),
            Files = [new("f", 1, SriHash.FromBytes(new byte[32]), new string('0', 40))],
        };
        var diagnostics = new DiagnosticBag();
        var written = LockJson.Write(new(LockFile.Empty.Models.Add("m", model)));
        Assert.Equal(model, LockJson.Read("models.lock.json", written, diagnostics)?.Lock.Models["m"]);
        Assert.Empty(diagnostics.Items);
    }
}

using System.Text;
using NixGen.Testing.Hub;

namespace NixGen.Testing.S3;

/// <summary>Objects that tests share.</summary>
public static class S3Fixtures
{
    /// <summary>Names that spellings in paths, queries, listings and signatures disagree about.</summary>
    public static IReadOnlyList<string> AwkwardNames { get; } =
    [
        "a b.txt",
        "a+b.txt",
        "a=b&c.txt",
        "a%2Fb.txt",
        "a%20b.txt",
        "häß/日本語/🤗.txt",
        "tilde~star*quote'(x)!.txt",
        "hash#mark?.txt",
        "semi;colon:at@comma,dollar$.txt",
        "brackets[1]{2}.txt",
        "back\\slash \"quoted\".txt",
        "caret^tick`bar|less<more>.txt",
    ];

    /// <summary>Text as content.</summary>
    public static HubContent Text(string text) => new HubContent.InMemory(Encoding.UTF8.GetBytes(text));

    /// <summary>A bucket with a small model below <c>tiny/</c>: its weights with their SHA-256, its configuration without, and things that are none of it.</summary>
    /// <param name="name">The bucket's name.</param>
    /// <param name="salt">Makes the contents those of one test.</param>
    /// <param name="isVersioned">Whether the objects have versions.</param>
    public static S3Bucket TinyModel(string name, string salt, bool isVersioned = false)
    {
        var bucket = new S3Bucket(name) { IsVersioned = isVersioned };
        bucket.Put("tiny/", Text(""));
        bucket.Put("tiny/config.json", Text($"{{\"salt\": \"{salt}\"}}\n"));
        bucket.PutWithSha256("tiny/weights/model.safetensors", new HubContent.InMemory(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(salt, 500)))));
        bucket.Put("tiny-too/config.json", Text("another model"));
        bucket.Put("readme.md", Text("of the bucket"));
        return bucket;
    }
}

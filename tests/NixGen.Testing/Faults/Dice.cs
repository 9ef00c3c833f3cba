namespace NixGen.Testing.Faults;

/// <summary>Chance that falls the same way for the same seed.</summary>
public sealed class Dice(int seed)
{
#pragma warning disable CA5394 // Tests must be reproducible, not secret.
    private readonly Random random = new(seed);

    /// <summary>A whole number from <paramref name="least"/> to <paramref name="most"/>, both of them included.</summary>
    public int Between(int least, int most) => random.Next(least, most + 1);

    /// <summary>True one time in so many.</summary>
    public bool OneIn(int times) => random.Next(times) == 0;

    public T Pick<T>(params IReadOnlyList<T> choices) => choices[random.Next(choices.Count)];

    /// <summary>Noise.</summary>
    public byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }
#pragma warning restore CA5394
}

using System.Security.Cryptography;

namespace NixGen.Testing.Civitai;

/// <summary>A file of a version.</summary>
/// <param name="Id">Its number, unique on the whole site.</param>
/// <param name="Name">Its name as the API gives it.</param>
/// <param name="Content">Its bytes.</param>
public sealed record CivitaiFile(long Id, string Name, byte[] Content)
{
    /// <summary><c>Model</c>, <c>Pruned Model</c>, <c>VAE</c>, <c>Training Data</c>, …</summary>
    public string Type { get; init; } = "Model";

    /// <summary><c>SafeTensor</c>, <c>PickleTensor</c>, <c>GGUF</c>, …; null where the metadata doesn't say.</summary>
    public string? Format { get; init; } = "SafeTensor";

    /// <summary><c>full</c> or <c>pruned</c>, or null.</summary>
    public string? Size { get; init; }

    /// <summary><c>fp16</c>, <c>bf16</c>, …, or null.</summary>
    public string? Precision { get; init; }

    public bool Primary { get; init; }

    /// <summary>Whether hashes are known: they are once the file was scanned.</summary>
    public bool Scanned { get; init; } = true;

    /// <summary>What the API states as SHA-256; that of the content, in upper case, by default.</summary>
    public string Sha256 { get; init; } = Convert.ToHexString(SHA256.HashData(Content));

    /// <summary>How the scanners judged it.</summary>
    public string PickleScan { get; init; } = "Success";

    /// <summary>In units of 1024 bytes, as the API states it: a number that needn't be whole.</summary>
    public double SizeKB { get; init; } = Content.Length / 1024.0;
}

/// <summary>A version of a model.</summary>
/// <param name="Id">Its number.</param>
/// <param name="ModelId">Its model's number.</param>
/// <param name="Files">Its files, in the API's order.</param>
public sealed record CivitaiVersion(long Id, long ModelId, params CivitaiFile[] Files)
{
    public string Name { get; init; } = "v1.0";

    public string ModelName { get; init; } = "Example Sketch Style";

    public string ModelType { get; init; } = "LORA";

    public string BaseModel { get; init; } = "SDXL 1.0";

    /// <summary>Whether only who is logged in may download.</summary>
    public bool NeedsLogin { get; init; }

    /// <summary>When everybody may download; null for now.</summary>
    public DateTimeOffset? EarlyAccessEnds { get; init; }

    /// <summary>Whether the model is archived: it is shown, without files, and downloads are gone.</summary>
    public bool Archived { get; init; }
}

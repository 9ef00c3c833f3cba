namespace NixGen.Diagnostics;

/// <summary>Sizes as people read them, in decimal units as the Hub shows them (1 kB = 1,000 bytes).</summary>
public static class ByteSize
{
    private static readonly string[] Units = ["bytes", "kB", "MB", "GB", "TB", "PB", "EB"];

    /// <summary>Such as <c>735 bytes</c> or <c>59.7 MB</c>.</summary>
    public static string Of(long bytes)
    {
        var value = (double)bytes;
        var unit = 0;
        while (value >= 999.5 && unit < Units.Length - 1)
        {
            value /= 1000;
            unit++;
        }

        return bytes == 1 ? "1 byte"
            : unit == 0 ? $"{bytes} {Units[0]}"
            : value < 9.95 ? $"{value:0.0} {Units[unit]}"
            : $"{value:0} {Units[unit]}";
    }
}

namespace NixGen.Testing.Mlflow;

/// <summary>How the server reads the paths that it is asked for (<c>validate_path_is_safe</c>).</summary>
internal static class MlflowPaths
{
    private const int MostRounds = 10;

    /// <summary>The path as the server looks for it: percent-encoding is undone until nothing of it is left, so that a name that really holds some can't be had.</summary>
    public static string Read(string path)
    {
        var decoded = path;
        for (var i = 0; i < MostRounds; i++)
        {
            var next = Uri.UnescapeDataString(decoded);
            if (next == decoded)
                break;
            decoded = next;
        }

        var isUnsafe = decoded.Contains('#', StringComparison.Ordinal)
            || decoded.Contains('\\', StringComparison.Ordinal)
            || decoded.StartsWith('/')
            || decoded.Split('/').Contains("..");
        return isUnsafe ? throw MlflowException.Invalid($"Invalid path: {path}") : decoded;
    }
}

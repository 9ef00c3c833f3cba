namespace NixGen.Sources.Mlflow;

/// <summary>Reads <c>~/.mlflow/credentials</c>: an INI file as Python's <c>configparser</c> has it, with a section <c>mlflow</c>.</summary>
internal static class MlflowCredentialsFile
{
    /// <summary>The user and the password, each null where the file holds none.</summary>
    public static (string? User, string? Password) Parse(string text)
    {
        var (section, user, password) = ("", (string?)null, (string?)null);
        foreach (var line in text.Split('\n').Select(line => line.Trim()))
        {
            if (line is ['[', .., ']'])
            {
                section = line[1..^1];
                continue;
            }

            var cut = line.IndexOfAny(['=', ':']);
            if (section != "mlflow" || cut < 0 || line[0] is '#' or ';')
            {
                continue;
            }

            var value = line[(cut + 1)..].Trim();
            switch (line[..cut].TrimEnd().ToUpperInvariant())
            {
                case "MLFLOW_TRACKING_USERNAME":
                    user = value.Length > 0 ? value : null;
                    break;
                case "MLFLOW_TRACKING_PASSWORD":
                    // configparser reads '%%' as one percent sign.
                    password = value.Length > 0 ? value.Replace("%%", "%", StringComparison.Ordinal) : null;
                    break;
            }
        }

        return (user, password);
    }
}

namespace NixGen.Sources.Url;

/// <summary>Reads netrc files (ftp(1), "The .netrc file"; curl's manual), as the emitted fetchers do.</summary>
internal static class Netrc
{
    /// <summary>The first entry of a host, or the default one before it; null where there is none with a password.</summary>
    /// <param name="text">The file's text.</param>
    /// <param name="host">Name without a port.</param>
    public static (string Login, string Password)? Find(string text, string host)
    {
        var (key, applies, found, inMacro) = ("", false, false, false);
        var (login, password) = ("", "");
        foreach (var line in text.Split('\n'))
        {
            var words = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (inMacro)
            {
                inMacro = words.Length > 0;
                continue;
            }

            foreach (var word in words)
            {
                if (key.Length > 0)
                {
                    Take(key, word);
                    key = "";
                }
                else if (word.StartsWith('#') || word == "macdef")
                {
                    inMacro = word == "macdef";
                    break;
                }
                else if (word is "machine" or "default")
                {
                    if (found)
                    {
                        return Result();
                    }

                    (applies, found) = word == "default" ? (true, true) : (false, false);
                    key = word == "machine" ? word : "";
                }
                else if (word is "login" or "password" or "account")
                {
                    key = word;
                }
            }
        }

        return Result();

        (string, string)? Result() => password.Length > 0 ? (login, password) : null;

        void Take(string name, string value)
        {
            if (name == "machine" && value == host)
            {
                (applies, found) = (true, true);
            }
            else if (name == "login" && applies)
            {
                login = Unquoted(value);
            }
            else if (name == "password" && applies)
            {
                password = Unquoted(value);
            }
        }
    }

    private static string Unquoted(string word) =>
        word is ['"', .., '"'] ? word[1..^1].Replace("\\\"", "\"", StringComparison.Ordinal) : word;
}

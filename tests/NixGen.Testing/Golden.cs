using System.Globalization;
using System.Text;
using DiffPlex;
using DiffPlex.DiffBuilder;
using DiffPlex.DiffBuilder.Model;

namespace NixGen.Testing;

/// <summary>Compares text with a <c>*.verified.*</c> file. A difference leaves a <c>*.received.*</c> beside it, and says how to accept it.</summary>
public static class Golden
{
    /// <summary>With this variable set to 1, every difference is accepted.</summary>
    public const string AcceptVariable = "NIXGEN_ACCEPT";

    /// <summary>Compares; throws <see cref="GoldenMismatchException"/> where the texts differ or nothing was verified yet.</summary>
    /// <param name="folder">Absolute path of the folder.</param>
    /// <param name="name">What is compared, such as <c>diagnostics</c>.</param>
    /// <param name="extension">Without a dot, such as <c>txt</c>.</param>
    /// <param name="actual">The text as it is now.</param>
    public static void Verify(string folder, string name, string extension, string actual)
    {
        var verified = Path.Combine(folder, $"{name}.verified.{extension}");
        var received = Path.Combine(folder, $"{name}.received.{extension}");
        var expected = File.Exists(verified) ? File.ReadAllText(verified) : null;
        if (string.Equals(expected, actual, StringComparison.Ordinal))
        {
            File.Delete(received);
            return;
        }

        if (Environment.GetEnvironmentVariable(AcceptVariable) == "1")
        {
            File.WriteAllText(verified, actual);
            File.Delete(received);
            return;
        }

        File.WriteAllText(received, actual);
        throw new GoldenMismatchException(Explain(verified, received, expected, actual));
    }

    private static string Explain(string verified, string received, string? expected, string actual)
    {
        var message = new StringBuilder();
        message.AppendLine(CultureInfo.InvariantCulture, $"{(expected is null ? "There is no" : "The text differs from")} {verified}:");
        foreach (var line in new InlineDiffBuilder(new Differ()).BuildDiffModel(expected ?? "", actual).Lines)
        {
            message.AppendLine(line.Type switch
            {
                ChangeType.Inserted => "+ " + line.Text,
                ChangeType.Deleted => "- " + line.Text,
                _ => "  " + line.Text,
            });
        }

        message.AppendLine("To accept it:");
        message.AppendLine(CultureInfo.InvariantCulture, $"  mv '{received}' '{verified}'");
        return message.Append(CultureInfo.InvariantCulture, $"To accept all: {AcceptVariable}=1 dotnet test").ToString();
    }
}

/// <summary>Text differs from its verified file.</summary>
public sealed class GoldenMismatchException(string message) : Exception(message);

using System.Collections.Immutable;
using System.Text;
using NixGen.Cli;
using NixGen.Testing;

namespace NixGen.Tests.Cli;

/// <summary>A console in memory, with a folder and a home of its own.</summary>
internal sealed class TestConsole : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly MemoryStream _output = new();
    private readonly StringWriter _error = new();

    public TestConsole()
    {
        Directory.CreateDirectory(_folder.At("work"));
        Terminal = new Terminal(
            Stream.Null,
            _output,
            _error,
            ImmutableDictionary<string, string>.Empty.Add("HOME", _folder.At("home")),
            Folder,
            ErrorIsTerminal: false);
    }

    public Terminal Terminal { get; private set; }

    public string Folder => _folder.At("work");

    public string Output => Encoding.UTF8.GetString(_output.ToArray());

    public string Error => _error.ToString();

    public string At(string path) => Path.Combine(Folder, path);

    public void Write(string path, string text) => File.WriteAllText(At(path), text);

    public void Give(string input) => Terminal = Terminal with { Input = new MemoryStream(Encoding.UTF8.GetBytes(input)) };

    public void Set(string variable, string value) => Terminal = Terminal with { Environment = Terminal.Environment.SetItem(variable, value) };

    /// <summary>Runs a command with empty output and error; the words are split at spaces.</summary>
    public async Task<int> RunAsync(string arguments)
    {
        _output.SetLength(0);
        _error.GetStringBuilder().Clear();
        return await CommandLine.RunAsync(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries), Terminal);
    }

    public void Dispose()
    {
        _output.Dispose();
        _error.Dispose();
        _folder.Dispose();
    }
}

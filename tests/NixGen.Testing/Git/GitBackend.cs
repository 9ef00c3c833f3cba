using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace NixGen.Testing.Git;

/// <summary>Serves repositories with git's own CGI program (RFC 3875).</summary>
internal sealed class GitBackend(GitServer server)
{
    public async Task AnswerAsync(HttpContext context, string path, string? login)
    {
        var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var request = context.Request;
        var start = new ProcessStartInfo("git", ["http-backend"])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        GitProgram.Isolate(start.Environment, server.Root);
        var environment = start.Environment;
        environment["GIT_PROJECT_ROOT"] = server.Root;
        environment["GIT_HTTP_EXPORT_ALL"] = "1";
        environment["PATH_INFO"] = path;
        environment["QUERY_STRING"] = request.QueryString.Value?.TrimStart('?') ?? "";
        environment["REQUEST_METHOD"] = request.Method;
        environment["CONTENT_TYPE"] = request.ContentType ?? "";
        environment["CONTENT_LENGTH"] = body.Length.ToString(CultureInfo.InvariantCulture);
        environment["HTTP_CONTENT_ENCODING"] = request.Headers.ContentEncoding.ToString();
        environment["REMOTE_ADDR"] = "127.0.0.1";
        if (login is not null)
            environment["REMOTE_USER"] = login;
        if (server.SpeaksVersion2)
            environment["GIT_PROTOCOL"] = request.Headers["Git-Protocol"].ToString();
        using var process = Process.Start(start) ?? throw new InvalidOperationException("git can't be started.");
        var errors = process.StandardError.ReadToEndAsync();
        var writing = WriteAsync(process, body);
        var output = process.StandardOutput.BaseStream;
        await ReadHeadAsync(output, context.Response);
        await output.CopyToAsync(context.Response.Body);
        await writing;
        await process.WaitForExitAsync();
        await errors;
    }

    // A backend that has heard enough closes its input.
    private static async Task WriteAsync(Process process, MemoryStream body)
    {
        try
        {
            await process.StandardInput.BaseStream.WriteAsync(body.GetBuffer().AsMemory(0, (int)body.Length));
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It answers all the same.
        }
    }

    private static async Task ReadHeadAsync(Stream output, HttpResponse response)
    {
        while (await ReadLineAsync(output) is { Length: > 0 } line)
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            var (name, value) = (line[..colon], line[(colon + 1)..].Trim());
            if (name.Equals("Status", StringComparison.OrdinalIgnoreCase))
                response.StatusCode = int.Parse(value.Split(' ')[0], CultureInfo.InvariantCulture);
            else
                response.Headers.Append(name, value);
        }
    }

    private static async Task<string> ReadLineAsync(Stream output)
    {
        var line = new StringBuilder();
        var one = new byte[1];
        while (await output.ReadAsync(one) == 1 && one[0] != '\n')
            line.Append((char)one[0]);
        return line.ToString().TrimEnd('\r');
    }
}

using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;

namespace NixGen.Testing.Oci;

/// <summary>Pushes to a registry, as the distribution specification says, with nothing but HTTP.</summary>
public sealed class RegistryClient : IDisposable
{
    private readonly HttpClient http;

    /// <summary>A client of the registry at <paramref name="url"/>.</summary>
    /// <param name="url">Its base URL.</param>
    /// <param name="authorization">The header that it wants, or null.</param>
    public RegistryClient(string url, AuthenticationHeaderValue? authorization = null)
    {
        http = new HttpClient { BaseAddress = new Uri(url) };
        http.DefaultRequestHeaders.Authorization = authorization;
    }

    /// <summary>The header of a name and a password.</summary>
    public static AuthenticationHeaderValue Basic(string user, string password) =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")));

    /// <summary>The digest of content: <c>sha256:</c> and hexadecimal digits.</summary>
    public static string DigestOf(ReadOnlySpan<byte> content) => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(content));

    /// <summary>Pushes an artifact: its blobs, then its manifest, to a tag. Returns the manifest's digest.</summary>
    public async Task<string> PushAsync(string name, string tag, OciArtifact artifact)
    {
        foreach (var content in artifact.Blobs)
            await PushBlobAsync(name, content);
        return await PushManifestAsync(name, tag, artifact.Manifest, artifact.MediaType);
    }

    public async Task PushBlobAsync(string name, byte[] content)
    {
        using var begun = Expect(await http.PostAsync($"/v2/{name}/blobs/uploads/", null), HttpStatusCode.Accepted);
        var location = begun.Headers.Location?.ToString() ?? throw new InvalidOperationException("The registry says nowhere to upload to.");
        using var body = new ByteArrayContent(content);
        body.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        using var _ = Expect(await http.PutAsync($"{location}{(location.Contains('?', StringComparison.Ordinal) ? '&' : '?')}digest={DigestOf(content)}", body), HttpStatusCode.Created);
    }

    public async Task<string> PushManifestAsync(string name, string reference, byte[] manifest, string mediaType)
    {
        using var body = new ByteArrayContent(manifest);
        body.Headers.ContentType = new MediaTypeHeaderValue(mediaType);
        using var _ = Expect(await http.PutAsync($"/v2/{name}/manifests/{reference}", body), HttpStatusCode.Created);
        return DigestOf(manifest);
    }

    public async Task DeleteBlobAsync(string name, string digest)
    {
        using var _ = Expect(await http.DeleteAsync($"/v2/{name}/blobs/{digest}"), HttpStatusCode.Accepted);
    }

    public void Dispose() => http.Dispose();

    private static HttpResponseMessage Expect(HttpResponseMessage response, HttpStatusCode status) =>
        response.StatusCode == status
            ? response
            : throw new InvalidOperationException($"{response.RequestMessage?.Method} {response.RequestMessage?.RequestUri} gave {(int)response.StatusCode}: {response.Content.ReadAsStringAsync().GetAwaiter().GetResult()}");
}

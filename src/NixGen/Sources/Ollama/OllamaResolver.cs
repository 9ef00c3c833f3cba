using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using NixGen.Lock;
using NixGen.Sources.Registries;
using NixGen.Sources.Selection;

namespace NixGen.Sources.Ollama;

/// <summary>Resolves a name of Ollama's: the manifest says what everything is, so no layer is transferred.</summary>
internal static class OllamaResolver
{
    private const long MaxConfigBytes = 1024 * 1024;

    /// <summary>Resolves; adds diagnostics and gives null where that fails.</summary>
    public static async Task<LockedSource?> ResolveAsync(ResolveContext context, CancellationToken cancellationToken)
    {
        var request = (OllamaRequest)context.Request;
        var credentials = RegistryCredentials.Find(context.Model.Auth, context.Environment, request.Registry.Name, request.Repository);
        var question = new RegistryQuestion(context.Model, request.Registry, request.Repository, request.Tag, credentials);
        if (credentials.Origin is null && context.Model.Auth is { Required: true, MakesToken: false })
        {
            context.Diagnostics.Add(RegistryDiagnostics.LacksCredentials(question));
            return null;
        }

        var session = new RegistrySession(question, context);
        if (await session.ManifestAsync(request.Tag, cancellationToken) is not var (manifest, hash))
        {
            return null;
        }

        if (context.Existing is { } existing && existing.Resolved.Digest == "sha256:" + hash.Hex && existing.Resolved.Id == request.Repository)
        {
            return new(existing.Resolved with { Endpoint = request.Registry.BaseUrl }, existing.Files);
        }

        if (!await HasWeightsAsync(manifest, question, session, context, cancellationToken))
        {
            return null;
        }

        var listing = new Listing(context.Model, $"The manifest of '{question.Name}'", PublicUrl.Of(question.ManifestUrl));
        ImmutableArray<LockedFile> files =
        [
            LockedFile.Of(OllamaLayers.ManifestPath, Encoding.UTF8.GetByteCount(manifest.Text), hash) with { Text = manifest.Text },
            .. OllamaLayers.Name(manifest).Select(named => LockedFile.Of(named.Path, named.Layer.Size, named.Layer.Sha256)),
        ];
        if (listing.Select(new FileSelection([], []), files, file => file.Path, file => file.Size, context.Diagnostics) is not { } selected)
        {
            return null;
        }

        var resolved = new ResolvedRevision(request.Repository, ContentRevision.Of(selected), request.Registry.BaseUrl) { Digest = "sha256:" + hash.Hex };
        return new(resolved, selected);
    }

    private static async Task<bool> HasWeightsAsync(
        RegistryManifest manifest, RegistryQuestion question, RegistrySession session, ResolveContext context, CancellationToken cancellationToken)
    {
        if (manifest.Config is { } config)
        {
            if (config.Size > MaxConfigBytes)
            {
                context.Diagnostics.Add(RegistryDiagnostics.AnswersOddly(question, $"its configuration is longer than {MaxConfigBytes} bytes", question.ManifestUrl));
                return false;
            }

            if (await session.SmallBlobAsync(config, cancellationToken) is not { } content)
            {
                return false;
            }

            var (host, model) = RemoteIn(content);
            if (host is not null || model is not null)
            {
                context.Diagnostics.Add(OllamaDiagnostics.IsInTheCloud(question, host ?? "another host", model ?? question.Repository));
                return false;
            }
        }

        if (manifest.Layers.IsEmpty)
        {
            context.Diagnostics.Add(manifest.IsIndex
                ? RegistryDiagnostics.AnswersOddly(question, "it is an index of several manifests, which Ollama's models don't have", question.ManifestUrl)
                : OllamaDiagnostics.HasNoWeights(question));
            return false;
        }

        return true;
    }

    private static (string? Host, string? Model) RemoteIn(ReadOnlyMemory<byte> config)
    {
        try
        {
            using var document = JsonDocument.Parse(config);
            var root = document.RootElement;
            return root.ValueKind == JsonValueKind.Object ? (Filled(root, "remote_host"), Filled(root, "remote_model")) : (null, null);
        }
        catch (JsonException)
        {
            // Ollama would refuse it; fetching it does no harm.
            return (null, null);
        }
    }

    private static string? Filled(JsonElement root, string name) => RegistryDescriptor.Text(root, name) is { Length: > 0 } text ? text : null;
}

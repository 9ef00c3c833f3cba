using System.Collections.Immutable;
using NixGen.Lock;
using NixGen.Nix.Hashing;
using NixGen.Sources.Registries;
using NixGen.Sources.Selection;

namespace NixGen.Sources.Oci;

/// <summary>Resolves a reference: the manifest says what everything is, so no layer is transferred.</summary>
internal static class OciResolver
{
    private const int MaxWords = 100;

    /// <summary>Resolves; adds diagnostics and gives null where that fails.</summary>
    public static async Task<LockedSource?> ResolveAsync(ResolveContext context, CancellationToken cancellationToken)
    {
        var request = (OciRequest)context.Request;
        var image = request.Image;
        var credentials = RegistryCredentials.Find(context.Model.Auth, context.Environment, image.Endpoint.Name, image.Repository);
        var question = new RegistryQuestion(context.Model, image.Endpoint, image.Repository, image.Reference, credentials);
        if (credentials.Origin is null && context.Model.Auth is { Required: true, MakesToken: false })
        {
            context.Diagnostics.Add(RegistryDiagnostics.LacksCredentials(question));
            return null;
        }

        var session = new RegistrySession(question, context);
        if (await session.ManifestAsync(image.Reference, cancellationToken) is not var (manifest, hash))
        {
            return null;
        }

        if (manifest.IsIndex)
        {
            if (OnlyOne(manifest, question, context) is not { } one || await session.ManifestAsync(one.Digest, cancellationToken) is not var (inner, innerHash))
            {
                return null;
            }

            (manifest, hash) = (inner, innerHash);
        }

        return Lock(manifest, hash, request, question, context);
    }

    private static LockedSource? Lock(RegistryManifest manifest, SriHash hash, OciRequest request, RegistryQuestion question, ResolveContext context)
    {
        var image = request.Image;
        if (context.Existing is { } existing && existing.Resolved.Digest == "sha256:" + hash.Hex && existing.Resolved.Id == image.Repository)
        {
            return new(existing.Resolved with { Endpoint = image.Endpoint.BaseUrl }, existing.Files);
        }

        if (manifest.IsIndex || manifest.Layers.IsEmpty || manifest.Layers.Any(OciLayers.IsOfContainer))
        {
            context.Diagnostics.Add(manifest.Layers.IsEmpty ? OciDiagnostics.HasNoFiles(question) : OciDiagnostics.IsContainer(question));
            return null;
        }

        var listing = new Listing(context.Model, $"The artifact '{question.Name}'", PublicUrl.Of(question.ManifestUrl));
        if (listing.Select(
            new FileSelection(request.Files, request.Exclude) { Weights = request.Weights },
            OciLayers.Name(manifest),
            file => file.Path,
            file => file.Layer.Size,
            context.Diagnostics) is not { } selected)
        {
            return null;
        }

        ImmutableArray<LockedFile> files =
            [.. selected.Select(file => LockedFile.Of(file.Path, file.Layer.Size, file.Layer.Sha256) with { Object = file.Archive })];
        var resolved = new ResolvedRevision(image.Repository, ContentRevision.Of(files), image.Endpoint.BaseUrl, LicenseOf(manifest)) { Digest = "sha256:" + hash.Hex };
        return new(resolved, files);
    }

    // What says something of another manifest, such as how it was built, is no model.
    private static RegistryDescriptor? OnlyOne(RegistryManifest index, RegistryQuestion question, ResolveContext context)
    {
        ImmutableArray<RegistryDescriptor> models = [.. index.Manifests.Where(item => !item.Annotations.ContainsKey("vnd.docker.reference.type"))];
        if (models is [var only])
        {
            return only;
        }

        context.Diagnostics.Add(OciDiagnostics.HoldsSeveral(question, models));
        return null;
    }

    private static string? LicenseOf(RegistryManifest manifest) =>
        manifest.Annotations.TryGetValue("org.opencontainers.image.licenses", out var license)
        && license is { Length: > 0 and <= MaxWords }
        && license.All(character => character is >= ' ' and < '\u007f')
            ? license
            : null;
}

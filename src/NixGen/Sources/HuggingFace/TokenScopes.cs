using System.Collections.Immutable;
using System.Text.Json;

namespace NixGen.Sources.HuggingFace;

/// <summary>What a token may do, as the Hub says it (<c>GET /api/whoami-v2</c>). Holds names of permissions and repositories, and no secret.</summary>
/// <param name="Role"><c>read</c>, <c>write</c>, <c>fineGrained</c>, or what the Hub may come to say.</param>
/// <param name="OpensGated">Of a fine-grained token: whether it opens gated repositories that its owner may open.</param>
/// <param name="Everywhere">Of a fine-grained token: permissions that belong to no place.</param>
/// <param name="Places">Of a fine-grained token: permissions for single owners and repositories.</param>
internal sealed record TokenScopes(string Role, bool OpensGated, ImmutableArray<string> Everywhere, ImmutableArray<PlaceScopes> Places)
{
    /// <summary>The role, and the scope, of tokens that read all that their owner may read.</summary>
    public const string Read = "read";

    /// <summary>The role, and the scope, of tokens that may also change it.</summary>
    public const string Write = "write";

    /// <summary>The scope of reading gated repositories.</summary>
    public const string Gated = "gated";

    private const string FineGrained = "fineGrained";
    private const string ReadContent = "repo.content.read";
    private const string WriteContent = "repo.write";
    private const int MostPermissions = 1000;
    private const int LongestName = 200;

    /// <summary>Reads the Hub's JSON; says what is wrong with it, as the end of a sentence. What isn't understood of a fine-grained token's permissions is left out: it can only have fewer then.</summary>
    public static (TokenScopes? Scopes, string? Problem) Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            if (Member(Member(document.RootElement, "auth"), "accessToken") is not { } token || NameIn(Member(token, "role")) is not { } role)
            {
                return (null, "it states no role of an access token");
            }

            var fine = Member(token, "fineGrained");
            return (
                new(
                    role,
                    Member(fine, "canReadGatedRepos") is { ValueKind: JsonValueKind.True },
                    NamesIn(Member(fine, "global")),
                    [.. ItemsOf(Member(fine, "scoped")).Select(PlaceScopes).Where(place => place.Permissions.Length > 0)]),
                null);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return (null, "it is not JSON");
        }
    }

    /// <summary>Whether the token has a scope where it is needed.</summary>
    /// <param name="scope">A role (<c>write</c> can do what <c>read</c> can), <c>gated</c>, or a permission of fine-grained tokens.</param>
    /// <param name="type">What the repository holds.</param>
    /// <param name="repository">Its id.</param>
    public bool Grants(string scope, RepositoryType type, string repository) => Role switch
    {
        Read => scope is Read or Gated || scope.EndsWith("." + Read, StringComparison.Ordinal),
        Write => true,
        FineGrained => scope switch
        {
            Gated => OpensGated,
            Read or ReadContent => Holds(ReadContent, type, repository) || Holds(WriteContent, type, repository),
            Write => Holds(WriteContent, type, repository),
            _ => scope == FineGrained || Holds(scope, type, repository),
        },
        _ => scope == Role,
    };

    /// <summary>What the token may change, beyond what is needed: the role <c>write</c>, or permissions of a fine-grained token.</summary>
    /// <param name="required">Scopes that are needed.</param>
    public ImmutableArray<string> ExcessOver(ImmutableArray<string> required)
    {
        if (Role != FineGrained)
        {
            return Role == Read || required.Any(Changes) ? [] : [Role];
        }

        var needed = required.Contains(Write) ? required.Add(WriteContent) : required;
        return [.. Everywhere.Concat(Places.SelectMany(place => place.Permissions)).Where(Changes).Except(needed).Order(StringComparer.Ordinal)];
    }

    /// <summary>All of it in words, with the beginning of long lists.</summary>
    public string InWords()
    {
        if (Role != FineGrained)
        {
            return $"the role '{Role}'";
        }

        var parts = Everywhere.Select(permission => $"'{permission}'")
            .Concat(Places.Select(place => $"{string.Join(", ", place.Permissions.Select(permission => $"'{permission}'"))} for {place.Name}"))
            .ToArray();
        const int Shown = 8;
        var list = string.Join("; ", parts.Take(Shown)) + (parts.Length > Shown ? $"; and {parts.Length - Shown} more" : "");
        return $"the role 'fineGrained' with {(parts.Length == 0 ? "no permissions" : list)}, {(OpensGated ? "and" : "without")} the permission to read gated repositories";
    }

    // Of words such as 'inference.endpoints.write' one says what is done; some permissions are to govern others.
    private static bool Changes(string scope) => scope.Split('.').Any(word => word is Write or "admin" or "manage" or "delete" or "create");

    private bool Holds(string permission, RepositoryType type, string repository) =>
        Everywhere.Contains(permission, StringComparer.Ordinal)
        || Places.Any(place => place.Covers(type, repository) && place.Permissions.Contains(permission, StringComparer.Ordinal));

    private static PlaceScopes PlaceScopes(JsonElement item)
    {
        var entity = Member(item, "entity");
        return new(NameIn(Member(entity, "type")) ?? "", NameIn(Member(entity, "name")) ?? "", NamesIn(Member(item, "permissions")));
    }

    private static ImmutableArray<string> NamesIn(JsonElement? list) => [.. ItemsOf(list).Select(item => NameIn(item)).OfType<string>().Distinct(StringComparer.Ordinal)];

    private static IEnumerable<JsonElement> ItemsOf(JsonElement? list) =>
        list is { ValueKind: JsonValueKind.Array } array ? array.EnumerateArray().Take(MostPermissions) : [];

    // It is shown, so it must be what a name can be.
    private static string? NameIn(JsonElement? element) =>
        element is { ValueKind: JsonValueKind.String } text && text.GetString() is { Length: > 0 and <= LongestName } name
        && name.All(character => char.IsAsciiLetterOrDigit(character) || character is '.' or '_' or '-' or '/' or ':' or ' ')
            ? name
            : null;

    private static JsonElement? Member(JsonElement? parent, string name) =>
        parent is { ValueKind: JsonValueKind.Object } element && element.TryGetProperty(name, out var member) ? member : null;
}

/// <summary>What a fine-grained token may do in one place.</summary>
/// <param name="Type"><c>user</c>, <c>org</c>, <c>model</c>, <c>dataset</c>, <c>space</c>, or something without repositories; empty where the Hub doesn't say it.</param>
/// <param name="Name">An owner, or a repository's id.</param>
/// <param name="Permissions">Such as <c>repo.content.read</c>.</param>
internal sealed record PlaceScopes(string Type, string Name, ImmutableArray<string> Permissions)
{
    /// <summary>Whether a repository is in this place. The Hub doesn't distinguish the case of names.</summary>
    public bool Covers(RepositoryType type, string repository)
    {
        var slash = repository.IndexOf('/', StringComparison.Ordinal);
        var isOwner = slash > 0 && string.Equals(Name, repository[..slash], StringComparison.OrdinalIgnoreCase);
        var isRepository = string.Equals(Name, repository, StringComparison.OrdinalIgnoreCase);
        return Type switch
        {
            "user" or "org" => isOwner,
            "" => isOwner || isRepository,
            _ => isRepository && Type == type.Name(),
        };
    }
}

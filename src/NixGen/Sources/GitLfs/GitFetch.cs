using System.Collections.Immutable;
using NixGen.Lock;

namespace NixGen.Sources.GitLfs;

/// <summary>What <c>fetchers/git-lfs.sh</c> is told of a repository: the variables that the emitted adapters set too.</summary>
internal static class GitFetch
{
    /// <summary>Variables by name. A token among them is a secret: they go into a child's environment and nowhere else.</summary>
    public static ImmutableDictionary<string, string> Variables(GitLfsRequest request, ResolvedRevision resolved, HostEnvironment environment)
    {
        var variables = ImmutableDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        variables["fetch_endpoint"] = resolved.Endpoint ?? request.Remote.Address;
        variables["fetch_repo"] = resolved.Id;
        variables["fetch_revision"] = resolved.Revision;
        variables["fetch_storage"] = resolved.Storage ?? "";
        variables["fetch_usual_token"] = "";
        if (GitCredentials.UsualVariable(request.Remote) is { } variable)
        {
            variables["fetch_usual_token"] = variable;
            variables[variable] = environment.Variable(variable) ?? "";
        }

        return variables.ToImmutable();
    }
}

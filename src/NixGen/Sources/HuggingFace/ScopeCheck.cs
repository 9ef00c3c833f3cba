namespace NixGen.Sources.HuggingFace;

/// <summary>Compares what a token may do with what the manifest says of it. Asks the Hub only for models that want it, and once in a run for each token.</summary>
internal static class ScopeCheck
{
    /// <summary>Whether the model may be locked; adds diagnostics.</summary>
    public static async Task<bool> PassesAsync(HubQuestion question, ResolveContext context, CancellationToken cancellationToken)
    {
        var asked = context.Model.Security;
        var requires = asked.RequiredScopes.Length > 0;
        if (question.Token is not { } token || !(requires || asked.WarnOnExcessiveScopes))
        {
            return true;
        }

        context.Progress.Step(context.Model.Name, "checking the token's scopes");
        var response = await context.Http.GetOnceAsync(new(question.Endpoint.Url("api/whoami-v2"), token), cancellationToken);
        if (HubAnswers.RefusesToken(response, token))
        {
            context.Diagnostics.Add(HubDiagnostics.RefusesToken(question, token, isPublic: false));
            return false;
        }

        var (scopes, problem) = response.IsSuccess ? TokenScopes.Parse(response.Body) : (null, $"it has status {response.Status}");
        if (scopes is null)
        {
            context.Diagnostics.Add(HubDiagnostics.HidesScopes(question, token, problem ?? "it is empty", response, requires));
            return !requires;
        }

        var missing = asked.RequiredScopes.Where(scope => !scopes.Grants(scope, question.Type, question.Repository)).ToArray();
        if (missing.Length > 0)
        {
            context.Diagnostics.Add(HubDiagnostics.LacksScopes(question, token, missing, scopes));
        }

        if (asked.WarnOnExcessiveScopes && scopes.ExcessOver(asked.RequiredScopes) is { Length: > 0 } excess)
        {
            context.Diagnostics.Add(HubDiagnostics.MayDoTooMuch(question, token, excess));
        }

        return missing.Length == 0;
    }
}

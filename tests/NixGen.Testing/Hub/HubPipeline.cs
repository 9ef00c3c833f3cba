using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace NixGen.Testing.Hub;

/// <summary>What every request goes through: log, faults, limits, token, repository, access, and then its own answer.</summary>
internal sealed class HubPipeline(LoopbackHub hub)
{
    private static readonly IPAddress CdnAddress = IPAddress.Parse("127.0.0.2");
    private int served;

    public async Task HandleAsync(HttpContext context)
    {
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var rawPath = target.Split('?')[0];
        var onCdn = CdnAddress.Equals(context.Connection.LocalIpAddress);
        var route = onCdn ? new HubRoute(HubRequestKind.Cdn) : HubRoute.Parse(rawPath);
        var request = Describe(context, target, rawPath, route);
        var entry = hub.Log.Begin(request);
        var chain = HubRedirectChain.At(target);
        var fault = chain is null ? hub.Faults.Take(request) : null;
        chain ??= fault?.Chain;
        var body = new HubBody(context, context.Response.Body, fault, entry);
        context.Response.Body = body;
        context.Response.OnStarting(() =>
        {
            Disturb(context.Response, fault);
            entry.Answered(context.Response.StatusCode);
            return Task.CompletedTask;
        });
        try
        {
            if (fault is { StatusCode: null, CutAfter: 0, CutWithReset: true } or { StallAfter: 0 })
                await body.StopHereAsync();
            if (fault is { DropsRange: true })
                context.Request.Headers.Remove("Range");
            if (chain is { Hops: > 0 } left)
                context.Response.Redirect(HubRedirectChain.Next(hub, rawPath, left.Hops, left.OverHosts));
            else
                await AnswerAsync(context, route, request, rawPath, target, fault);
        }
        catch (HubCutException)
        {
            // The headers go out even where no byte of body does.
            if (!context.RequestAborted.IsCancellationRequested)
                await context.Response.StartAsync();
            // A body without a length would end in good order: only a broken connection shows that it's cut.
            if (context.Response.ContentLength is null && !context.RequestAborted.IsCancellationRequested)
            {
                await Task.Delay(50);
                context.Abort();
            }
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client went away.
        }
    }

    private HubRequest Describe(HttpContext context, string target, string rawPath, HubRoute route)
    {
        var headers = context.Request.Headers;
        var request = new HubRequest
        {
            Kind = route.Kind,
            Method = context.Request.Method,
            Target = target,
            Range = headers.Range.Count > 0 ? headers.Range.ToString() : null,
            IfNoneMatch = headers.IfNoneMatch.Count > 0 ? headers.IfNoneMatch.ToString() : null,
            UserAgent = headers.UserAgent.Count > 0 ? headers.UserAgent.ToString() : null,
            HasAuthorization = headers.Authorization.Count > 0,
            Token = HubAccess.TokenIn(headers),
            Repository = route.Repository,
            Action = route.Action,
            Revision = route.Revision,
            Path = route.Path,
        };
        return route.Kind == HubRequestKind.Cdn ? hub.Cdn.Describe(request, rawPath) : request;
    }

    private Task AnswerAsync(HttpContext context, HubRoute route, HubRequest request, string rawPath, string target, HubFault? fault)
    {
        var token = request.Token is { } text && route.Kind != HubRequestKind.Cdn ? hub.FindToken(text) : null;
        var exchange = new HubExchange(hub, context, route, token) { Fault = fault };
        context.Response.Headers["X-Request-Id"] = "Root=1-loopback-" + Interlocked.Increment(ref served).ToString("x8", CultureInfo.InvariantCulture);
        if (fault?.StatusCode is { } status)
            return FaultyAsync(exchange, status, target, fault);
        if (route.Kind == HubRequestKind.Cdn)
            return hub.Cdn.AnswerAsync(exchange, rawPath);
        if (!Admit(exchange))
            return exchange.FailAsync(new HubError(StatusCodes.Status429TooManyRequests, null, "Too Many Requests"));
        if (request.HasAuthorization && token is null)
            return exchange.FailAsync(HubError.InvalidCredentials);
        if (route.Action == "whoami-v2")
            return HubAccount.WhoAmIAsync(exchange);
        if (route.Repository is null)
            return exchange.FailAsync(HubError.PageNotFound);
        var repository = hub.Find(route.RepositoryKind, route.Repository);
        if (repository is null || !HubAccess.MayView(repository, token))
            return exchange.FailAsync(token is null ? HubError.LoginRequired : HubError.RepositoryNotFound);
        if (repository.IsDisabled)
            return exchange.FailAsync(HubError.Disabled);
        return repository.Id == route.Repository
            ? AnswerAsync(exchange, repository)
            : exchange.RedirectAsync(StatusCodes.Status307TemporaryRedirect, route.WithRepository(rawPath, repository.Id) + context.Request.QueryString.Value);
    }

    private static Task AnswerAsync(HubExchange exchange, HubRepository repository)
    {
        var route = exchange.Route;
        var downloads = route.Kind is HubRequestKind.Resolve or HubRequestKind.ResolveCache or HubRequestKind.Raw || route.Action is "auth-check" or "xet-read-token";
        if (downloads && HubAccess.ToDownload(repository, exchange.Token, exchange.PageOf(repository)) is { } refused)
            return exchange.FailAsync(refused);
        switch (route.Action)
        {
            case "" or "revision":
                return HubRepositoryPage.AnswerAsync(exchange, repository);
            case "refs":
                return HubListings.RefsAsync(exchange, repository);
            case "auth-check":
                return exchange.SendTextAsync("OK", "text/plain; charset=utf-8");
            case "xet-read-token":
                return HubAccount.XetReadTokenAsync(exchange);
        }

        if (repository.Resolve(route.Revision) is not { } commit)
            return exchange.FailAsync(HubError.RevisionNotFound(route.Revision));
        return route.Action switch
        {
            "tree" => HubListings.TreeAsync(exchange, repository, commit),
            "paths-info" => HubListings.PathsInfoAsync(exchange, repository, commit),
            "commits" => HubListings.CommitsAsync(exchange, commit),
            "treesize" => HubListings.TreeSizeAsync(exchange, commit),
            "resolve" => HubDownloads.ResolveAsync(exchange, repository, commit),
            "resolve-cache" => HubDownloads.ResolveCacheAsync(exchange, repository, commit),
            "raw" => HubDownloads.RawAsync(exchange, commit),
            _ => exchange.FailAsync(HubError.PageNotFound),
        };
    }

    private bool Admit(HubExchange exchange)
    {
        var (bucket, quota, left) = hub.RateLimits.Count(exchange.Route.Kind, exchange.Token);
        var headers = exchange.Response.Headers;
        headers["RateLimit"] = $"\"{bucket}\";r={Math.Max(0, left)};t={hub.RateLimits.SecondsLeft}";
        headers["RateLimit-Policy"] = $"\"fixed window\";\"{bucket}\";q={quota};w=300";
        if (left < 0 && hub.RateLimits.SendsRetryAfter)
            headers.RetryAfter = hub.RateLimits.SecondsLeft.ToString(CultureInfo.InvariantCulture);
        return left >= 0;
    }

    private static Task FaultyAsync(HubExchange exchange, int status, string target, HubFault fault)
    {
        exchange.Response.StatusCode = status;
        if (fault.RedirectsToItself)
            exchange.Response.Headers.Location = target;
        return exchange.SendTextAsync(fault.Body ?? "", "text/plain; charset=utf-8");
    }

    /// <summary>Puts wrong headers in the place of right ones, just before they are sent.</summary>
    private static void Disturb(HttpResponse response, HubFault? fault)
    {
        if (fault is null)
            return;
        if (fault.StatedLength is { } stated)
            response.ContentLength = stated;
        if (fault.LengthOff is { } off && response.ContentLength is { } length)
            response.ContentLength = Math.Max(0, length + off);
        foreach (var (name, value) in fault.Headers)
        {
            response.Headers.Remove(name);
            if (value is not null)
                response.Headers[name] = value;
        }

        foreach (var (name, value) in fault.SecondHeaders)
            response.Headers.Append(name, value);
    }
}

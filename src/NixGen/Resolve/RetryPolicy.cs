using NixGen.Sources;
using Polly;
using Polly.Retry;

namespace NixGen.Resolve;

/// <summary>Repeats what may go better the next time: answers 408, 429 and 5xx, and connections that fail. A pause that the server asks for is kept to.</summary>
internal sealed class RetryPolicy
{
    private static readonly ResiliencePropertyKey<Action<string>> _waiting = new("waiting");
    private readonly ResiliencePipeline<HashedContent> _pipeline;

    /// <summary>Sets up by the limits given.</summary>
    public RetryPolicy(UpstreamOptions options)
    {
        var builder = new ResiliencePipelineBuilder<HashedContent> { TimeProvider = options.Time };
        _pipeline = options.MaxRetries == 0
            ? builder.Build()
            : builder.AddRetry(new RetryStrategyOptions<HashedContent>
            {
                MaxRetryAttempts = options.MaxRetries,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = options.BaseDelay,
                ShouldHandle = arguments => ValueTask.FromResult(MayGoBetter(arguments.Outcome, options)),
                DelayGenerator = arguments => ValueTask.FromResult(Asked(arguments.Outcome)),
                OnRetry = arguments =>
                {
                    if (arguments.Context.Properties.TryGetValue(_waiting, out var tell))
                    {
                        tell(Describe(arguments));
                    }

                    return ValueTask.CompletedTask;
                },
            }).Build();
    }

    /// <summary>Runs an attempt, again if need be.</summary>
    /// <param name="attempt">What to do.</param>
    /// <param name="waiting">Told before every pause, in words.</param>
    /// <param name="cancellationToken">Ends attempts and pauses.</param>
    public async Task<HashedContent> RunAsync(
        Func<CancellationToken, Task<HashedContent>> attempt, Action<string> waiting, CancellationToken cancellationToken)
    {
        var context = ResilienceContextPool.Shared.Get(cancellationToken);
        context.Properties.Set(_waiting, waiting);
        try
        {
            return await _pipeline.ExecuteAsync(
                static async (run, state) => await state(run.CancellationToken), context, attempt);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private static bool MayGoBetter(Outcome<HashedContent> outcome, UpstreamOptions options) =>
        outcome.Exception is UpstreamException exception
            ? exception.Failure is UpstreamFailure.Unreachable or UpstreamFailure.Timeout or UpstreamFailure.Broken or UpstreamFailure.WrongLength
            : outcome.Result?.Response.Status is 408 or 429 or 500 or 502 or 503 or 504 && !(Asked(outcome) > options.MaxDelay);

    private static TimeSpan? Asked(Outcome<HashedContent> outcome) =>
        outcome.Result is { } content ? RateLimit.Of(content.Response) : null;

    private static string Describe(OnRetryArguments<HashedContent> arguments)
    {
        var why = arguments.Outcome.Result is { } content
            ? content.Response.Status == 429 ? "the rate limit is used up" : $"the server answered {content.Response.Status}"
            : "the connection failed";
        return $"{why}; trying again in {Math.Ceiling(arguments.RetryDelay.TotalSeconds):0} s";
    }
}

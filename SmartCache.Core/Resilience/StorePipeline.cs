using Polly;
using Polly.Retry;
using SmartCache.Storage;

namespace SmartCache.Resilience;

/// <summary>Tries a store operation again when the database says, or the connection shows, that it may work the next time.</summary>
internal static class StorePipeline
{
    private const int Retries = 4;
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(1);

    /// <remarks>
    /// Every operation may be repeated though it took effect and only its answer was lost: stores are guarded by the
    /// version they write over and know their own stamp again; the others do the same thing twice.
    /// </remarks>
    public static ResiliencePipeline Create(SmartCacheOptions options, SqlDialect dialect)
    {
        var builder = new ResiliencePipelineBuilder();
        if (options.Resilience is { } configure)
        {
            configure(builder);
        }
        else
        {
            builder.AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = arguments => ValueTask.FromResult(arguments.Outcome.Exception is { } exception && dialect.IsTransient(exception)),
                MaxRetryAttempts = Retries,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = FirstDelay,
                MaxDelay = LongestDelay,
            });
        }

        return builder.Build();
    }

    /// <summary>Runs a work through the pipeline; synchronously on the caller's thread if asked to.</summary>
    public static async ValueTask<TResult> RunAsync<TResult>(
        this ResiliencePipeline pipeline, ConnectionSource connections, StoreWork<TResult> work, bool async, CancellationToken cancellationToken) =>
        async
            ? await pipeline.ExecuteAsync(
                static (state, token) => state.connections.RunAsync(state.work, async: true, token),
                (connections, work),
                cancellationToken).ConfigureAwait(false)
            : pipeline.Execute(
                static (state, token) => state.connections.RunAsync(state.work, async: false, token).TakeResult(),
                (connections, work),
                cancellationToken);
}

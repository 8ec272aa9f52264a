using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using Polly;
using Polly.Retry;
using SmartCache.Storage;

namespace SmartCache.Resilience;

/// <summary>Tries a store operation again when the database says, or the connection shows, that it may work the next time.</summary>
/// <remarks>
/// Every operation may be repeated though it took effect and only its answer was lost: stores are guarded by the
/// version they write over and know their own stamp again; the others do the same thing twice.
/// </remarks>
internal sealed class StorePipeline
{
    private const int Retries = 4;
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(1);

    private readonly ResiliencePipeline _pipeline;
    private readonly SqlDialect _dialect;
    private readonly bool _isOwn;

    public StorePipeline(SmartCacheOptions options, SqlDialect dialect)
    {
        var builder = new ResiliencePipelineBuilder();
        (options.Resilience ?? RetryTransientFaults)(builder);
        _pipeline = builder.Build();
        _dialect = dialect;
        _isOwn = options.Resilience is null;
    }

    /// <summary>Runs a work through the pipeline; synchronously on the caller's thread if asked to.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<TResult> RunAsync<TResult>(ConnectionSource connections, StoreWork<TResult> work, bool async, CancellationToken cancellationToken)
    {
        ExceptionDispatchInfo? failure = null;
        if (_isOwn)
        {
            // Our own pipeline does nothing but retry: the first try can do without it. The app's own sees every one.
            try
            {
                return await connections.RunAsync(work, async, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception exception) when (_dialect.IsTransient(exception))
            {
                failure = ExceptionDispatchInfo.Capture(exception);
            }
        }

        var attempt = new Attempt<TResult>(connections, work) { FirstFailure = failure };
        return async
            ? await _pipeline.ExecuteAsync(static (attempt, token) => attempt.RunAsync(async: true, token), attempt, cancellationToken).ConfigureAwait(false)
            : _pipeline.Execute(static (attempt, token) => attempt.RunAsync(async: false, token).TakeResult(), attempt, cancellationToken);
    }

    private void RetryTransientFaults(ResiliencePipelineBuilder builder) => builder.AddRetry(new RetryStrategyOptions
    {
        ShouldHandle = arguments => ValueTask.FromResult(arguments.Outcome.Exception is { } exception && _dialect.IsTransient(exception)),
        MaxRetryAttempts = Retries,
        BackoffType = DelayBackoffType.Exponential,
        UseJitter = true,
        Delay = FirstDelay,
        MaxDelay = LongestDelay,
    });
}

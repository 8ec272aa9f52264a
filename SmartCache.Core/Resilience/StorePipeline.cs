using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using Polly;
using Polly.CircuitBreaker;
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
    private static readonly ResiliencePropertyKey<long> BegunAt = new("SmartCache.BegunAt");

    private readonly SmartCacheOptions _options;
    private readonly ResiliencePipeline _pipeline;
    private readonly SqlDialect _dialect;
    private readonly TimeProvider _time;
    private readonly bool _onlyRetries;

    public StorePipeline(SmartCacheOptions options, SqlDialect dialect, TimeProvider time)
    {
        (_options, _dialect, _time) = (options, dialect, time);
        _onlyRetries = options is { Resilience: null, CircuitBreakDuration: null };
        var builder = new ResiliencePipelineBuilder();
        (options.Resilience ?? AddOwn)(builder);
        _pipeline = builder.Build();
    }

    /// <summary>Runs a work through the pipeline; synchronously on the caller's thread if asked to.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<TResult> RunAsync<TResult>(ConnectionSource connections, StoreWork<TResult> work, bool async, CancellationToken cancellationToken)
    {
        var begunAt = _time.GetTimestamp();
        ExceptionDispatchInfo? failure = null;
        if (_onlyRetries)
        {
            // The first try can do without a pipeline that does nothing but retry. A breaker, and the app's own, see every one.
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
        var context = ResilienceContextPool.Shared.Get(continueOnCapturedContext: false, cancellationToken);
        context.Properties.Set(BegunAt, begunAt);
        try
        {
            return async
                ? await _pipeline.ExecuteAsync(
                    static (context, attempt) => attempt.RunAsync(async: true, context.CancellationToken), context, attempt).ConfigureAwait(false)
                : _pipeline.Execute(static (context, attempt) => attempt.RunAsync(async: false, context.CancellationToken).TakeResult(), context, attempt);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private void AddOwn(ResiliencePipelineBuilder builder)
    {
        builder.AddRetry(new RetryStrategyOptions
        {
            ShouldHandle = arguments => ValueTask.FromResult(IsTransient(arguments.Outcome.Exception) && HasTime(arguments.Context)),
            MaxRetryAttempts = Retries,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Delay = FirstDelay,
            MaxDelay = LongestDelay,
        });
        if (_options.CircuitBreakDuration is { } duration)
        {
            // Inside of the retries: what a breaker refuses is not tried again.
            builder.AddCircuitBreaker(new CircuitBreakerStrategyOptions
            {
                ShouldHandle = arguments => ValueTask.FromResult(IsTransient(arguments.Outcome.Exception) && !_dialect.IsConflict(arguments.Outcome.Exception!)),
                BreakDuration = duration,
                FailureRatio = 0.5,
                MinimumThroughput = 10,
                SamplingDuration = TimeSpan.FromSeconds(10),
            });
        }
    }

    private bool IsTransient(Exception? exception) => exception is not null && _dialect.IsTransient(exception);

    private bool HasTime(ResilienceContext context) =>
        _time.GetElapsedTime(context.Properties.GetValue(BegunAt, 0)) < _options.MaxRetryDuration;
}

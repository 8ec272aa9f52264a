using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;

namespace SmartCache.Connections;

/// <summary>Repeats a work if the database says, or the connection shows, that it may succeed the next time.</summary>
/// <remarks>
/// Every work may be repeated although it took effect and only its answer was lost: a guarded write recognises its own version
/// in the row, and all others have the same effect twice.
/// </remarks>
internal sealed class Retries
{
    private const int MaxRetries = 4;
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(1);
    private static readonly ResiliencePropertyKey<long> BegunAt = new("SmartCache.BegunAt");

    private readonly ConnectionSource _connections;
    private readonly ResiliencePipeline _pipeline;
    private readonly Func<Exception, bool> _isTransient;
    private readonly TimeProvider _time;
    private readonly bool _onlyRetries;

    /// <param name="isTransient">Whether a fault may pass.</param>
    /// <param name="isConflict">Whether a transient fault says nothing about the database's health.</param>
    public Retries(
        ConnectionSource connections, SmartCacheOptions options, Func<Exception, bool> isTransient, Func<Exception, bool> isConflict, TimeProvider time)
    {
        (_connections, _isTransient, _time) = (connections, isTransient, time);
        _onlyRetries = options is { Resilience: null, CircuitBreakDuration: null };
        var builder = new ResiliencePipelineBuilder();
        if (options.Resilience is { } custom)
            custom(builder);
        else
            AddDefault(builder, options, isConflict);

        _pipeline = builder.Build();
    }

    public ValueTask<TResult> RunAsync<TResult>(Func<StoreConnection, ValueTask<TResult>> work, bool writes, bool async, CancellationToken token) =>
        RunAsync(work, first: null, writes, async, token);

    /// <param name="work">What to do on a connection.</param>
    /// <param name="first">The first try, if that is not to be the work on a connection of its own.</param>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<TResult> RunAsync<TResult>(
        Func<StoreConnection, ValueTask<TResult>> work, Func<ValueTask<TResult>>? first, bool writes, bool async, CancellationToken token)
    {
        var begunAt = _time.GetTimestamp();
        ExceptionDispatchInfo? failure = null;
        if (_onlyRetries)
        {
            // The first try needs no pipeline that only retries. A circuit breaker and the app's own pipeline see every try.
            try
            {
                return first is null
                    ? await _connections.RunAsync(work, writes, async, token).ConfigureAwait(false)
                    : await first().ConfigureAwait(false);
            }
            catch (Exception exception) when (_isTransient(exception))
            {
                failure = ExceptionDispatchInfo.Capture(exception);
                first = null;
            }
        }

        return await RetryAsync(work, first, writes, failure, begunAt, async, token).ConfigureAwait(false);
    }

    private async ValueTask<TResult> RetryAsync<TResult>(
        Func<StoreConnection, ValueTask<TResult>> work, Func<ValueTask<TResult>>? first, bool writes, ExceptionDispatchInfo? failure, long begunAt, bool async,
        CancellationToken token)
    {
        Func<CancellationToken, ValueTask<TResult>> tryAsync = token =>
        {
            // The pipeline is shown the failure of the first try in place of a try of its own.
            Interlocked.Exchange(ref failure, null)?.Throw();
            return Interlocked.Exchange(ref first, null) is { } tryFirst ? tryFirst() : _connections.RunAsync(work, writes, async, token);
        };
        var context = ResilienceContextPool.Shared.Get(continueOnCapturedContext: false, token);
        context.Properties.Set(BegunAt, begunAt);
        try
        {
            return async
                ? await _pipeline.ExecuteAsync(static (context, tryAsync) => tryAsync(context.CancellationToken), context, tryAsync).ConfigureAwait(false)
                : _pipeline.Execute(static (context, tryAsync) => tryAsync(context.CancellationToken).TakeResult(), context, tryAsync);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private void AddDefault(ResiliencePipelineBuilder builder, SmartCacheOptions options, Func<Exception, bool> isConflict)
    {
        builder.AddRetry(new RetryStrategyOptions
        {
            ShouldHandle = arguments => ValueTask.FromResult(
                IsTransient(arguments.Outcome.Exception)
                && _time.GetElapsedTime(arguments.Context.Properties.GetValue(BegunAt, 0)) < options.MaxRetryDuration),
            MaxRetryAttempts = MaxRetries,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Delay = FirstDelay,
            MaxDelay = LongestDelay,
        });
        if (options.CircuitBreakDuration is { } duration)
        {
            // Inside the retries: what an open circuit refuses is not tried again.
            builder.AddCircuitBreaker(new CircuitBreakerStrategyOptions
            {
                ShouldHandle = arguments => ValueTask.FromResult(IsTransient(arguments.Outcome.Exception) && !isConflict(arguments.Outcome.Exception!)),
                BreakDuration = duration,
                FailureRatio = 0.5,
                MinimumThroughput = 10,
                SamplingDuration = TimeSpan.FromSeconds(10),
            });
        }
    }

    private bool IsTransient(Exception? exception) => exception is not null && _isTransient(exception);
}

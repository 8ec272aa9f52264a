using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using SmartCache.Diagnostics;

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

    private readonly ObservedConnections _connections;
    private readonly ResiliencePipeline _pipeline;
    private readonly Func<Exception, bool> _isTransient;
    private readonly Func<Exception, bool> _isConflict;
    private readonly TimeProvider _time;
    private readonly CacheMetrics _metrics;
    private readonly ILogger _logger;
    private readonly bool _onlyRetries;

    /// <param name="isTransient">Whether a fault may pass.</param>
    /// <param name="isConflict">Whether a transient fault says nothing about the database's health.</param>
    public Retries(
        ObservedConnections connections, SmartCacheOptions options, Func<Exception, bool> isTransient, Func<Exception, bool> isConflict, TimeProvider time,
        CacheMetrics metrics, ILogger logger)
    {
        (_connections, _isTransient, _isConflict, _time, _metrics, _logger) = (connections, isTransient, isConflict, time, metrics, logger);
        _onlyRetries = options is { Resilience: null, CircuitBreakDuration: null };
        var builder = new ResiliencePipelineBuilder();
        if (options.Resilience is { } custom)
            custom(builder);
        else
            AddDefault(builder, options);

        _pipeline = builder.Build();
    }

    public ValueTask<TResult> RunAsync<TResult>(Func<StoreConnection, ValueTask<TResult>> work, DatabaseOperation operation, bool async, CancellationToken token) =>
        RunAsync(work, first: null, operation, async, token);

    /// <param name="work">What to do on a connection.</param>
    /// <param name="first">The first try, if that is not to be the work on a connection of its own.</param>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<TResult> RunAsync<TResult>(
        Func<StoreConnection, ValueTask<TResult>> work, Func<ValueTask<TResult>>? first, DatabaseOperation operation, bool async, CancellationToken token)
    {
        var begunAt = _time.GetTimestamp();
        ExceptionDispatchInfo? failure = null;
        if (_onlyRetries)
        {
            // The first try needs no pipeline that only retries. A circuit breaker and the app's own pipeline see every try.
            try
            {
                return first is null
                    ? await _connections.RunAsync(work, operation, async, token).ConfigureAwait(false)
                    : await first().ConfigureAwait(false);
            }
            catch (Exception exception) when (_isTransient(exception))
            {
                failure = ExceptionDispatchInfo.Capture(exception);
                first = null;
            }
        }

        return await RetryAsync(work, first, operation, failure, begunAt, async, token).ConfigureAwait(false);
    }

    private async ValueTask<TResult> RetryAsync<TResult>(
        Func<StoreConnection, ValueTask<TResult>> work, Func<ValueTask<TResult>>? first, DatabaseOperation operation, ExceptionDispatchInfo? failure, long begunAt,
        bool async, CancellationToken token)
    {
        var tries = failure is null ? 0 : 1;
        var last = failure?.SourceException;
        Func<CancellationToken, ValueTask<TResult>> tryAsync = TryAsync;
        var context = ResilienceContextPool.Shared.Get(continueOnCapturedContext: false, token);
        context.Properties.Set(BegunAt, begunAt);
        try
        {
            return async
                ? await _pipeline.ExecuteAsync(static (context, tryAsync) => tryAsync(context.CancellationToken), context, tryAsync).ConfigureAwait(false)
                : _pipeline.Execute(static (context, tryAsync) => tryAsync(context.CancellationToken).TakeResult(), context, tryAsync);
        }
        catch (Exception exception) when (tries > 1 && exception is not OperationCanceledException)
        {
            _logger.RetriesFailed(exception, operation.Name, tries);
            throw;
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }

        async ValueTask<TResult> TryAsync(CancellationToken token)
        {
            // The pipeline is shown the failure of the first try in place of a try of its own.
            Interlocked.Exchange(ref failure, null)?.Throw();
            if (tries++ > 0)
            {
                _metrics.Retried(operation.Name, _isConflict(last!), last!);
                _logger.Retrying(last!, operation.Name, tries);
            }

            try
            {
                return Interlocked.Exchange(ref first, null) is { } tryFirst
                    ? await tryFirst().ConfigureAwait(false)
                    : await _connections.RunAsync(work, operation, async, token).ConfigureAwait(false);
            }
            catch (Exception exception)
            {
                last = exception;
                throw;
            }
        }
    }

    private void AddDefault(ResiliencePipelineBuilder builder, SmartCacheOptions options)
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
            var circuit = new CircuitBreakerStateProvider();
            _metrics.ObserveCircuit(() => circuit.CircuitState switch
            {
                CircuitState.Closed => "closed",
                CircuitState.HalfOpen => "half_open",
                _ => "open",
            });

            // Inside the retries: what an open circuit refuses is not tried again.
            builder.AddCircuitBreaker(new CircuitBreakerStrategyOptions
            {
                ShouldHandle = arguments => ValueTask.FromResult(IsTransient(arguments.Outcome.Exception) && !_isConflict(arguments.Outcome.Exception!)),
                BreakDuration = duration,
                FailureRatio = 0.5,
                MinimumThroughput = 10,
                SamplingDuration = TimeSpan.FromSeconds(10),
                StateProvider = circuit,
                OnOpened = arguments =>
                {
                    _logger.CircuitOpened(arguments.Outcome.Exception!, arguments.BreakDuration);
                    return default;
                },
                OnClosed = _ =>
                {
                    _logger.CircuitClosed();
                    return default;
                },
            });
        }
    }

    private bool IsTransient(Exception? exception) => exception is not null && _isTransient(exception);
}

using Microsoft.Extensions.Logging.Abstractions;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using SmartCache.Connections;
using SmartCache.Diagnostics;

namespace SmartCache.Core.Tests.Connections;

/// <summary>What is tried again, for how long, and when nothing is tried any more.</summary>
public sealed class RetriesTests
{
    private readonly CountingSource _connections = new();
    private readonly SteppedTime _time = new();
    private readonly CacheMetrics _metrics = new(factory: null, cache: null, "other_sql", "smart_cache");
    private readonly TestOptions _options = new() { Dialect = new FaultDialect() };

    [TearDown]
    public void EndConnections() => _connections.Dispose();

    [Test]
    public async Task A_transient_fault_is_tried_again_until_it_passes([Values] bool async)
    {
        _connections.Failures = 3;

        Assert.That(await RunAsync(async), Is.EqualTo(42));
        Assert.That(_connections.Tries, Is.EqualTo(4));
    }

    [Test]
    public void A_fault_that_does_not_pass_reaches_the_caller_after_four_retries([Values] bool async)
    {
        _connections.Failures = int.MaxValue;

        Assert.That(() => RunAsync(async), Throws.TypeOf<TransientException>());
        Assert.That(_connections.Tries, Is.EqualTo(5));
    }

    [Test]
    public void Another_fault_is_not_tried_again([Values] bool async)
    {
        (_connections.Failures, _connections.Fault) = (1, new InvalidOperationException("No such table."));

        Assert.That(() => RunAsync(async), Throws.InvalidOperationException);
        Assert.That(_connections.Tries, Is.EqualTo(1));
    }

    [TestCase(10, 3)]
    [TestCase(0, 1)]
    public void Once_the_time_is_over_nothing_is_tried_again(int seconds, int tries)
    {
        foreach (var async in new[] { false, true })
        {
            var before = _connections.Tries;
            _options.MaxRetryDuration = TimeSpan.FromSeconds(seconds);
            _connections.Failures = int.MaxValue;
            _connections.BeforeEach = () => _time.Advance(TimeSpan.FromSeconds(4));

            Assert.That(() => RunAsync(async), Throws.TypeOf<TransientException>());
            Assert.That(_connections.Tries - before, Is.EqualTo(tries));
        }
    }

    [TestCase(-3_600)]
    [TestCase(3_600)]
    public void A_wall_clock_that_is_set_meanwhile_changes_nothing(int seconds)
    {
        _connections.Failures = int.MaxValue;
        _connections.BeforeEach = () => _time.Step(TimeSpan.FromSeconds(seconds));

        Assert.That(() => RunAsync(async: true), Throws.TypeOf<TransientException>());
        Assert.That(_connections.Tries, Is.EqualTo(5));
    }

    [Test]
    public void A_cancelled_caller_does_not_wait_for_the_next_try()
    {
        _connections.Failures = int.MaxValue;
        using var cancellation = new CancellationTokenSource();
        _connections.BeforeEach = cancellation.Cancel;

        Assert.That(() => RunAsync(async: true, cancellation.Token), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(_connections.Tries, Is.EqualTo(1));
    }

    [Test]
    public void A_breaker_lets_nothing_through_to_a_database_that_is_down_until_it_is_back([Values] bool async)
    {
        _options.CircuitBreakDuration = TimeSpan.FromMilliseconds(500);
        _options.MaxRetryDuration = TimeSpan.Zero;
        var retries = NewRetries();
        _connections.Failures = int.MaxValue;
        for (var i = 0; i < 10; i++)
            Assert.That(() => RunAsync(retries, async), Throws.TypeOf<TransientException>());

        Assert.That(() => RunAsync(retries, async), Throws.TypeOf<BrokenCircuitException>());
        Assert.That(_connections.Tries, Is.EqualTo(10));

        // The breaker goes by the system's clock.
        _connections.Failures = 0;
        Assert.That(() => ResultOrZero(retries, async), Is.EqualTo(42).After(10).Seconds.PollEvery(20).MilliSeconds);
        Assert.That(_connections.Tries, Is.EqualTo(11));
    }

    [Test]
    public void Conflicts_do_not_trip_the_breaker()
    {
        _options.CircuitBreakDuration = TimeSpan.FromMinutes(1);
        _options.MaxRetryDuration = TimeSpan.Zero;
        var retries = NewRetries();
        (_connections.Failures, _connections.Fault) = (30, new TransientException("deadlock"));
        for (var i = 0; i < 30; i++)
            Assert.That(() => RunAsync(retries, async: true), Throws.TypeOf<TransientException>());

        Assert.That(_connections.Tries, Is.EqualTo(30));
    }

    [Test]
    public async Task The_apps_own_pipeline_sees_every_try([Values] bool async)
    {
        var seen = 0;
        _options.Resilience = builder => builder.AddRetry(new RetryStrategyOptions
        {
            ShouldHandle = new PredicateBuilder().Handle<TransientException>(),
            Delay = TimeSpan.Zero,
            OnRetry = _ =>
            {
                seen++;
                return default;
            },
        });
        _connections.Failures = 2;

        Assert.That(await RunAsync(async), Is.EqualTo(42));
        Assert.That(seen, Is.EqualTo(2));
    }

    private int ResultOrZero(Retries retries, bool async)
    {
        try
        {
            return RunAsync(retries, async).AsTask().GetAwaiter().GetResult();
        }
        catch (BrokenCircuitException)
        {
            return 0;
        }
    }

    private ValueTask<int> RunAsync(bool async, CancellationToken cancellationToken = default) =>
        RunAsync(NewRetries(), async, cancellationToken);

    private ValueTask<int> RunAsync(Retries retries, bool async, CancellationToken cancellationToken = default) =>
        retries.RunAsync(static _ => ValueTask.FromResult(42), DatabaseOperation.Write, async, cancellationToken);

    private Retries NewRetries() =>
        new(new ObservedConnections(_connections, _metrics), _options, _options.Dialect.IsTransient, _options.Dialect.IsConflict, _time, _metrics, NullLogger.Instance);

    private sealed class FaultDialect : TestDialect
    {
        public override bool IsTransient(Exception exception) => exception is TransientException;

        public override bool IsConflict(Exception exception) => exception.Message == "deadlock";
    }

    private sealed class TransientException(string message) : DbException(message);

    private sealed class CountingSource : ConnectionSource
    {
        public int Failures { get; set; }
        public Exception Fault { get; set; } = new TransientException("The server is gone.");
        public Action? BeforeEach { get; set; }
        public int Tries { get; private set; }
        public override int InUse => 0;

        public override ValueTask<TResult> RunAsync<TResult>(
            Func<StoreConnection, ValueTask<TResult>> work, bool writes, bool async, CancellationToken token)
        {
            BeforeEach?.Invoke();
            return ++Tries <= Failures ? throw Fault : work(null!);
        }

        public override void Dispose()
        {
        }

        public override ValueTask DisposeAsync() => default;
    }
}

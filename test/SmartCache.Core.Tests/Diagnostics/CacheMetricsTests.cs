using System.Diagnostics.Metrics;
using SmartCache.Connections;
using SmartCache.Diagnostics;
using SmartCache.Primitives;

namespace SmartCache.Core.Tests.Diagnostics;

/// <summary>Metrics cost nothing while nobody listens, and a cache that is disposed says nothing more.</summary>
public sealed class CacheMetricsTests
{
    private const int Many = 1_000;

    [Test]
    public async Task While_nobody_listens_nothing_is_allocated()
    {
        using var metrics = New();
        await using var source = new NoConnections();
        var connections = new ObservedConnections(source, metrics);
        var failure = new InvalidOperationException();
        Func<StoreConnection, ValueTask<int>> work = static _ => ValueTask.FromResult(42);
        Use();

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Many; i++)
            Use();

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);

        void Use()
        {
            _ = metrics.Begin("get");
            _ = connections.RunAsync(work, DatabaseOperation.Read, async: true, CancellationToken.None).TakeResult();
            metrics.Merged();
            metrics.InDoubt("written", 1);
            metrics.Payload(isWritten: true, 10);
            metrics.SharedStatement("read", 3);
            metrics.TouchesWritten(1);
            metrics.RowsSwept(1);
            metrics.Retried("read", isConflict: false, failure);
        }
    }

    [Test]
    public void An_operation_is_not_timed_while_nobody_listens()
    {
        using var metrics = New();
        Assert.That(metrics.Begin("get"), Is.Null);

        using var listener = Listen(static _ => { });
        Assert.That(metrics.Begin("get"), Is.Not.Null);
    }

    [Test]
    public void What_is_observed_ends_with_the_cache()
    {
        var seen = new List<string>();
        using var factory = new SharedMeter();
        using var listener = Listen(name =>
        {
            // Caches of other tests may still be there.
            if (name is "one" or "other")
                seen.Add(name);
        });
        var (one, other) = (New(factory, "one"), New(factory, "other"));
        one.ObserveWaitingTouches(static () => 1);
        other.ObserveWaitingTouches(static () => 2);
        listener.RecordObservableInstruments();
        Assert.That(seen, Is.EqualTo(new[] { "one", "other" }));

        seen.Clear();
        one.Dispose();
        listener.RecordObservableInstruments();
        Assert.That(seen, Is.EqualTo(new[] { "other" }));

        seen.Clear();
        other.Dispose();
        listener.RecordObservableInstruments();
        Assert.That(seen, Is.Empty);
    }

    private static CacheMetrics New(IMeterFactory? factory = null, string? name = null) => new(factory, name, "other_sql", "smart_cache");

    private static MeterListener Listen(Action<string> see)
    {
        var listener = new MeterListener
        {
            InstrumentPublished = static (instrument, listener) =>
            {
                if (instrument.Meter.Name == CacheMetrics.Name)
                    listener.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<int>((_, _, tags, _) => see((string)tags[0].Value!));
        listener.Start();
        return listener;
    }

    /// <summary>As in a container: caches have one meter, which they do not dispose.</summary>
    private sealed class SharedMeter : IMeterFactory
    {
        private readonly Meter _meter = new(CacheMetrics.Name);

        public Meter Create(MeterOptions options) => _meter;

        public void Dispose() => _meter.Dispose();
    }

    private sealed class NoConnections : ConnectionSource
    {
        public override int InUse => 0;

        public override ValueTask<TResult> RunAsync<TResult>(
            Func<StoreConnection, ValueTask<TResult>> work, bool writes, bool async, CancellationToken token) => work(null!);

        public override void Dispose()
        {
        }

        public override ValueTask DisposeAsync() => default;
    }
}

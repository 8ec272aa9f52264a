using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SmartCache.Benchmarks.Requests;

namespace SmartCache.Benchmarks.Growth;

/// <summary>A node of its own that removes expired rows in the background, as an app's does, and soon.</summary>
internal sealed class Sweeper : IAsyncDisposable
{
    private readonly SweepWatch _watch = new();
    private readonly ServiceProvider _services;
    private readonly long _begun = Stopwatch.GetTimestamp();

    public Sweeper(GrowthDatabase database)
    {
        // The shortest interval there is: the first pass begins after half a second to a second, which counts with it.
        _services = database.Engine.BuildSmartCache(options => options.ExpiredRemovalInterval = TimeSpan.FromSeconds(1), _watch);
        _services.GetRequiredService<SmartDistributedCache>();
    }

    public bool IsDone => _watch.FirstPass.IsCompleted;

    public async Task<(long Removed, TimeSpan Took)> PassAsync(CancellationToken cancellationToken)
    {
        var (removed, endedAt) = await _watch.FirstPass.WaitAsync(cancellationToken);
        return (removed, Stopwatch.GetElapsedTime(_begun, endedAt));
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}

/// <summary>Learns from SmartCache's log that a pass in the background is over.</summary>
internal sealed class SweepWatch : ILoggerProvider, ILogger
{
    private const string Done = "SweepDone";

    private readonly TaskCompletionSource<(long Removed, long EndedAt)> _pass = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>How many rows the first pass has removed, and when by the stopwatch it was over.</summary>
    public Task<(long Removed, long EndedAt)> FirstPass => _pass.Task;

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (eventId.Name == Done && state is IEnumerable<KeyValuePair<string, object?>> values)
        {
            _pass.TrySetResult(((long)values.First(value => value.Key == "Count").Value!, Stopwatch.GetTimestamp()));
        }
    }

    public void Dispose()
    {
    }
}

/// <summary>Traffic that reads for a while, changes for a while, and so on.</summary>
internal sealed class Slices(Contender contender, Population population, int concurrency, TimeSpan slice)
{
    private readonly Crowd[] _crowds =
        [.. new[] { RequestKind.Read, RequestKind.Changed }.Select(kind => new Crowd(contender, population, new Ledger(population.Keys.Count), kind, concurrency))];

    private readonly RequestKind[] _kinds = [RequestKind.Read, RequestKind.Changed];

    /// <summary>Goes on until both have had their turn and nothing more is wanted.</summary>
    /// <exception cref="UnsoundException">A request failed.</exception>
    public async Task<IEnumerable<SweepTraffic>> RunAsync(string when, Func<bool> goesOn, CancellationToken cancellationToken)
    {
        var latencies = _kinds.Select(_ => new LatencyHistogram()).ToArray();
        var seconds = new double[_kinds.Length];
        do
        {
            for (var i = 0; i < _kinds.Length; i++)
            {
                var (some, took) = await _crowds[i].RunAsync(slice, isWarmUp: false, cancellationToken);
                latencies[i].Add(some);
                seconds[i] += took.TotalSeconds;
            }
        }
        while (goesOn());

        return _crowds.FirstOrDefault(crowd => crowd.Errors > 0) is { } failed
            ? throw new UnsoundException($"{failed.Errors} requests failed, the first with: {failed.FirstError}")
            : [.. _kinds.Select((kind, i) => new SweepTraffic(
                RequestKinds.NameOf(kind), when, latencies[i].Count / seconds[i], latencies[i].Percentile(0.5), latencies[i].Percentile(0.99), latencies[i].Count))];
    }
}

using System.Diagnostics;
using SmartCache.Benchmarks.Contenders;
using SmartCache.Benchmarks.Sessions;

namespace SmartCache.Benchmarks.Load;

/// <summary>So many requests at a time, one kind of them, for so long.</summary>
internal sealed class Crowd
{
    private readonly RequestKind _kind;
    private readonly ConflictGroup _conflict;
    private readonly bool _conflictsAtOnce;
    private readonly Visitor[] _visitors;
    private long _errors;
    private string? _firstError;

    public Crowd(Contender contender, Population population, Ledger ledger, RequestKind kind, int concurrency)
    {
        _kind = kind;
        _conflict = new ConflictGroup(contender, population, ledger);
        _conflictsAtOnce = concurrency > 1;

        // A conflict is eight requests at a time by itself.
        var visitors = kind == RequestKind.Conflict ? Math.Max(1, concurrency / ConflictGroup.Size) : concurrency;
        _visitors = [.. Enumerable.Range(0, visitors).Select(number => new Visitor(contender, population, ledger, number, visitors))];
    }

    /// <summary>Requests that failed, in all.</summary>
    public long Errors => Interlocked.Read(ref _errors);

    public string? FirstError => _firstError;

    /// <param name="duration">For how long requests are begun.</param>
    /// <param name="isWarmUp">Whether the sessions are visited in turn.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    public async Task<(LatencyHistogram Latencies, TimeSpan Duration)> RunAsync(TimeSpan duration, bool isWarmUp, CancellationToken cancellationToken)
    {
        foreach (var visitor in _visitors)
        {
            visitor.Reset();
            visitor.GoesRound = isWarmUp;
        }

        var begun = Stopwatch.GetTimestamp();
        var end = begun + (long)(duration.TotalSeconds * Stopwatch.Frequency);
        await Task.WhenAll(_visitors.Select(visitor => Task.Run(() => VisitAsync(visitor, end, cancellationToken), cancellationToken)));
        var elapsed = Stopwatch.GetElapsedTime(begun);

        var latencies = new LatencyHistogram();
        foreach (var visitor in _visitors)
        {
            latencies.Add(visitor.Latencies);
        }

        return (latencies, elapsed);
    }

    /// <summary>Reads every session once.</summary>
    public Task ReadAllAsync(CancellationToken cancellationToken) => Task.WhenAll(_visitors.Select(visitor => Task.Run(
        async () =>
        {
            visitor.GoesRound = true;
            for (var i = 0; i < visitor.Sessions; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                await visitor.VisitAsync(RequestKind.Read);
            }
        },
        cancellationToken)));

    private async Task VisitAsync(Visitor visitor, long end, CancellationToken cancellationToken)
    {
        while (Stopwatch.GetTimestamp() < end)
        {
            cancellationToken.ThrowIfCancellationRequested();

            // Each request is a work item of the thread pool, as under a server. Otherwise requests that wait for nothing
            // would keep the pool from background work, which then would not be measured with them.
            await Task.Yield();
            try
            {
                await (_kind == RequestKind.Conflict ? _conflict.RunAsync(visitor, _conflictsAtOnce) : visitor.VisitAsync(_kind));
            }
            catch (Exception exception)
            {
                Interlocked.Increment(ref _errors);
                Interlocked.CompareExchange(ref _firstError, exception.ToString(), null);
            }
        }
    }
}

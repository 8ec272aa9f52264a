using System.Diagnostics;

namespace SmartCache.Benchmarks.Requests;

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

/// <summary>Eight requests of one session: all load it, and only then each stores an entry of its own.</summary>
internal sealed class ConflictGroup(Contender contender, Population population, Ledger ledger)
{
    public const int Size = SamplePayload.StampedEntries;

    /// <param name="visitor">Whose session it is, and who records how long each request took, waiting for the others not counted.</param>
    /// <param name="atOnce">Whether the requests run side by side, or take turns.</param>
    public async Task RunAsync(Visitor visitor, bool atOnce)
    {
        var session = visitor.NextSession();
        var stamp = Ledger.NextStamp();
        var frames = new RequestFrame[Size];
        var loaded = new byte[Size][];
        var times = new long[Size];

        await EachAsync(async i =>
        {
            loaded[i] = await contender.LoadAsync(population.Keys[session], visitor.Token)
                ?? throw new InvalidOperationException("A session that was stored was not found.");
        });
        await EachAsync(async i =>
        {
            var mine = population.Payload.With(loaded[i], entry: i, stamp);
            frames[i].BeginCommit();
            await contender.StoreAsync(population.Keys[session], mine, isNew: false, visitor.Token);
        });

        ledger.Store(session, stamp);
        foreach (var time in times)
        {
            visitor.Latencies.Add(time);
        }

        async Task EachAsync(Func<int, Task> step)
        {
            if (atOnce)
            {
                await Task.WhenAll(Enumerable.Range(0, Size).Select(i => Task.Run(() => TimedAsync(i, step))));
                return;
            }

            for (var i = 0; i < Size; i++)
            {
                await TimedAsync(i, step);
            }
        }

        async Task TimedAsync(int i, Func<int, Task> step)
        {
            var begun = Stopwatch.GetTimestamp();
            (frames[i] ??= new RequestFrame()).Enter();
            try
            {
                await step(i);
            }
            finally
            {
                RequestFrame.Leave();
            }

            times[i] += Stopwatch.GetTimestamp() - begun;
        }
    }
}

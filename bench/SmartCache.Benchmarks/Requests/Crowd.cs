using System.Diagnostics;

namespace SmartCache.Benchmarks;

/// <summary>Sends requests of one kind, a number of them at the same time.</summary>
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

    /// <summary>Begins requests until the time is up. In a warm-up, the sessions are visited in turn.</summary>
    public async Task<(Latencies Latencies, TimeSpan Duration)> RunAsync(TimeSpan duration, bool isWarmUp, CancellationToken cancellationToken)
    {
        foreach (var visitor in _visitors)
        {
            visitor.Latencies.Reset();
            visitor.GoesRound = isWarmUp;
        }

        var begun = Stopwatch.GetTimestamp();
        var end = begun + (long)(duration.TotalSeconds * Stopwatch.Frequency);
        await Task.WhenAll(_visitors.Select(visitor => Task.Run(() => VisitAsync(visitor, end, cancellationToken), cancellationToken)));
        var elapsed = Stopwatch.GetElapsedTime(begun);

        var latencies = new Latencies();
        foreach (var visitor in _visitors)
            latencies.Add(visitor.Latencies);

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

/// <summary>Eight requests of one session: all load it, and only then each saves an entry of its own.</summary>
internal sealed class ConflictGroup(Contender contender, Population population, Ledger ledger)
{
    public const int Size = SamplePayload.NumberedEntries;

    /// <summary>Runs the requests side by side, or in turn. The time that a request waits for the others does not count.</summary>
    public async Task RunAsync(Visitor visitor, bool atOnce)
    {
        var session = visitor.NextSession();
        var number = Ledger.NextNumber();
        var frames = new RequestFrame[Size];
        var loaded = new byte[Size][];
        var times = new long[Size];

        await EachAsync(async i =>
        {
            loaded[i] = await contender.LoadAsync(population.Keys[session], visitor.Token)
                ?? throw new InvalidOperationException("A session that was saved was not found.");
        });
        await EachAsync(async i =>
        {
            var mine = population.Payload.With(loaded[i], entry: i, number);
            frames[i].BeginCommit();
            await contender.SaveAsync(population.Keys[session], mine, isNew: false, visitor.Token);
        });

        ledger.Save(session, number);
        foreach (var time in times)
            visitor.Latencies.RecordValue(time);

        async Task EachAsync(Func<int, Task> step)
        {
            if (atOnce)
            {
                await Task.WhenAll(Enumerable.Range(0, Size).Select(i => Task.Run(() => TimedAsync(i, step))));
                return;
            }

            for (var i = 0; i < Size; i++)
                await TimedAsync(i, step);
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

namespace SmartCache.Benchmarks;

/// <summary>Measures one contender in one cell: a fresh instance, warmed up. Its sessions are checked afterwards.</summary>
internal sealed class CellRunner(ContenderName contender, SessionStore store, Population population)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(100);

    public SessionStore Store => store;

    public async Task<Measurement> RunAsync(Cell cell, TimeSpan warmUp, TimeSpan duration, CancellationToken cancellationToken)
    {
        var freshened = await store.FreshenAsync(cancellationToken);
        var ledger = new Ledger(population.Keys.Count);
        Crowd crowd;
        Measurement measured;
        await using (var instance = store.Create())
        {
            crowd = new Crowd(instance, population, ledger, cell.Kind, cell.Concurrency);
            if (IsReadBefore(cell.Kind))
                await crowd.ReadAllAsync(cancellationToken);

            await crowd.RunAsync(warmUp, isWarmUp: true, cancellationToken);
            measured = await MeasureAsync(crowd, duration, cancellationToken);
        }

        measured["errors"] = crowd.Errors;
        var check = new SoundnessCheck(contender.Kind, store, population, ledger, cell);
        (measured["lost"], measured["touched"]) = await check.RunAsync(freshened, crowd.Errors, crowd.FirstError, cancellationToken);
        return measured;
    }

    /// <summary>
    /// SmartCache remembers the rhythm of rows that its node has read within a minute or so. In steady traffic those are
    /// all rows. Only untouched sessions are left unknown to it, which is the more expensive case. The others remember nothing.
    /// </summary>
    private bool IsReadBefore(RequestKind kind) =>
        contender.Kind == ContenderName.SmartCache && kind is RequestKind.Read or RequestKind.Unchanged or RequestKind.Changed or RequestKind.Mix;

    /// <summary>Background work in that time, such as the writing of touches, is measured too.</summary>
    private async Task<Measurement> MeasureAsync(Crowd crowd, TimeSpan duration, CancellationToken cancellationToken)
    {
        GC.Collect();
        var countsBefore = await store.CountsAsync(cancellationToken);
        var bytesBefore = GC.GetTotalAllocatedBytes(precise: true);
        var running = crowd.RunAsync(duration, isWarmUp: false, cancellationToken);
        long? connections = null;
        do
        {
            if (await store.CountConnectionsAsync(cancellationToken) is { } now)
                connections = Math.Max(connections ?? 0, now);
        }
        while (await Task.WhenAny(running, Task.Delay(LookEvery, cancellationToken)) != running);
        var (latencies, elapsed) = await running;
        var bytes = GC.GetTotalAllocatedBytes(precise: true) - bytesBefore;
        var counts = await store.CountsAsync(cancellationToken) - countsBefore;

        double requests = Math.Max(1, latencies.TotalCount);
        var measured = new Measurement
        {
            ["requests"] = latencies.TotalCount,
            ["requests/s"] = latencies.TotalCount / elapsed.TotalSeconds,
            ["p50 ms"] = latencies.Milliseconds(0.5),
            ["p99 ms"] = latencies.Milliseconds(0.99),
            ["longest ms"] = latencies.Milliseconds(1),
            ["connections"] = connections,
            ["allocated B"] = bytes / requests,
            ["statements"] = counts.Statements / requests,
            ["begin, commit"] = counts.TransactionControl / requests,
            ["pings"] = counts.Pings / requests,
            ["rows written"] = counts.RowsWritten / requests,
            ["log B"] = counts.LogBytes / requests,
        };
        foreach (var name in store.Uncounted)
            measured[name] = null;

        return measured;
    }
}

/// <summary>What a request allocates that asks its cache for nothing: part of everyone's figure.</summary>
internal static class FrameCost
{
    private const int Requests = 10_000;

    public static async Task<double> MeasureAsync()
    {
        await RunAsync();
        var before = GC.GetTotalAllocatedBytes(precise: true);
        await RunAsync();
        return (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)Requests;
    }

    private static async Task RunAsync()
    {
        for (var i = 0; i < Requests; i++)
            await RequestAsync();
    }

    private static Task RequestAsync()
    {
        var frame = new RequestFrame();
        frame.Enter();
        frame.BeginCommit();
        RequestFrame.Leave();
        return Task.CompletedTask;
    }
}

/// <summary>Looks in a contender's store for what it acknowledged in a cell.</summary>
internal sealed class SoundnessCheck(string contender, SessionStore store, Population population, Ledger ledger, Cell cell)
{
    private const int Sample = 100;

    /// <returns>The share of saves that are lost, and the share of sessions whose expiry has moved since they got their age.</returns>
    /// <exception cref="UnsoundException">The contender did not do its work.</exception>
    public async Task<(double? Lost, double? Touched)> RunAsync(long freshened, long errors, string? firstError, CancellationToken cancellationToken)
    {
        // Other people's caches may well time out or deadlock: that is counted.
        if (errors > 0 && contender is (ContenderName.SmartCache or ContenderName.Floor))
            throw Unsound($"{errors} requests failed, the first with: {firstError}");

        await CheckRowsAsync(errors, cancellationToken);
        var lost = await LostAsync(cancellationToken);
        var touched = await TouchedAsync(freshened, cancellationToken);
        var mayLose = cell.Kind == RequestKind.Conflict && contender != ContenderName.SmartCache;
        if (lost > 0 && !mayLose)
            throw Unsound($"{lost:P2} of the saves acknowledged are not in the table.");

        // The floor keeps no session alive. A flood of touches may drop some of sessions that were never read.
        if (contender != ContenderName.Floor && (touched == 0 || (touched < 1 && cell.Kind != RequestKind.Untouched)))
            throw Unsound($"Only {touched:P2} of the sessions used have an expiry later than before.");

        return (lost, touched);
    }

    private async Task CheckRowsAsync(long errors, CancellationToken cancellationToken)
    {
        var begun = await store.RemoveNewAsync(cancellationToken);
        if (begun < ledger.Begun || begun > ledger.Begun + errors)
            throw Unsound($"{ledger.Begun} sessions were begun, and {begun} are in the table.");

        var rows = await store.CountAsync(cancellationToken);
        if (rows != population.Keys.Count)
            throw Unsound($"There were {population.Keys.Count} sessions, and now there are {rows}.");
    }

    private async Task<double?> LostAsync(CancellationToken cancellationToken)
    {
        var entries = cell.Kind == RequestKind.Conflict ? ConflictGroup.Size : 1;
        var (saved, lost) = (0, 0);
        foreach (var session in SampleOf(ledger.Saved))
        {
            var row = await store.ReadAsync(population.Keys[session], cancellationToken);
            saved += entries;
            lost += Enumerable.Range(0, entries).Count(entry =>
                row?.Value.Length != population.Payload.Size || population.Payload.NumberIn(row.Value.Value, entry) != ledger.NumberOf(session));
        }

        if (saved == 0 && cell.Kind is RequestKind.Changed or RequestKind.Conflict)
            throw Unsound("Nothing was saved.");

        return saved == 0 ? null : (double)lost / saved;
    }

    private async Task<double?> TouchedAsync(long freshened, CancellationToken cancellationToken)
    {
        var (visited, touched) = (0, 0);
        foreach (var session in SampleOf(ledger.Visited))
        {
            var row = await store.ReadAsync(population.Keys[session], cancellationToken);
            visited++;
            touched += row?.ExpiresAt > freshened + SessionTable.SlidingMs ? 1 : 0;
        }

        return visited == 0 ? null : (double)touched / visited;
    }

    private static int[] SampleOf(IEnumerable<int> sessions)
    {
        var all = sessions.ToArray();
        new Random(4).Shuffle(all);
        return all[..Math.Min(Sample, all.Length)];
    }

    private UnsoundException Unsound(string finding) => new($"{contender}, {RequestKinds.NameOf(cell.Kind)}: {finding}");
}

/// <summary>A contender did not do what it acknowledged: its figures would mean nothing.</summary>
internal sealed class UnsoundException(string message) : Exception(message);

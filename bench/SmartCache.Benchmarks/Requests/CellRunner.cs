namespace SmartCache.Benchmarks.Requests;

/// <summary>Measures one contender in one cell: a fresh instance, warmed up, and its table looked at afterwards.</summary>
internal sealed class CellRunner(BenchmarkEngine engine, string contender, SessionTable table, Population population)
{
    public Task<Measurement> RunAsync(Cell cell, RequestsArguments arguments, CancellationToken cancellationToken) =>
        RunAsync(cell, TimeSpan.FromSeconds(arguments.WarmUp), TimeSpan.FromSeconds(arguments.Seconds), cancellationToken);

    public async Task<Measurement> RunAsync(Cell cell, TimeSpan warmUp, TimeSpan duration, CancellationToken cancellationToken)
    {
        var freshened = await table.FreshenAsync(cancellationToken);
        var ledger = new Ledger(population.Keys.Count);
        Crowd crowd;
        Measurement measured;
        await using (var instance = engine.Create(contender))
        {
            crowd = new Crowd(instance, population, ledger, cell.Kind, cell.Concurrency);
            if (IsReadBefore(cell.Kind))
            {
                await crowd.ReadAllAsync(cancellationToken);
            }

            await crowd.RunAsync(warmUp, isWarmUp: true, cancellationToken);
            measured = await MeasureAsync(crowd, duration, cancellationToken);
        }

        var check = new SoundnessCheck(contender, table, population, ledger, cell);
        var (lost, touched) = await check.RunAsync(freshened, crowd.Errors, crowd.FirstError, cancellationToken);
        return measured with { Errors = crowd.Errors, Lost = lost, Touched = touched };
    }

    /// <summary>
    /// SmartCache remembers the rhythm of rows that its node has read within a minute or so; in steady traffic that is
    /// all of them. Untouched sessions alone are left unknown to it, which is the dearer case. The others remember nothing.
    /// </summary>
    private bool IsReadBefore(RequestKind kind) =>
        contender == ContenderNames.SmartCache && kind is RequestKind.Read or RequestKind.Unchanged or RequestKind.Changed or RequestKind.Mix;

    /// <summary>What goes on in the background meanwhile, such as the writing of accesses, is measured too.</summary>
    private async Task<Measurement> MeasureAsync(Crowd crowd, TimeSpan duration, CancellationToken cancellationToken)
    {
        GC.Collect();
        var countsBefore = await engine.CountAsync(cancellationToken);
        var bytesBefore = GC.GetTotalAllocatedBytes(precise: true);
        var (latencies, elapsed) = await crowd.RunAsync(duration, isWarmUp: false, cancellationToken);
        var bytes = GC.GetTotalAllocatedBytes(precise: true) - bytesBefore;
        var counts = await engine.CountAsync(cancellationToken) - countsBefore;

        double requests = Math.Max(1, latencies.Count);
        return new Measurement
        {
            Requests = latencies.Count,
            RequestsPerSecond = latencies.Count / elapsed.TotalSeconds,
            P50Ms = latencies.Percentile(0.5),
            P99Ms = latencies.Percentile(0.99),
            AllocatedBytes = bytes / requests,
            Statements = counts.Statements / requests,
            TransactionControl = counts.TransactionControl / requests,
            Pings = counts.Pings / requests,
            RowsWritten = counts.RowsWritten / requests,
            LogBytes = counts.LogBytes / requests,
            Errors = 0,
            Lost = null,
            Touched = null,
        };
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
        {
            await RequestAsync();
        }
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

namespace SmartCache.Benchmarks.Requests;

/// <summary>Looks in a contender's table for what it acknowledged in a cell.</summary>
internal sealed class SoundnessCheck(string contender, SessionTable table, Population population, Ledger ledger, Cell cell)
{
    private const int Sample = 100;
    private static readonly long SlidingMs = (long)CacheContender.IdleTimeout.TotalMilliseconds;

    /// <param name="freshened">When the rows were given their age.</param>
    /// <param name="errors">Requests that failed.</param>
    /// <param name="firstError">What the first of them said.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    /// <returns>The share of stores that are lost, and the share of sessions whose expiry has moved.</returns>
    /// <exception cref="UnsoundException">The contender did not do its work.</exception>
    public async Task<(double? Lost, double? Touched)> RunAsync(long freshened, long errors, string? firstError, CancellationToken cancellationToken)
    {
        // A cache of the common kind may well time out or deadlock: that is counted.
        if (errors > 0 && contender != ContenderNames.Baseline)
        {
            throw Unsound($"{errors} requests failed, the first with: {firstError}");
        }

        await CheckRowsAsync(errors, cancellationToken);
        var lost = await LostAsync(cancellationToken);
        var touched = await TouchedAsync(freshened, cancellationToken);
        var mayLose = cell.Kind == RequestKind.Conflict && contender != ContenderNames.SmartCache;
        if (lost > 0 && !mayLose)
        {
            throw Unsound($"{lost:P2} of the stores acknowledged are not in the table.");
        }

        // The floor keeps no session alive. Of sessions never read, a flood of accesses may drop some.
        if (contender != ContenderNames.Floor && (touched == 0 || (touched < 1 && cell.Kind != RequestKind.Untouched)))
        {
            throw Unsound($"Only {touched:P2} of the sessions used have an expiry later than before.");
        }

        return (lost, touched);
    }

    private async Task CheckRowsAsync(long errors, CancellationToken cancellationToken)
    {
        var begun = await table.RemoveNewAsync(cancellationToken);
        if (begun < ledger.Begun || begun > ledger.Begun + errors)
        {
            throw Unsound($"{ledger.Begun} sessions were begun, and {begun} are in the table.");
        }

        var rows = await table.CountAsync(cancellationToken);
        if (rows != population.Keys.Count)
        {
            throw Unsound($"There were {population.Keys.Count} sessions, and now there are {rows}.");
        }
    }

    private async Task<double?> LostAsync(CancellationToken cancellationToken)
    {
        var entries = cell.Kind == RequestKind.Conflict ? ConflictGroup.Size : 1;
        var (stored, lost) = (0, 0);
        foreach (var session in SampleOf(ledger.Stored))
        {
            var row = await table.ReadAsync(population.Keys[session], cancellationToken);
            stored += entries;
            lost += Enumerable.Range(0, entries).Count(entry =>
                row?.Value.Length != population.Payload.Size || population.Payload.StampOf(row.Value.Value, entry) != ledger.StampOf(session));
        }

        if (stored == 0 && cell.Kind is RequestKind.Changed or RequestKind.Conflict)
        {
            throw Unsound("Nothing was stored.");
        }

        return stored == 0 ? null : (double)lost / stored;
    }

    private async Task<double?> TouchedAsync(long freshened, CancellationToken cancellationToken)
    {
        var (visited, touched) = (0, 0);
        foreach (var session in SampleOf(ledger.Visited))
        {
            var row = await table.ReadAsync(population.Keys[session], cancellationToken);
            visited++;
            touched += row?.ExpiresAt > freshened + SlidingMs ? 1 : 0;
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

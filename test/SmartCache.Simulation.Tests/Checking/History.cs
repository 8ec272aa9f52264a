namespace SmartCache.Simulation;

/// <summary>What callers were told, and what rows became.</summary>
internal sealed class History(World world)
{
    private readonly Dictionary<string, SessionHistory> _sessions = [];
    private long _events;

    public IReadOnlyCollection<SessionHistory> Sessions => _sessions.Values;

    /// <summary>The next moment in the order of events.</summary>
    public long Next() => ++_events;

    public SessionHistory Of(string key)
    {
        if (!_sessions.TryGetValue(key, out var session))
            _sessions.Add(key, session = new SessionHistory(key));

        return session;
    }

    public void RowChanged(string key, StatementKind kind, Row? row, long? now)
    {
        var change = new RowChange(Next(), world.Time.Ticks, Actor.Current, kind, row, now, Of(key).CountLives(row));
        Of(key).Changes.Add(change);
        if (world.Trace.IsOn)
            world.Trace.Add("row", $"{change}");
    }

    /// <summary>Follows an operation to its end, good or bad.</summary>
    public async Task FollowAsync(Operation operation, Func<Task> work)
    {
        var isAcknowledged = false;
        try
        {
            await work();
            isAcknowledged = true;
        }
        finally
        {
            operation.Ended(Next(), world.Time.Ticks, isAcknowledged);
            world.Trace.Add(operation, isAcknowledged ? "acknowledged" : "failed");
        }
    }
}

/// <summary>The history of one session, in order.</summary>
internal sealed class SessionHistory(string key)
{
    private readonly List<Guid> _lives = [];

    public string Key => key;
    public List<RowChange> Changes { get; } = [];
    public List<SessionRead> Reads { get; } = [];
    public List<SessionSave> Saves { get; } = [];
    public List<SessionRemoval> Removals { get; } = [];
    public List<Touch> Touches { get; } = [];

    /// <summary>The number of incarnations so far, including this one.</summary>
    public int CountLives(Row? row)
    {
        if (row is not null && !_lives.Contains(row.Incarnation))
            _lives.Add(row.Incarnation);

        return row is null ? _lives.Count : _lives.IndexOf(row.Incarnation) + 1;
    }

    /// <summary>The index of the change that gave the row its state at a moment; -1 if there was none.</summary>
    public int StateAt(long at) => Changes.FindLastIndex(change => change.At <= at);

    /// <summary>The states of the row between two moments; null while it did not exist.</summary>
    public IEnumerable<RowChange?> StatesDuring(long begin, long end)
    {
        for (var i = StateAt(begin); i < Changes.Count && (i < 0 || Changes[i].At <= end); i++)
            yield return i < 0 ? null : Changes[i];
    }

    /// <summary>The changes from one moment to another.</summary>
    public IEnumerable<RowChange> ChangesDuring(long begin, long end) => Changes.Where(change => change.At > begin && change.At <= end);
}

/// <summary>A change of a row.</summary>
/// <param name="At">When, in the order of events.</param>
/// <param name="Ticks">When, in true time.</param>
/// <param name="Actor">Who did it.</param>
/// <param name="Kind">By which statement.</param>
/// <param name="Row">What it holds; null if it is gone.</param>
/// <param name="Now">The time that the statement was sent with, if any.</param>
/// <param name="Life">How many lives of the session there have been.</param>
internal sealed record RowChange(long At, long Ticks, Actor Actor, StatementKind Kind, Row? Row, long? Now, int Life)
{
    private static readonly Dictionary<string, string> None = [];

    /// <summary>The session's entries without the counter; none if there is no row.</summary>
    public IReadOnlyDictionary<string, string> Entries { get; } = Row is null ? None : Counter.Without(Row.Entries);
    public decimal Count { get; } = Row is null ? 0 : Counter.Of(Row.Entries);

    /// <summary>The incarnation that the row holds.</summary>
    public Guid? Incarnation { get; } = Row?.Incarnation;

    public override string ToString() => $"{Kind} by {Actor}, which left {(Row is null ? "no row" : $"{Row}, life {Life}")}";
}

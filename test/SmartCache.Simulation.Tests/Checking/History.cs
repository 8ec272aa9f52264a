using SmartCache.Simulation.Database;
using SmartCache.Simulation.Scheduling;

namespace SmartCache.Simulation.Checking;

/// <summary>Everything that callers were told and that rows became.</summary>
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
        {
            _sessions.Add(key, session = new SessionHistory(key));
        }

        return session;
    }

    public void RowChanged(string key, StatementKind kind, Row? row, long? now)
    {
        var change = new RowChange(Next(), world.Time.Ticks, Actor.Current, kind, row, now, Of(key).CountLives(row));
        Of(key).Changes.Add(change);
        if (world.Trace.IsOn)
        {
            world.Trace.Add("row", $"{change}");
        }
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

using SmartCache.Simulation.Database;

namespace SmartCache.Simulation.Checking;

/// <summary>What happened to one session, in order.</summary>
internal sealed class SessionHistory(string key)
{
    private readonly List<Guid> _lives = [];

    public string Key => key;

    public List<RowChange> Changes { get; } = [];

    public List<SessionRead> Reads { get; } = [];

    public List<SessionStore> Stores { get; } = [];

    public List<SessionRemoval> Removals { get; } = [];

    public List<Access> Accesses { get; } = [];

    /// <summary>How many lives of the session there have been, this one included.</summary>
    public int CountLives(Row? row)
    {
        if (row is not null && !_lives.Contains(row.Incarnation))
        {
            _lives.Add(row.Incarnation);
        }

        return row is null ? _lives.Count : _lives.IndexOf(row.Incarnation) + 1;
    }

    /// <summary>The place of the row's state at a moment among the changes; -1 if it had never been there.</summary>
    public int StateAt(long at) => Changes.FindLastIndex(change => change.At <= at);

    /// <summary>What the row was at some time from one moment to another; null where it was not there.</summary>
    public IEnumerable<RowChange?> StatesDuring(long begin, long end)
    {
        for (var i = StateAt(begin); i < Changes.Count && (i < 0 || Changes[i].At <= end); i++)
        {
            yield return i < 0 ? null : Changes[i];
        }
    }

    /// <summary>The changes from one moment to another.</summary>
    public IEnumerable<RowChange> ChangesDuring(long begin, long end) => Changes.Where(change => change.At > begin && change.At <= end);
}

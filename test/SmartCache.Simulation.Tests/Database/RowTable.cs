using SmartCache.Simulation.Checking;

namespace SmartCache.Simulation.Database;

/// <summary>The table's rows. Every change of one is history.</summary>
internal sealed class RowTable(History history)
{
    private readonly SortedDictionary<string, Row> _rows = new(StringComparer.Ordinal);

    public IReadOnlyCollection<string> Keys => _rows.Keys;

    public Row? Find(string key) => _rows.GetValueOrDefault(key);

    /// <param name="key">The row's key.</param>
    /// <param name="row">What it holds from now on; null if it is gone.</param>
    /// <param name="kind">The statement that changes it.</param>
    /// <param name="now">The statement's own idea of the time, if it has one.</param>
    public void Put(string key, Row? row, StatementKind kind, long? now)
    {
        var before = Find(key);
        if (row is null)
        {
            _rows.Remove(key);
        }
        else
        {
            _rows[key] = row;
        }

        if (before is not null || row is not null)
        {
            history.RowChanged(key, kind, row, now);
        }
    }
}

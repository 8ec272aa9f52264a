using SmartCache.Simulation.Checking;

namespace SmartCache.Simulation.Database;

/// <summary>The table's rows. Every change of one is history.</summary>
internal sealed class RowTable(History history)
{
    /// <summary>The row that says which node removes expired rows, as its key looks here; it stays, and is nobody's session.</summary>
    private const string SweepTurn = "\uFFFDsweep";

    private readonly SortedDictionary<string, Row> _rows = new(StringComparer.Ordinal);

    /// <summary>Keys of sessions.</summary>
    public IReadOnlyList<string> Keys => [.. _rows.Keys.Where(static key => key != SweepTurn)];

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

        if ((before is not null || row is not null) && key != SweepTurn)
        {
            history.RowChanged(key, kind, row, now);
        }
    }
}

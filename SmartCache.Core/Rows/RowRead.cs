using SmartCache.Connections;
using SmartCache.Sql;

namespace SmartCache.Rows;

/// <summary>The read of a row, whatever its expiry.</summary>
internal sealed class RowRead(ObservedConnections connections, RowStatements statements, CacheKey key) : Shareable<Row?>
{
    private CacheKey Key => key;

    public override ValueTask<Row?> RunAloneAsync(bool mayHaveRun, CancellationToken token) =>
        connections.RunAsync(RunAsync, DatabaseOperation.Read, async: true, token);

    public ValueTask<Row?> RunAsync(StoreConnection connection) =>
        RowStore.ReadAsync(connection, statements.Read, key);

    /// <summary>Carries out several reads by one statement. It reads equal keys once.</summary>
    /// <returns>How many different keys it read.</returns>
    public static async ValueTask<int> RunAsync(List<RowRead> reads, StoreConnection connection, RowStatements statements)
    {
        reads.Sort(static (one, other) => one.Key.CompareTo(other.Key));
        var keys = new List<CacheKey>(reads.Count);
        foreach (var read in reads)
        {
            if (keys.Count == 0 || !keys[^1].Equals(read.Key))
                keys.Add(read.Key);
        }

        var rows = await RunAsync([.. keys], connection, statements).ConfigureAwait(false);
        var at = -1;
        RowRead? last = null;
        foreach (var read in reads)
        {
            // Each caller may change what it gets.
            var isCopy = last?.Key.Equals(read.Key) == true;
            var row = rows[isCopy ? at : ++at];
            read.SetResult(isCopy && row is not null ? row with { Value = [.. row.Value] } : row);
            last = read;
        }

        return keys.Count;
    }

    /// <summary>Reads the rows of several different keys, which are in order.</summary>
    /// <returns>The rows in the same order; null where there is none.</returns>
    public static ValueTask<Row?[]> RunAsync(CacheKey[] keys, StoreConnection connection, RowStatements statements)
    {
        var values = new SqlValues { Rows = Array.ConvertAll(keys, static key => new SqlValues { Key = key }) };
        var statement = statements.ReadMany!.For(keys.Length);
        var bytes = Array.ConvertAll(keys, static key => key.Bytes);
        var plain = statements.HashesKeys ? Array.ConvertAll(keys, static key => key.PlainBytes) : bytes;
        var buffer = new byte[CacheKey.MaxLength];
        var last = -1;
        return statement.QueryAsync(connection, in values, new Row?[keys.Length], (rows, row) =>
        {
            // Not by the CRC: anyone can compute keys that share one.
            var stored = buffer.AsSpan(0, (int)row.GetBytes(7, 0, buffer, 0, buffer.Length));
            last = IndexOf(stored, bytes, plain, last + 1);
            rows[last] = Row.Read(rows[last], row, isUnderPlainKey: !stored.SequenceEqual(bytes[last]));
            return rows;
        });
    }

    /// <summary>Most servers return the rows in key order, so the next key is tried first.</summary>
    private static int IndexOf(ReadOnlySpan<byte> stored, byte[][] keys, byte[][] plainKeys, int start)
    {
        for (var i = 0; i < keys.Length; i++)
        {
            var at = (start + i) % keys.Length;
            if (stored.SequenceEqual(keys[at]) || stored.SequenceEqual(plainKeys[at]))
                return at;
        }

        throw new InvalidOperationException("The database returned the row of a key that it was not asked for.");
    }
}

using System.Runtime.CompilerServices;
using SmartCache.Connections;
using SmartCache.Sql;

namespace SmartCache.Rows;

/// <summary>What became of a guarded write.</summary>
internal enum WriteResult
{
    Written,

    /// <summary>The row had changed, and nothing was written.</summary>
    Refused,

    /// <summary>The row had changed after a try whose answer was lost: perhaps by that try.</summary>
    InDoubt,
}

/// <summary>One guarded statement under way: a write that was decided on what is known of the row.</summary>
/// <param name="write">The write, with its value as it is stored.</param>
internal sealed class GuardedWrite(ObservedConnections connections, FoundTable table, CacheKey key, RowWrite write, long now)
    : Shareable<WriteResult>
{
    /// <summary>How many bytes of values share a statement at most.</summary>
    private const long MaxBytes = 1 << 20;

    private readonly GuardedStatement _statement = table.StatementFor(write);
    private bool _hasFailed;

    /// <summary>The statement for several such writes. An expired row is replaced alone.</summary>
    public ManyRowStatement? Many => write is { Inserts: true, Over: not 0 } ? null : _statement.Many;

    private CacheKey Key => key;
    private int ValueLength => write.Value!.Length;
    private SqlValues Values => write.Values(key, now);

    public override ValueTask<WriteResult> RunAloneAsync(bool mayHaveRun, CancellationToken token)
    {
        _hasFailed |= mayHaveRun;
        return connections.RunAsync(RunAsync, DatabaseOperation.Write, async: true, token);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<WriteResult> RunAsync(StoreConnection connection)
    {
        // A try that failed may have written all the same. The next one then meets its own write.
        var isFirst = !_hasFailed;
        _hasFailed = true;
        int affected;
        try
        {
            affected = await RowStore.WriteAsync(connection, table, _statement.Alone, key, write, now).ConfigureAwait(false);
        }
        catch (Exception exception) when (table.Dialect.IsLostRace(exception))
        {
            // The statement stood alone: its transaction has ended with it.
            connection.IsInTransaction = false;
            affected = 0;
        }

        _hasFailed = false;

        // An insert that found a row counts it as 2 on MySQL, whether or not it replaced the row.
        return affected == 1 ? WriteResult.Written : affected == 0 && isFirst ? WriteResult.Refused : WriteResult.InDoubt;
    }

    /// <summary>Carries out several writes, those of a kind by one statement. Those that are left without a result go on alone.</summary>
    /// <returns>How many it carried out.</returns>
    public static async ValueTask<int> RunAsync(List<GuardedWrite> writes, StoreConnection connection, FoundTable table)
    {
        var count = 0;
        foreach (var kind in writes.GroupBy(static write => write.Many!))
        {
            var bytes = 0L;
            var together = kind.DistinctBy(static write => write.Key).OrderBy(static write => write.Key)
                .TakeWhile(write => (bytes += write.ValueLength) <= Math.Min(MaxBytes, table.Layout.StatementBytes / 4)).ToArray();
            if (together.Length < 2)
                continue;

            await RunAsync(together, kind.Key, connection, table).ConfigureAwait(false);
            count += together.Length;
        }

        return count;
    }

    private static async ValueTask RunAsync(GuardedWrite[] writes, ManyRowStatement statement, StoreConnection connection, FoundTable table)
    {
        var values = new SqlValues { Rows = Array.ConvertAll(writes, static write => write.Values), Now = writes.Max(static write => write.Values.Now) };
        var affected = await RunAsync(statement, values, connection, table.Dialect).ConfigureAwait(false);

        // Which were not written shows in the rows.
        var rows = affected == writes.Length ? null
            : await RowRead.RunAsync(Array.ConvertAll(writes, static write => write.Key), connection, table.Statements).ConfigureAwait(false);
        for (var i = 0; i < writes.Length; i++)
            writes[i].SetResult(rows is null ? WriteResult.Written : writes[i].ResultIn(rows[i]));
    }

    private static async ValueTask<int> RunAsync(ManyRowStatement statement, SqlValues values, StoreConnection connection, SqlDialect dialect)
    {
        if (statement.NoWait is { } noWait)
        {
            try
            {
                return await noWait.For(values.Rows!.Length).ExecuteAsync(connection, in values).ConfigureAwait(false);
            }
            catch (DbException exception) when (dialect.IsConflict(exception))
            {
                // The statement stood alone: its transaction has ended with it.
                connection.IsInTransaction = false;
            }
        }

        return await statement.For(values.Rows!.Length).ExecuteAsync(connection, in values).ConfigureAwait(false);
    }

    /// <summary>What became of the write if the row is this after a statement that did not write all its rows. A locked row was passed over.</summary>
    private WriteResult ResultIn(Row? row) =>
        row is null || row.Version == write.Over ? WriteResult.Refused
        : row.Version == write.Version || row.Recent.Contains(write.Version) ? WriteResult.Written
        : write.Recent.Bytes is not null && !row.Recent.IsFull ? WriteResult.Refused
        : WriteResult.InDoubt;
}

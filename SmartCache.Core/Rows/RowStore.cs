using System.Runtime.CompilerServices;
using SmartCache.Connections;
using SmartCache.Diagnostics;
using SmartCache.Rows.Migration;
using SmartCache.Sql;

namespace SmartCache.Rows;

/// <summary>The table's rows, by verbs. Knows no sessions. One body for synchronous and asynchronous callers.</summary>
internal sealed class RowStore
{
    /// <summary>What needs the owner column, as an error names it.</summary>
    private const string Directory = "ISessionDirectory";

    private readonly SqlDialect _dialect;
    private readonly SmartCacheOptions _options;
    private readonly TimeProvider _time;
    private readonly PayloadProtection _protection;
    private readonly ObservedConnections _connections;
    private readonly CacheMetrics _metrics;
    private readonly Retries _retries;
    private readonly TableSetup _setup;
    private readonly Coalescer<RowRead, Row?>? _reads;
    private readonly Coalescer<GuardedWrite, WriteResult>? _writes;
    private readonly RowMigration? _migration;

    public RowStore(
        SqlDialect dialect, ConnectionSource connections, SmartCacheOptions options, TimeProvider time, PayloadProtection protection, CacheMetrics metrics,
        ILogger logger)
    {
        (_dialect, _options, _time, _protection, _metrics) = (dialect, options, time, protection, metrics);
        _connections = new ObservedConnections(connections, metrics);
        _retries = new Retries(_connections, options, dialect.IsTransient, dialect.IsConflict, time, metrics, logger);
        _setup = new TableSetup(dialect, options, _retries, metrics);
        metrics.ObserveConnections(() => connections.InUse);
        _migration = options.LegacyTable is null ? null : new RowMigration(options, _retries, protection);
        if (options.CoalescingConnections > 0)
        {
            _reads = new(options.CoalescingConnections, ReadTogetherAsync, time);
            _writes = new(options.CoalescingConnections, WriteTogetherAsync, time);
        }
    }

    /// <summary>Reads the row of a key, whatever its expiry.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<Row> ReadAsync(CacheKey key, bool async, CancellationToken token)
    {
        var table = await _setup.GetAsync(async, token).ConfigureAwait(false);
        if (_migration is not null && !key.IsOfTicket)
            return await _migration.ReadAsync(table, key, _time.GetUtcNow().ToUnixTimeMilliseconds(), async, token).ConfigureAwait(false);

        // A synchronous caller would block its thread while it waits for others.
        var read = new RowRead(_connections, table.Statements, key);
        var reads = async && table.Statements.ReadMany is not null ? _reads : null;
        var row = await _retries.RunAsync(
            read.RunAsync, first: reads is null ? null : () => reads.RunAsync(read, token), DatabaseOperation.Read, async, token).ConfigureAwait(false);
        if (row is not null)
            _metrics.Payload(isWritten: false, row.Value.Length);

        return _protection.Open(row, key);
    }

    /// <summary>Finds the table, which must have the column for owners.</summary>
    /// <param name="asking">What needs the column.</param>
    /// <exception cref="InvalidOperationException">It has none.</exception>
    public async ValueTask RequireOwnersAsync(string asking, bool async, CancellationToken token) =>
        await _setup.GetWithOwnerAsync(asking, async, token).ConfigureAwait(false);

    /// <summary>Looks at the table again, and reads one row of it.</summary>
    public async ValueTask CheckAsync(bool async, CancellationToken token)
    {
        var table = await _setup.FindAgainAsync(async, token).ConfigureAwait(false);
        await _retries.RunAsync(
            connection => ReadAsync(connection, table.Statements.Read, CacheKey.OfSweepTurn), DatabaseOperation.Read, async, token).ConfigureAwait(false);
    }

    /// <summary>Carries out a write that was decided on what is known of the row, by one guarded statement.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<WriteResult> WriteAsync(CacheKey key, RowWrite write, long now, bool async, CancellationToken token)
    {
        var table = await _setup.GetAsync(async, token).ConfigureAwait(false);
        var stored = Seal(write, key);
        var guarded = new GuardedWrite(_connections, table, key, stored, now);
        var writes = async && guarded.Many is not null ? _writes : null;

        // A statement of its own checks this by itself. Among others, the write would fail or be cut off for all.
        if (writes is not null)
            table.Layout.ThrowIfUnfit(key, stored.Value!);

        return await _retries.RunAsync(
            guarded.RunAsync, first: writes is null ? null : () => writes.RunAsync(guarded, token), DatabaseOperation.Write, async, token).ConfigureAwait(false);
    }

    /// <summary>
    /// The locked merge: locks and reads the row, decides, and writes, in one transaction. The write is guarded by the version just read,
    /// too: row locks do not reach the other nodes of a multi-master cluster.
    /// </summary>
    /// <param name="decide">Decides on the row; null writes nothing. Called again if a try failed, perhaps after it had written.</param>
    /// <param name="isProtected">Whether the value is encrypted if the options say so; the cache's own rows are not.</param>
    public async ValueTask<WriteResult> DecideAndWriteAsync(
        CacheKey key, Func<Row, RowWrite?> decide, long now, bool isProtected, bool async, CancellationToken token)
    {
        var table = await _setup.GetAsync(async, token).ConfigureAwait(false);
        return await _retries.RunAsync(DecideAndWriteOnceAsync, DatabaseOperation.Merge, async, token).ConfigureAwait(false);

        async ValueTask<WriteResult> DecideAndWriteOnceAsync(StoreConnection connection)
        {
            var merge = table.Statements.Merge;
            connection.IsInTransaction = merge.RollBack is not null;
            var read = await ReadAsync(connection, merge.BeginAndRead, key).ConfigureAwait(false);
            if (decide(isProtected ? _protection.Open(read, key) : read?.Parsed(key) ?? Row.Absent) is not { } write)
            {
                if (merge.RollBack is not null)
                {
                    await merge.RollBack.ExecuteAsync(connection, default).ConfigureAwait(false);
                    connection.IsInTransaction = false;
                }

                return WriteResult.Written;
            }

            int affected;
            try
            {
                var stored = isProtected ? Seal(write, key) : write;
                affected = await WriteAsync(connection, table, table.StatementFor(write).AndCommit, key, stored, now).ConfigureAwait(false);
                connection.IsInTransaction = false;
            }
            catch (Exception exception) when (_dialect.IsLostRace(exception))
            {
                // The transaction must still be rolled back, unless the connection source does so.
                connection.IsInTransaction = merge.RollBack is not null;
                affected = 0;
            }

            // Some drivers count only rows whose values changed, and two saves may set the same expiry: no value is lost.
            return affected == 1 || write.Value is null ? WriteResult.Written : affected == 0 ? WriteResult.Refused : WriteResult.InDoubt;
        }
    }

    public async ValueTask UpsertAsync(CacheKey key, RowWrite write, long now, bool async, CancellationToken token)
    {
        var table = await _setup.GetAsync(async, token).ConfigureAwait(false);
        var upsert = LegacyFor(table, key)?.DeleteAndUpsert ?? table.Statements.Upsert;
        var stored = Seal(write, key);
        await _retries.RunAsync(connection => WriteAsync(connection, table, upsert, key, stored, now), DatabaseOperation.Upsert, async, token).ConfigureAwait(false);
    }

    public async ValueTask RemoveAsync(CacheKey key, bool async, CancellationToken token)
    {
        var table = await _setup.GetAsync(async, token).ConfigureAwait(false);
        var remove = LegacyFor(table, key)?.DeleteAndRemove ?? table.Statements.Remove;
        await ExecuteAsync(DatabaseOperation.Remove, remove, new SqlValues { Key = key }, async, token).ConfigureAwait(false);
    }

    /// <summary>Removes up to one batch of rows in a CRC range that expired at or before a moment; returns how many.</summary>
    public async ValueTask<int> RemoveExpiredAsync(uint fromCrc, uint toCrc, long before, bool async, CancellationToken token)
    {
        var table = await _setup.GetAsync(async, token).ConfigureAwait(false);
        var values = new SqlValues { FromCrc = fromCrc, ToCrc = toCrc, Now = before, Limit = _options.ExpiredRemovalBatchSize };
        return await ExecuteAsync(DatabaseOperation.Sweep, table.Statements.RemoveExpired, values, async, token).ConfigureAwait(false);
    }

    /// <summary>Writes one touch.</summary>
    public async ValueTask TouchAsync(Touch touch, bool async, CancellationToken token)
    {
        var table = await _setup.GetAsync(async, token).ConfigureAwait(false);
        var values = new SqlValues { Key = touch.Key, Span = touch.Span };
        var touched = await ExecuteAsync(DatabaseOperation.Touch, table.Statements.Touch, values, async, token).ConfigureAwait(false);
        _metrics.TouchesWritten(touched);
        if (touched == 0 && _migration is not null && !touch.Key.IsOfTicket
            && (await _migration.ReadAsync(table, touch.Key, touch.Span.First, async, token).ConfigureAwait(false)).Kind != RowKind.Absent)
        {
            _metrics.TouchesWritten(await ExecuteAsync(DatabaseOperation.Touch, table.Statements.Touch, values, async, token).ConfigureAwait(false));
        }
    }

    /// <summary>Writes many touches, given in key order.</summary>
    public async ValueTask<TouchOutcome> TouchAsync(IReadOnlyList<Touch> touches, bool async, CancellationToken token)
    {
        var table = await _setup.GetAsync(async, token).ConfigureAwait(false);
        if (_migration is not null)
            await MigrateAsync(table, touches.Where(static touch => touch.IsOfUnknownRow), async, token).ConfigureAwait(false);

        var outcome = await _retries.RunAsync(
            connection => TouchRows.WriteAsync(connection, table.Statements, touches), DatabaseOperation.Touch, async, token).ConfigureAwait(false);
        _metrics.TouchesWritten(touches.Count - outcome.Locked.Count);
        return outcome;
    }

    /// <summary>Reads the next rows of an owner after one, or the first, the newest first.</summary>
    public async ValueTask<List<OwnedRow>> ListOwnedAsync(string owner, OwnedRow? after, int limit, bool async, CancellationToken token)
    {
        var table = await _setup.GetWithOwnerAsync(Directory, async, token).ConfigureAwait(false);
        var (createdAt, key) = after is null ? (long.MaxValue, CacheKey.OfSweepTurn) : (after.CreatedAt, after.Stored);
        var values = new SqlValues { Owner = owner, CreatedAt = createdAt, Key = key, Limit = limit };
        return await ListOwnedAsync(table.Owners!.Page, values, async, token).ConfigureAwait(false);
    }

    /// <summary>Reads the rows of an owner with one CRC.</summary>
    public async ValueTask<List<OwnedRow>> FindOwnedAsync(string owner, uint crc, bool async, CancellationToken token)
    {
        var table = await _setup.GetWithOwnerAsync(Directory, async, token).ConfigureAwait(false);
        return await ListOwnedAsync(table.Owners!.Find, new SqlValues { Owner = owner, FromCrc = crc }, async, token).ConfigureAwait(false);
    }

    /// <summary>Removes those of several rows, given in key order, that still belong to the owner; returns how many.</summary>
    public async ValueTask<int> RemoveOwnedAsync(string owner, OwnedRow[] rows, bool async, CancellationToken token)
    {
        var table = await _setup.GetWithOwnerAsync(Directory, async, token).ConfigureAwait(false);
        var remove = table.Owners!.Remove.For(rows.Length);
        var values = new SqlValues { Owner = owner, Rows = Array.ConvertAll(rows, static row => new SqlValues { Key = row.Stored }) };
        return await ExecuteAsync(DatabaseOperation.Remove, remove, values, async, token).ConfigureAwait(false);
    }

    /// <summary>Counts the sessions that are live by their columns, of all or of one owner.</summary>
    public async ValueTask<long> CountAsync(string? owner, long now, bool async, CancellationToken token)
    {
        var table = owner is null
            ? await _setup.GetAsync(async, token).ConfigureAwait(false)
            : await _setup.GetWithOwnerAsync(Directory, async, token).ConfigureAwait(false);
        var count = owner is null ? table.Statements.CountSessions : table.Owners!.Count;
        return await _retries.RunAsync(
            connection => count.QueryAsync(connection, new SqlValues { Owner = owner, Now = now }, 0L, static (_, row) => row.GetInt64(0)),
            DatabaseOperation.Count, async, token).ConfigureAwait(false);
    }

    internal static ValueTask<Row?> ReadAsync(StoreConnection connection, SqlStatement read, CacheKey key) =>
        read.QueryAsync(connection, new SqlValues { Key = key }, default(Row), Row.Read);

    /// <summary>Runs a statement that writes a value, if the value fits.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    internal static async ValueTask<int> WriteAsync(
        StoreConnection connection, FoundTable table, SqlStatement statement, CacheKey key, RowWrite write, long now)
    {
        var values = write.Values(key, now);
        table.Layout.ThrowIfUnfit(key, values.Value!);
        try
        {
            return await statement.ExecuteAsync(connection, in values).ConfigureAwait(false);
        }
        catch (DbException exception) when (table.Dialect.IsTooLarge(exception))
        {
            throw new CacheValueTooLargeException(key, values.Value!, table.Layout.StatementBytes, exception);
        }
    }

    private async ValueTask ReadTogetherAsync(List<RowRead> reads)
    {
        var table = await _setup.GetAsync(async: true, CancellationToken.None).ConfigureAwait(false);
        var count = await _connections.RunAsync(
            connection => RowRead.RunAsync(reads, connection, table.Statements), DatabaseOperation.Read, reads.Count, async: true, CancellationToken.None).ConfigureAwait(false);
        if (reads.Count > 1)
            _metrics.SharedStatement(DatabaseOperation.Read.Name, count);
    }

    private async ValueTask WriteTogetherAsync(List<GuardedWrite> writes)
    {
        var table = await _setup.GetAsync(async: true, CancellationToken.None).ConfigureAwait(false);
        var count = await _connections.RunAsync(
            connection => GuardedWrite.RunAsync(writes, connection, table), DatabaseOperation.Write, writes.Count, async: true, CancellationToken.None).ConfigureAwait(false);
        _metrics.SharedStatement(DatabaseOperation.Write.Name, count);
    }

    /// <summary>A session that is only ever refreshed must not expire in the old table, where touches are not written.</summary>
    private async ValueTask MigrateAsync(FoundTable table, IEnumerable<Touch> touches, bool async, CancellationToken token)
    {
        foreach (var touch in touches)
        {
            try
            {
                await _migration!.ReadAsync(table, touch.Key, touch.Span.First, async, token).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is not OperationCanceledException && !_dialect.IsTransient(exception))
            {
                // A row that cannot migrate must not keep the other touches from being written. Whoever asks for the row gets the error.
            }
        }
    }

    private RowWrite Seal(RowWrite write, CacheKey key)
    {
        var stored = _protection.Seal(write, key);
        if (stored.Value is { } value)
            _metrics.Payload(isWritten: true, value.Length);

        return stored;
    }

    private ValueTask<int> ExecuteAsync(DatabaseOperation operation, SqlStatement statement, SqlValues values, bool async, CancellationToken token) =>
        _retries.RunAsync(connection => statement.ExecuteAsync(connection, in values), operation, async, token);

    private ValueTask<List<OwnedRow>> ListOwnedAsync(SqlStatement list, SqlValues values, bool async, CancellationToken token) =>
        _retries.RunAsync(
            connection => list.ListAsync(connection, in values, row => OwnedRow.Read(row, _options.StoreKeyHash)), DatabaseOperation.List, async, token);

    private static LegacyStatements? LegacyFor(FoundTable table, CacheKey key) => !key.IsOfTicket && table.Legacy?.CanHold(key) == true ? table.Legacy : null;
}

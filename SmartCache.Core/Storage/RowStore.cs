using System.Data.Common;
using System.Runtime.CompilerServices;
using SmartCache.Expiration;
using SmartCache.Keys;
using SmartCache.Resilience;
using SmartCache.Storage.Legacy;
using SmartCache.Storage.Protection;
using SmartCache.Storage.Works;

namespace SmartCache.Storage;

/// <summary>
/// The table's rows, by verbs, and where there is an old table those that move in from it. Knows nothing of sessions;
/// one body for synchronous and asynchronous callers.
/// </summary>
/// <param name="engine">The engine.</param>
/// <param name="options">The options.</param>
/// <param name="formatOf">Tells the <see cref="RowFormat"/> of a value that moves in.</param>
/// <param name="time">The clock that says whether it is live.</param>
/// <param name="protection">Decrypts what is read, and encrypts what is written, where that is wanted.</param>
internal sealed class RowStore(
    StorageEngine engine, SmartCacheOptions options, Func<byte[], int> formatOf, TimeProvider time, PayloadProtection protection)
{
    private readonly StorePipeline _pipeline = new(options, engine.Dialect, time);

    /// <summary>Set once the table has been seen.</summary>
    private volatile StatementSet? _statements;

    private readonly SemaphoreSlim _ensuring = new(1);
    private volatile int _failures;

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<CacheRow?> ReadAsync(CacheKey key, bool async, CancellationToken cancellationToken)
    {
        if (options.LegacyTable is not null)
        {
            return protection.Open(await ReadOrMoveInAsync(key, time.GetUtcNow().ToUnixTimeMilliseconds(), async, cancellationToken).ConfigureAwait(false), key);
        }

        var statements = await StatementsAsync(async, cancellationToken).ConfigureAwait(false);
        return protection.Open(await RunAsync(new ReadRowWork(statements.Read, key), async, cancellationToken).ConfigureAwait(false), key);
    }

    /// <summary>Runs the one guarded statement of a step that <paramref name="merge"/> gave; false if the row is no longer what it supposes.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> TryStepAsync(CacheKey key, IMerge merge, MergeStep step, long now, bool async, CancellationToken cancellationToken)
    {
        if (step.Action == MergeAction.None)
        {
            return true;
        }

        var statements = await StatementsAsync(async, cancellationToken).ConfigureAwait(false);
        var write = protection.Seal(step, key).Write;
        var arguments = new StatementArguments { Key = key, Write = write, OldVersion = step.OldVersion, Now = now };
        return await RunAsync(new GuardedWriteWork(statements, engine.Dialect, statements.For(step), arguments, merge), async, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Locks and reads the row, lets <paramref name="merge"/> decide, and writes; false if another node came between.</summary>
    public ValueTask<bool> TryMergeAsync(CacheKey key, IMerge merge, long now, bool async, CancellationToken cancellationToken) =>
        TryMergeAsItIsAsync(key, new ProtectedMerge(merge, key, protection), now, async, cancellationToken);

    /// <summary>The same with a row whose value is nobody's: it is not encrypted.</summary>
    public async ValueTask<bool> TryMergeAsItIsAsync(CacheKey key, IMerge merge, long now, bool async, CancellationToken cancellationToken)
    {
        var statements = await StatementsAsync(async, cancellationToken).ConfigureAwait(false);
        return await RunAsync(new MergeWork(statements, engine.Dialect, key, merge, now), async, cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask UpsertAsync(CacheKey key, RowWrite write, long now, bool async, CancellationToken cancellationToken)
    {
        var statements = await StatementsAsync(async, cancellationToken).ConfigureAwait(false);
        var upsert = statements.LegacyFor(key)?.DeleteAndUpsert ?? statements.Upsert;
        var arguments = new StatementArguments { Key = key, Write = protection.Seal(write, key), Now = now };
        await RunAsync(new WriteRowWork(statements, upsert, arguments), async, cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask TouchAsync(Touch touch, bool async, CancellationToken cancellationToken)
    {
        var statements = await StatementsAsync(async, cancellationToken).ConfigureAwait(false);
        var work = new ExecuteWork(statements.Touch, new StatementArguments { Key = touch.Key, First = touch.First, Last = touch.Last });
        var touched = await RunAsync(work, async, cancellationToken).ConfigureAwait(false);
        if (touched == 0 && options.LegacyTable is not null
            && await ReadOrMoveInAsync(touch.Key, touch.First, async, cancellationToken).ConfigureAwait(false) is not null)
        {
            await RunAsync(work, async, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Writes many touches, given in key order.</summary>
    public async ValueTask<TouchOutcome> TouchAsync(IReadOnlyList<Touch> touches, bool async, CancellationToken cancellationToken)
    {
        if (options.LegacyTable is not null)
        {
            await MoveInAsync(touches.Where(static touch => touch.IsOfUnseenRow), async, cancellationToken).ConfigureAwait(false);
        }

        var statements = await StatementsAsync(async, cancellationToken).ConfigureAwait(false);
        return await RunAsync(new TouchRowsWork(statements, touches), async, cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask RemoveAsync(CacheKey key, bool async, CancellationToken cancellationToken)
    {
        var statements = await StatementsAsync(async, cancellationToken).ConfigureAwait(false);
        var remove = statements.LegacyFor(key)?.DeleteAndRemove ?? statements.Remove;
        await RunAsync(new ExecuteWork(remove, new StatementArguments { Key = key }), async, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Removes up to one batch of rows of a crc range that expired at or before a moment; gives how many.</summary>
    public async ValueTask<int> RemoveExpiredAsync(uint fromCrc, uint toCrc, long before, bool async, CancellationToken cancellationToken)
    {
        var statements = await StatementsAsync(async, cancellationToken).ConfigureAwait(false);
        var arguments = new StatementArguments { FromCrc = fromCrc, ToCrc = toCrc, Now = before, Limit = options.ExpiredRemovalBatchSize };
        return await RunAsync(new ExecuteWork(statements.RemoveExpired, arguments), async, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads our row, or the one that moves in as ours because it is live in the old table.</summary>
    private async ValueTask<CacheRow?> ReadOrMoveInAsync(CacheKey key, long now, bool async, CancellationToken cancellationToken)
    {
        var statements = await StatementsAsync(async, cancellationToken).ConfigureAwait(false);
        var (row, isInLegacyTable) = await RunAsync(new LookUpWork(statements, key, now), async, cancellationToken).ConfigureAwait(false);
        return isInLegacyTable
            ? await RunAsync(new MoveInWork(statements, key, now, formatOf, options.MaxValueSize, protection), async, cancellationToken).ConfigureAwait(false)
            : row;
    }

    /// <summary>A session that is only ever refreshed must not expire in the old table, where no access is written.</summary>
    private async ValueTask MoveInAsync(IEnumerable<Touch> touches, bool async, CancellationToken cancellationToken)
    {
        foreach (var touch in touches)
        {
            try
            {
                await ReadOrMoveInAsync(touch.Key, touch.First, async, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is not OperationCanceledException && !engine.Dialect.IsTransient(exception))
            {
                // A row that cannot move must not keep the other accesses from being written. Whoever asks for it is told.
            }
        }
    }

    private ValueTask<TResult> RunAsync<TResult>(StoreWork<TResult> work, bool async, CancellationToken cancellationToken) =>
        _pipeline.RunAsync(engine.Connections, work, async, cancellationToken);

    private ValueTask<StatementSet> StatementsAsync(bool async, CancellationToken cancellationToken) =>
        _statements is { } statements ? ValueTask.FromResult(statements) : EnsureTableAsync(async, cancellationToken);

    /// <summary>
    /// On first use, and again until it succeeds once: the database may come up later than the app. One caller looks for
    /// the table and creates it, the others wait for that one.
    /// </summary>
    private async ValueTask<StatementSet> EnsureTableAsync(bool async, CancellationToken cancellationToken)
    {
        var failures = _failures;
        if (async)
        {
            await _ensuring.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        else
        {
            _ensuring.Wait(cancellationToken);
        }

        try
        {
            if (_statements is { } statements)
            {
                return statements;
            }

            if (_failures == failures)
            {
                return await FindOrCreateTableAsync(async, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            _failures++;
            throw;
        }
        finally
        {
            _ensuring.Release();
        }

        // The one waited for has failed. While the database is down, to try in turn would be to wait for every other's timeout.
        return await FindOrCreateTableAsync(async, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<StatementSet> FindOrCreateTableAsync(bool async, CancellationToken cancellationToken)
    {
        var statements = await LookAsync(create: false, async, cancellationToken).ConfigureAwait(false);
        if (statements is null && options.CreateTableIfNotExists)
        {
            try
            {
                statements = await LookAsync(create: true, async, cancellationToken).ConfigureAwait(false);
            }
            catch (DbException)
            {
                // PostgreSQL fails one of two that create a table at the same time, IF NOT EXISTS or not.
                statements = await LookAsync(create: false, async, cancellationToken).ConfigureAwait(false);
                if (statements is null)
                {
                    throw;
                }
            }
        }

        if (statements is null)
        {
            throw new InvalidOperationException(
                $"The table {options.TableName} does not exist for this user" + (options.CreateTableIfNotExists
                    ? ", though creating it gave no error."
                    : $", and {nameof(options.CreateTableIfNotExists)} is off."));
        }

        if (statements.Legacy is { } legacy)
        {
            var check = new CheckLegacyTableWork(engine.Dialect, options.LegacyTable!, legacy);
            legacy.TakesAnyText = await RunAsync(check, async, cancellationToken).ConfigureAwait(false);
        }

        return _statements = statements;
    }

    private ValueTask<StatementSet?> LookAsync(bool create, bool async, CancellationToken cancellationToken) =>
        RunAsync(new EnsureTableWork(engine.Dialect, options, create), async, cancellationToken);
}

using SmartCache.Keys;
using SmartCache.Storage.Legacy;

namespace SmartCache.Storage;

/// <summary>Every statement of one cache, composed once. What all engines spell alike is written here.</summary>
internal sealed class StatementSet
{
    private readonly GuardedWrites? _writesOverPlain;

    /// <param name="dialect">The engine's SQL, as the server at hand speaks it.</param>
    /// <param name="table">The table.</param>
    /// <param name="limits">What fits into it.</param>
    /// <param name="options">The options. Where keys are hashed, rows of before still stand under the key itself.</param>
    public StatementSet(SqlDialect dialect, CacheTable table, TableLimits limits, SmartCacheOptions options)
    {
        var (hashesKeys, appliesOnce) = (options.StoreKeyHash, options.Merge.MustApplyOnce);
        (Limits, HashesKeys) = (limits, hashesKeys);
        var storedKey = $"{table.Crc} = @crc AND {table.Key} = @key";
        var plainKey = $"{table.Crc} = @plain_crc AND {table.Key} = @plain_key";
        var thisKey = hashesKeys ? $"{table.Crc} IN (@crc, @plain_crc) AND {table.Key} IN (@key, @plain_key)" : storedKey;
        var rows = hashesKeys && dialect.ByKey(table) is { Length: > 0 } hint ? $"{table.Name} {hint}" : table.Name;
        var (lockedRows, isThisKey) = hashesKeys && dialect.PlainThenHashed(table) is { } both ? (both, "TRUE") : (table.Name, thisKey);
        var recentStamps = appliesOnce ? $", {table.RecentStamps}" : hashesKeys ? ", NULL" : "";
        var isUnderPlainKey = hashesKeys ? $", CASE WHEN {table.Key} = @key THEN 0 ELSE 1 END" : "";
        var read =
            $"""
            SELECT {table.Value}, {table.Format}, {table.Version}, {table.ExpiresAt}, {table.SlidingMs}, {table.AbsoluteAt}{recentStamps}{isUnderPlainKey}
            """;
        var lastPossible =
            $"CASE WHEN {table.AbsoluteAt} <= @last + {table.SlidingMs} THEN {table.AbsoluteAt} ELSE @last + {table.SlidingMs} END";

        Read = new SqlStatement($"{read}\nFROM {rows}\nWHERE {thisKey}", dialect);
        Merge = new MergeStatements(dialect, $"{read}\nFROM {lockedRows}\nWHERE {isThisKey}\n{dialect.ForUpdate}");
        Writes = new GuardedWrites(dialect, table, storedKey, newKey: "", dialect.Insert(table), appliesOnce);
        _writesOverPlain = hashesKeys
            ? new GuardedWrites(dialect, table, plainKey, $"{table.Crc} = @crc,\n  {table.Key} = @key,\n  ", insert: null, appliesOnce)
            : null;
        var upsert = hashesKeys ? dialect.UpsertOverPlain(table) : dialect.Upsert(table);
        var remove = hashesKeys ? dialect.RemoveBoth(table) : $"DELETE FROM {table.Name} WHERE {storedKey}";
        Upsert = hashesKeys ? dialect.InOneTransaction(upsert) : new SqlStatement(upsert, dialect);
        Touch = new SqlStatement(
            $"""
            UPDATE {lockedRows} SET
              {table.ExpiresAt} = {lastPossible}
            WHERE {isThisKey} AND {table.SlidingMs} IS NOT NULL AND {table.ExpiresAt} > @first
              AND {table.ExpiresAt} < {lastPossible}
            """,
            dialect);
        TouchMany = SqlStatement.Optional(dialect.TouchMany(table), dialect);
        FindTouched = SqlStatement.Optional(dialect.FindTouched(table), dialect);
        ReadLifetime = new SqlStatement(
            $"SELECT {table.ExpiresAt}, {table.SlidingMs}, {table.AbsoluteAt} FROM {rows} WHERE {thisKey}", dialect);
        Remove = new SqlStatement(remove, dialect);
        RemoveExpired = new SqlStatement(dialect.RemoveExpired(table), dialect);
        Legacy = options.LegacyTable is not { } legacy ? null : new LegacyStatements(
            dialect, legacy, $"SELECT NULL, NULL, NULL, NULL FROM {rows} WHERE {thisKey}", upsert, remove);
    }

    public TableLimits Limits { get; }

    public bool HashesKeys { get; }

    public SqlStatement Read { get; }

    public MergeStatements Merge { get; }

    /// <summary>The writes of one row, if it stands under the key that is stored.</summary>
    public GuardedWrites Writes { get; }

    /// <summary>Inserts a row, or replaces an expired one.</summary>
    public GuardedStatement Insert => Writes.Insert;

    public SqlStatement Upsert { get; }

    public SqlStatement Touch { get; }

    public SqlStatement? TouchMany { get; }

    public SqlStatement? FindTouched { get; }

    public SqlStatement ReadLifetime { get; }

    public SqlStatement Remove { get; }

    public SqlStatement RemoveExpired { get; }

    /// <summary>Null unless rows move in from an old table.</summary>
    public LegacyStatements? Legacy { get; }

    /// <summary>Those that know the old table, if there is one that can hold the key.</summary>
    public LegacyStatements? LegacyFor(CacheKey key) => Legacy?.CanHold(key) == true ? Legacy : null;

    /// <summary>What carries a step out. A row that still stands under its plain key gets its hash with it.</summary>
    public GuardedStatement For(MergeStep step) => (step.IsOverPlainKey ? _writesOverPlain! : Writes).For(step.Action);
}

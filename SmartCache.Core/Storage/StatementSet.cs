using SmartCache.Keys;
using SmartCache.Storage.Legacy;

namespace SmartCache.Storage;

/// <summary>Every statement of one cache, composed once. What all engines spell alike is written here.</summary>
internal sealed class StatementSet
{
    public StatementSet(SqlDialect dialect, CacheTable table, TableLimits limits, SmartCacheOptions options)
    {
        Limits = limits;
        var appliesOnce = options.Merge.MustApplyOnce;
        var thisKey = $"{table.Crc} = @crc AND {table.Key} = @key";
        var read =
            $"""
            SELECT {table.Value}, {table.Format}, {table.Version}, {table.ExpiresAt}, {table.SlidingMs}, {table.AbsoluteAt}{(appliesOnce ? $", {table.RecentStamps}" : "")}
            FROM {table.Name}
            WHERE {thisKey}
            """;
        var writeValue =
            $"""
            UPDATE {table.Name} SET
              {table.Value} = @value,
              {table.Format} = @format,
              {table.Version} = @version,
              {table.UpdatedAt} = @now{(appliesOnce ? $",\n  {table.RecentStamps} = @recent_stamps" : "")}
            """;
        var newExpiry =
            $"""
              {table.ExpiresAt} = @expires_at,
              {table.SlidingMs} = @sliding_ms,
              {table.AbsoluteAt} = @absolute_at
            """;

        // A store that waited long must not take back what a later access has moved forward under the same rule. The
        // expiry comes first: MySQL assigns from left to right.
        var laterExpiry =
            $"""
              {table.ExpiresAt} = CASE
                WHEN {table.ExpiresAt} > @expires_at
                  AND COALESCE({table.SlidingMs}, 0) = COALESCE(@sliding_ms, 0) AND COALESCE({table.AbsoluteAt}, 0) = COALESCE(@absolute_at, 0)
                THEN {table.ExpiresAt} ELSE @expires_at END,
              {table.SlidingMs} = @sliding_ms,
              {table.AbsoluteAt} = @absolute_at
            """;
        var ifVersion = $"WHERE {thisKey} AND {table.Version} = @old_version";
        var lastPossible =
            $"CASE WHEN {table.AbsoluteAt} <= @last + {table.SlidingMs} THEN {table.AbsoluteAt} ELSE @last + {table.SlidingMs} END";

        Read = new SqlStatement(read, dialect);
        Merge = new MergeStatements(dialect, $"{read}\n{dialect.ForUpdate}");
        Insert = new GuardedStatement(dialect, dialect.Insert(table));
        UpdateIfVersion = new GuardedStatement(dialect, $"{writeValue},\n{laterExpiry}\n{ifVersion}");
        ReplaceIfVersion = new GuardedStatement(dialect, $"{writeValue},\n{newExpiry},\n  {table.CreatedAt} = @now\n{ifVersion}");
        UpdateValueIfVersion = new GuardedStatement(dialect, $"{writeValue}\n{ifVersion}");
        UpdateExpiryIfVersion = new GuardedStatement(dialect, $"UPDATE {table.Name} SET\n{laterExpiry}\n{ifVersion}");
        var upsert = dialect.Upsert(table);
        var remove = $"DELETE FROM {table.Name} WHERE {thisKey}";
        Upsert = new SqlStatement(upsert, dialect);
        Touch = new SqlStatement(
            $"""
            UPDATE {table.Name} SET
              {table.ExpiresAt} = {lastPossible}
            WHERE {thisKey} AND {table.SlidingMs} IS NOT NULL AND {table.ExpiresAt} > @first
              AND {table.ExpiresAt} < {lastPossible}
            """,
            dialect);
        TouchMany = SqlStatement.Optional(dialect.TouchMany(table), dialect);
        FindTouched = SqlStatement.Optional(dialect.FindTouched(table), dialect);
        ReadLifetime = new SqlStatement(
            $"SELECT {table.ExpiresAt}, {table.SlidingMs}, {table.AbsoluteAt} FROM {table.Name} WHERE {thisKey}", dialect);
        Remove = new SqlStatement(remove, dialect);
        RemoveExpired = new SqlStatement(dialect.RemoveExpired(table), dialect);
        Legacy = options.LegacyTable is not { } legacy ? null : new LegacyStatements(
            dialect, legacy, $"SELECT NULL, NULL, NULL, NULL FROM {table.Name} WHERE {thisKey}", upsert, remove);
    }

    public TableLimits Limits { get; }

    public SqlStatement Read { get; }

    public MergeStatements Merge { get; }

    public GuardedStatement Insert { get; }

    public GuardedStatement UpdateIfVersion { get; }

    public GuardedStatement ReplaceIfVersion { get; }

    public GuardedStatement UpdateValueIfVersion { get; }

    public GuardedStatement UpdateExpiryIfVersion { get; }

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

    public GuardedStatement For(MergeAction action) => action switch
    {
        MergeAction.Insert => Insert,
        MergeAction.Update => UpdateIfVersion,
        MergeAction.Replace => ReplaceIfVersion,
        MergeAction.UpdateValue => UpdateValueIfVersion,
        MergeAction.UpdateExpiry => UpdateExpiryIfVersion,
        _ => throw new ArgumentOutOfRangeException(nameof(action), action, null),
    };
}

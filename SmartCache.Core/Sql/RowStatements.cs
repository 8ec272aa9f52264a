using System.Collections.Concurrent;
using System.Numerics;

namespace SmartCache.Sql;

/// <summary>A write that affects one row, or none if the row has changed.</summary>
/// <param name="many">The same for several rows; null if the engine cannot.</param>
internal sealed class GuardedStatement(SqlDialect dialect, string text, ManyRowStatement? many = null)
{
    public SqlStatement Alone { get; } = new(text, dialect);

    /// <summary>The same for several rows; null if the engine cannot.</summary>
    public ManyRowStatement? Many { get; } = many;

    /// <summary>As the end of a locked merge: with the COMMIT, in the same round trip if possible.</summary>
    public SqlStatement AndCommit { get; } = SqlStatement.Committing(text, dialect);
}

/// <summary>A statement about several rows, composed for each number of rows when that is first needed.</summary>
internal sealed class ManyRowStatement
{
    private readonly Func<int, string?> _compose;
    private readonly SqlDialect _dialect;
    private readonly ConcurrentDictionary<int, SqlStatement> _bySize = [];
    private readonly bool _isPadded;
    private readonly bool _fitsAll;

    private ManyRowStatement(Func<int, string?> compose, SqlDialect dialect, bool isPadded) =>
        (_compose, _dialect, _isPadded, _fitsAll) = (compose, dialect, isPadded, compose(2) == compose(3));

    /// <summary>The same, which fails if a row is locked; null if the engine has none that is cheaper.</summary>
    public ManyRowStatement? NoWait { get; init; }

    /// <param name="compose">Composes the text for a number of rows; null if the engine has no such statement.</param>
    /// <param name="isPadded">Whether the last row may stand there several times: few sizes are enough then, which stay prepared.</param>
    public static ManyRowStatement? Optional(
        SqlDialect dialect, Func<int, string?> compose, bool isPadded = false, Func<int, string?>? noWait = null) =>
        compose(2) is null ? null : new ManyRowStatement(compose, dialect, isPadded)
        {
            NoWait = noWait is null ? null : Optional(dialect, noWait, isPadded: true),
        };

    public SqlStatement For(int rows)
    {
        var size = _fitsAll ? 0 : _isPadded ? (int)BitOperations.RoundUpToPowerOf2((uint)rows) : rows;
        return _bySize.GetOrAdd(size, static (size, self) => new SqlStatement(self._compose(size)!, self._dialect), this);
    }
}

/// <summary>The first half of a locked merge, and its end if it writes nothing.</summary>
internal sealed class LockedRead(SqlDialect dialect, string read)
{
    /// <summary>Begins the transaction, locks the row and reads it, in one round trip.</summary>
    public SqlStatement BeginAndRead { get; } = new(dialect.BeginMerge is { } begin ? $"{begin};\n{read}" : read, dialect);

    /// <summary>Null if the connection source ends the transaction.</summary>
    public SqlStatement? RollBack { get; } = SqlStatement.Optional(dialect.BeginMerge is null ? null : "ROLLBACK", dialect);
}

/// <summary>The guarded writes to the row under one key.</summary>
internal sealed class GuardedWrites
{
    /// <param name="table">The table.</param>
    /// <param name="newKey">The assignments that give the row another key, followed by a comma; empty to keep the key.</param>
    /// <param name="insert">The statement that inserts, or replaces an expired row; null if an expired row is always there.</param>
    public GuardedWrites(SqlDialect dialect, CacheTable table, string thisKey, string newKey, string? insert, bool keepsVersions)
    {
        var isPlain = newKey.Length == 0;
        var value =
            $"""
            UPDATE {table.Name} SET
              {newKey}{table.Value} = @value,
              {table.Format} = @format,
              {table.Version} = @version,
              {table.UpdatedAt} = @now{(keepsVersions ? $",\n  {table.RecentVersions} = @recent_versions" : "")}
            """;
        var owner = table.WritesOwner ? $",\n  {table.Owner} = COALESCE(@owner, {table.Owner})" : "";

        // The expiry comes first because MySQL assigns from left to right.
        var laterExpiry =
            $"""
              {table.ExpiresAt} = {table.LaterExpiry("", static name => $"@{name}")},
              {table.SlidingMs} = @sliding_ms,
              {table.AbsoluteAt} = @absolute_at
            """;
        var replace =
            $"""
            {value},
              {table.ExpiresAt} = @expires_at,
              {table.SlidingMs} = @sliding_ms,
              {table.AbsoluteAt} = @absolute_at,
              {table.CreatedAt} = @now{(table.WritesOwner ? $",\n  {table.Owner} = @owner" : "")}
            """;
        var ifVersion = $"WHERE {thisKey} AND {table.Version} = @old_version";

        Insert = new GuardedStatement(
            dialect, insert ?? $"{replace}\n{ifVersion} AND {table.ExpiresAt} <= @now", isPlain ? ManyRowStatement.Optional(dialect, rows => dialect.InsertMany(table, rows)) : null);
        Replace = new GuardedStatement(dialect, $"{replace}\n{ifVersion}");
        var updateMany = ManyRowStatement.Optional(
            dialect, rows => dialect.UpdateMany(table, rows, keepsVersions), noWait: rows => dialect.UpdateManyNoWait(table, rows, keepsVersions));
        Update = new GuardedStatement(dialect, $"{value}{owner},\n{laterExpiry}\n{ifVersion}", isPlain ? updateMany : null);
        UpdateValue = new GuardedStatement(dialect, $"{value}{owner}\n{ifVersion}");
        UpdateExpiry = new GuardedStatement(dialect, $"UPDATE {table.Name} SET\n  {newKey}{laterExpiry.TrimStart()}{owner}\n{ifVersion}");
        UpdateOwner = table.WritesOwner ? new GuardedStatement(dialect, $"UPDATE {table.Name} SET\n  {newKey}{table.Owner} = @owner\n{ifVersion}") : null;
    }

    /// <summary>Inserts the row, or replaces an expired row whole.</summary>
    public GuardedStatement Insert { get; }

    /// <summary>Writes value and expiry as the beginning of a new life, over the version that was read.</summary>
    public GuardedStatement Replace { get; }

    /// <summary>Writes value and expiry over the version that was read.</summary>
    public GuardedStatement Update { get; }
    public GuardedStatement UpdateValue { get; }
    public GuardedStatement UpdateExpiry { get; }

    /// <summary>Null if owners are not written.</summary>
    public GuardedStatement? UpdateOwner { get; }
}

/// <summary>Every statement of one cache about its own table, composed once. The SQL that all engines share is here.</summary>
internal sealed class RowStatements
{
    /// <param name="dialect">The engine's SQL, as the server at hand speaks it.</param>
    /// <param name="table">The table.</param>
    /// <param name="hashesKeys">Whether keys are hashed. Rows written before that still have their plain keys.</param>
    /// <param name="keepsVersions">Whether a merge rule needs the row's recent versions.</param>
    public RowStatements(SqlDialect dialect, CacheTable table, bool hashesKeys, bool keepsVersions)
    {
        HashesKeys = hashesKeys;
        var storedKey = $"{table.Crc} = @crc AND {table.Key} = @key";
        var plainKey = $"{table.Crc} = @plain_crc AND {table.Key} = @plain_key";
        var thisKey = hashesKeys ? $"{table.Crc} IN (@crc, @plain_crc) AND {table.Key} IN (@key, @plain_key)" : storedKey;
        var rows = hashesKeys && dialect.ByKey(table) is { Length: > 0 } hint ? $"{table.Name} {hint}" : table.Name;
        var (lockedRows, isThisKey) = hashesKeys && dialect.PlainThenHashed(table) is { } both ? (both, "TRUE") : (table.Name, thisKey);
        var recentVersions = keepsVersions ? $", {table.RecentVersions}" : hashesKeys || table.WritesOwner ? ", NULL" : "";
        var isUnderPlainKey = hashesKeys ? $", CASE WHEN {table.Key} = @key THEN 0 ELSE 1 END" : table.WritesOwner ? ", 0" : "";
        var owner = table.WritesOwner ? $", {table.Owner}" : "";
        var values = $"SELECT {table.Value}, {table.Format}, {table.Version}, {table.ExpiresAt}, {table.SlidingMs}, {table.AbsoluteAt}";
        var read = $"{values}{recentVersions}{isUnderPlainKey}{owner}";
        var readMany = $"{values}{(keepsVersions ? recentVersions : ", NULL")}, {dialect.ReadKey(table)}{owner}";
        var lastPossible =
            $"CASE WHEN {table.AbsoluteAt} <= @last + {table.SlidingMs} THEN {table.AbsoluteAt} ELSE @last + {table.SlidingMs} END";

        UpsertText = hashesKeys ? dialect.UpsertOverPlain(table) : dialect.Upsert(table);
        RemoveText = hashesKeys ? dialect.RemoveBoth(table) : $"DELETE FROM {table.Name} WHERE {storedKey}";
        FromThisKey = $"FROM {rows} WHERE {thisKey}";
        Read = new SqlStatement($"{read}\nFROM {rows}\nWHERE {thisKey}", dialect);
        ReadMany = ManyRowStatement.Optional(
            dialect, count => dialect.FromMany(table, count, hashesKeys) is { } from ? $"{readMany}\n{from}" : null, isPadded: true);
        Merge = new LockedRead(dialect, $"{read}\nFROM {lockedRows}\nWHERE {isThisKey}\n{dialect.ForUpdate}");
        Writes = new GuardedWrites(dialect, table, storedKey, newKey: "", dialect.Insert(table), keepsVersions);
        WritesOverPlain = hashesKeys
            ? new GuardedWrites(dialect, table, plainKey, $"{table.Crc} = @crc,\n  {table.Key} = @key,\n  ", insert: null, keepsVersions)
            : null;
        Upsert = hashesKeys ? dialect.InOneTransaction(UpsertText) : new SqlStatement(UpsertText, dialect);
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
        ReadLifetime = new SqlStatement($"SELECT {table.ExpiresAt}, {table.SlidingMs}, {table.AbsoluteAt} {FromThisKey}", dialect);
        Remove = new SqlStatement(RemoveText, dialect);
        RemoveExpired = new SqlStatement(dialect.RemoveExpired(table), dialect);
        CountSessions = new SqlStatement($"SELECT COUNT(*) FROM {table.Name} WHERE {OwnerStatements.IsListed(table)} AND {table.ExpiresAt} > @now", dialect);
    }

    public bool HashesKeys { get; }
    public SqlStatement Read { get; }

    /// <summary>Reads several rows, each with its key; null if the engine cannot.</summary>
    public ManyRowStatement? ReadMany { get; }
    public LockedRead Merge { get; }
    public GuardedWrites Writes { get; }

    /// <summary>The writes to a row that still has its plain key, which they replace by the hash; null if keys are not hashed.</summary>
    public GuardedWrites? WritesOverPlain { get; }
    public SqlStatement Upsert { get; }
    public string UpsertText { get; }
    public SqlStatement Touch { get; }
    public SqlStatement? TouchMany { get; }
    public SqlStatement? FindTouched { get; }
    public SqlStatement ReadLifetime { get; }
    public SqlStatement Remove { get; }
    public string RemoveText { get; }
    public SqlStatement RemoveExpired { get; }
    public SqlStatement CountSessions { get; }

    /// <summary>The end of a SELECT about one key.</summary>
    public string FromThisKey { get; }
}

using System.Buffers;

namespace SmartCache.Sql;

/// <summary>
/// What differs between engines: SQL texts and the meaning of errors. A provider for a new engine is a subclass of this, its
/// options, and a data source. Everything else (merging, expiry, ADO.NET) is in this package.
/// </summary>
/// <remarks>
/// Statement texts name their values <c>@crc @key @plain_crc @plain_key @legacy_key @value @format @version @old_version
/// @recent_versions @expires_at @sliding_ms @absolute_at @owner @created_at @now @first @last @touches @from_crc @to_crc @limit</c>. A statement about
/// several rows names those of each row with the row's number, as in <c>@crc_0</c>, or all at once as an array, <c>@crc_array</c>.
/// docs/internals/writing-a-provider.md says which statement may use which value, and what each statement must do.
/// </remarks>
public abstract class SqlDialect
{
    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_$- ");

    /// <summary>The engine's name as users write it, for messages.</summary>
    public abstract string EngineName { get; }

    /// <summary>The engine's name by OpenTelemetry's conventions (<c>db.system.name</c>), for metrics and spans.</summary>
    public virtual string SystemName => "other_sql";

    /// <summary>The longest table or column name, in characters.</summary>
    public virtual int MaxNameLength => 63;

    /// <summary>The table's schema if the options name one.</summary>
    public virtual string? Schema => null;

    /// <summary>Quotes the name of a table, schema or column for which <see cref="FindFault"/> returned null.</summary>
    /// <param name="name">The bare name.</param>
    public virtual string Quote(string name) => $"\"{name}\"";

    /// <summary>What is wrong with a name from the options, as the end of a sentence; null if nothing is.</summary>
    /// <param name="name">The bare name.</param>
    public virtual string? FindFault(string? name) =>
        string.IsNullOrWhiteSpace(name) ? "is missing"
        : name.Length > MaxNameLength ? $"has {name.Length} characters; {EngineName} allows {MaxNameLength}"
        : name.AsSpan().ContainsAnyExcept(NameCharacters) || name[0] == ' ' || name[^1] == ' '
            ? "contains a character other than ASCII letters, digits, _, $, - and inner blanks"
        : null;

    /// <summary>What is wrong with the engine's own options: whole sentences that name them.</summary>
    public virtual IEnumerable<string> Validate() => [];

    /// <summary>How a statement's text names a value: <c>@name</c>, or with a cast if the server cannot infer the value's type.</summary>
    /// <param name="name">The name without a sigil.</param>
    /// <param name="position">The value's place among the statement's values, from 1.</param>
    public virtual string ParameterMarker(string name, int position) => $"@{name}";

    /// <summary>What the driver knows the value by: the marker, unless the marker is more than a name.</summary>
    /// <param name="name">The name without a sigil.</param>
    /// <param name="position">The value's place among the statement's values, from 1.</param>
    public virtual string ParameterName(string name, int position) => ParameterMarker(name, position);

    /// <summary>Whether the operation may succeed a moment later: a deadlock, a lost connection, a restarting server.</summary>
    /// <param name="exception">What the driver threw.</param>
    public virtual bool IsTransient(Exception exception) => exception is DbException { IsTransient: true };

    /// <summary>Whether a transient fault says nothing about the database's health, because other requests were in the way.</summary>
    /// <param name="exception">What the driver threw.</param>
    public virtual bool IsConflict(Exception exception) => false;

    /// <summary>
    /// Whether a guarded statement failed because another one changed the row at the same time, or because another row has the new
    /// key already. A database with a stricter default isolation reports this instead of affecting no row. The save is then merged,
    /// not repeated.
    /// </summary>
    /// <param name="exception">What the driver threw.</param>
    public virtual bool IsLostRace(Exception exception) => false;

    /// <summary>Whether the server refused a statement for its size.</summary>
    /// <param name="exception">What the driver threw.</param>
    public virtual bool IsTooLarge(Exception exception) => false;

    /// <summary>
    /// This dialect as the server at hand speaks it. Called once, on the first connection: the servers of a family may differ in a
    /// few statements, and a server that is too old is refused here.
    /// </summary>
    /// <param name="serverVersion">What the driver says of the server: <c>DbConnection.ServerVersion</c>.</param>
    public virtual SqlDialect AdaptTo(string serverVersion) => this;

    /// <summary>
    /// Begins the transaction of a locked merge, in one text with the SELECT that follows. Null to merge by guarded statements without
    /// locks: then <see cref="UpsertOverPlain"/> must be one statement, and <see cref="LegacyKeyBytes"/> must return null, because a
    /// connection from a pool has no transaction around several statements.
    /// </summary>
    public abstract string? BeginMerge { get; }

    /// <summary>
    /// Whether the COMMIT of a transaction may stand in one text with the statement before it. If the server has to undo the
    /// transaction between the two, it must not report success for both. If this is false, the COMMIT costs one more round trip.
    /// </summary>
    public virtual bool CommitsInOneText => true;

    /// <summary>What makes a SELECT lock the row it reads; empty if <see cref="BeginMerge"/> locks enough.</summary>
    public virtual string ForUpdate => "FOR UPDATE";

    /// <summary>
    /// Returns one row for each column of the table, or none if there is no table: the column's name; how many bytes it holds, or
    /// null; 1 if the table has a unique key of exactly the CRC and the key, else 0; how many bytes a statement may have, or null;
    /// and, if the statements need <see cref="CacheTable.KeyIndex"/>, the name of that key's index.
    /// </summary>
    /// <param name="table">The table.</param>
    public abstract string DescribeTable(CacheTable table);

    /// <summary>The type of the owner column: a text of up to 255 bytes as UTF-8, or null, compared byte by byte.</summary>
    public abstract string OwnerType { get; }

    /// <summary>What ends a SELECT that returns at most <c>@limit</c> rows.</summary>
    public virtual string Limit => "LIMIT @limit";

    /// <summary>An expression for the bytes of a row's key, if the column does not contain exactly these.</summary>
    /// <param name="table">The table. Its columns stand without a qualifier.</param>
    public virtual string ReadKey(CacheTable table) => table.Key;

    /// <summary>The statement that creates the index on the owner, in a table that has the column.</summary>
    /// <param name="table">The table.</param>
    public virtual string CreateOwnerIndex(CacheTable table) => $"CREATE INDEX {table.OwnerIndex} ON {table.Name} ({table.Owner}, {table.CreatedAt})";

    /// <summary>
    /// The statements that create the table, with the owner's column and index. If another node created it meanwhile, they do nothing or
    /// fail. A database administrator may run them.
    /// </summary>
    /// <param name="table">The table.</param>
    public abstract string CreateTable(CacheTable table);

    /// <summary>
    /// Inserts the row, or replaces an expired row whole. Affects exactly one row if it inserts, and none or more than one if a live row is
    /// there.
    /// </summary>
    /// <param name="table">The table.</param>
    public abstract string Insert(CacheTable table);

    /// <summary>Inserts the row or overwrites the existing one, but keeps <c>created_at</c> of a live row and columns that it does not know.</summary>
    /// <param name="table">The table.</param>
    public abstract string Upsert(CacheTable table);

    /// <summary>
    /// The same if keys are hashed: <c>@crc @key</c> belong to the hash. A row that still has the key <c>@plain_crc @plain_key</c> is
    /// overwritten and gets the hash as its key, unless another row has that already. One statement or more, run in the transaction
    /// of a merge; exactly one if <see cref="BeginMerge"/> is null.
    /// </summary>
    /// <param name="table">The table.</param>
    public virtual string UpsertOverPlain(CacheTable table) =>
        $"""
        UPDATE {table.Name} SET
          {table.Crc} = @crc,
          {table.Key} = @key
        WHERE {table.Crc} = @plain_crc AND {table.Key} = @plain_key
          AND NOT EXISTS (SELECT 1 FROM {table.Name} AS h WHERE h.{table.Crc} = @crc AND h.{table.Key} = @key);
        {Upsert(table)}
        """;

    /// <summary>Deletes the rows with the keys <c>@crc @key</c> and <c>@plain_crc @plain_key</c>.</summary>
    /// <param name="table">The table.</param>
    public virtual string RemoveBoth(CacheTable table) =>
        $"DELETE FROM {table.Name} WHERE {table.Crc} IN (@crc, @plain_crc) AND {table.Key} IN (@key, @plain_key)";

    /// <summary>
    /// What follows the table's name in a SELECT about two keys, so that the server finds them by the index even in a table that it
    /// takes for empty; empty if nothing is needed.
    /// </summary>
    /// <param name="table">The table.</param>
    public virtual string ByKey(CacheTable table) => "";

    /// <summary>
    /// The table as a locking SELECT or an UPDATE about two keys has to name it: first the row with <c>@plain_crc @plain_key</c>, then
    /// the one with <c>@crc @key</c>. A row only moves from the first to the second, so a statement that waited for a move must look at
    /// the second afterwards. It stands after FROM and after UPDATE, and <c>WHERE TRUE</c> follows. Null if a statement that waited sees the
    /// row with its new key, as on PostgreSQL, or if none ever waits.
    /// </summary>
    /// <param name="table">The table.</param>
    public virtual string? PlainThenHashed(CacheTable table) => null;

    /// <summary>
    /// The end of a SELECT that reads several rows in one statement: <c>FROM</c> and what limits it to the keys of the rows. Null if the
    /// engine cannot: then reads do not share statements.
    /// </summary>
    /// <param name="table">The table. The SELECT names its columns without a qualifier.</param>
    /// <param name="rows">How many rows.</param>
    /// <param name="hashesKeys">Whether each row may have its hashed or its plain key; both are then looked for.</param>
    public virtual string? FromMany(CacheTable table, int rows, bool hashesKeys) => null;

    /// <summary>
    /// Updates several rows in one transaction, in key order, each if it still has its old version, and passes over locked rows. It affects
    /// as many rows as it has written. Null if the engine cannot: then saves do not share statements.
    /// </summary>
    /// <param name="table">The table.</param>
    /// <param name="rows">How many rows.</param>
    /// <param name="keepsVersions">Whether it writes the recent versions, too.</param>
    public virtual string? UpdateMany(CacheTable table, int rows, bool keepsVersions) => null;

    /// <summary>
    /// The same by a cheaper statement, which fails with a conflict (<see cref="IsConflict"/>) and writes nothing if a row is locked. Then
    /// <see cref="UpdateMany"/> follows. If it names more rows than there are, the last row stands there several times. Null if the engine
    /// has no such statement.
    /// </summary>
    /// <param name="table">The table.</param>
    /// <param name="rows">How many rows.</param>
    /// <param name="keepsVersions">Whether it writes the recent versions, too.</param>
    public virtual string? UpdateManyNoWait(CacheTable table, int rows, bool keepsVersions) => null;

    /// <summary>
    /// Inserts several rows in one transaction, in key order. If a row is there already, it inserts the others and affects fewer rows, or
    /// fails as a whole. Null if the engine cannot.
    /// </summary>
    /// <param name="table">The table.</param>
    /// <param name="rows">How many rows.</param>
    public virtual string? InsertMany(CacheTable table, int rows) => null;

    /// <summary>
    /// Touches many rows in one text and passes over locked ones; null to touch them one by one. Needs <see cref="FindTouched"/>.
    /// <c>@touches</c> is a JSON array of arrays: CRC, key in hexadecimal, first and last touch.
    /// </summary>
    /// <param name="table">The table.</param>
    public virtual string? TouchMany(CacheTable table) => null;

    /// <summary>
    /// Returns, for each of <c>@touches</c> whose row exists, its position from 0 (32-bit) and the row's expiry, sliding window and absolute
    /// expiry (64-bit).
    /// </summary>
    /// <param name="table">The table.</param>
    public virtual string? FindTouched(CacheTable table) => null;

    /// <summary>
    /// Deletes at most <c>@limit</c> rows with a CRC from <c>@from_crc</c> to <c>@to_crc</c> that expired at or before <c>@now</c>. Checks
    /// the expiry of each again and passes over locked rows if the engine can.
    /// </summary>
    /// <param name="table">The table.</param>
    public abstract string RemoveExpired(CacheTable table);

    /// <summary>An expression for the UTF-8 bytes of a text column; null if the provider does not support <see cref="LegacyTable"/>.</summary>
    /// <param name="column">The quoted column.</param>
    public virtual string? LegacyKeyBytes(string column) => null;

    /// <summary>An expression for the whole UTC Unix milliseconds in a date column, null for a null; null if the engine has no such type.</summary>
    /// <param name="column">The quoted column.</param>
    /// <param name="hasTimeZone">Whether the column's type knows its time zone; otherwise its values are UTC.</param>
    public virtual string? LegacyUnixMilliseconds(string column, bool hasTimeZone) => null;

    /// <summary>An expression for the whole milliseconds in a column of the engine's own interval type; null if the engine has none.</summary>
    /// <param name="column">The quoted column.</param>
    public virtual string? LegacyIntervalMilliseconds(string column) => null;

    /// <summary>The statements that create the table under these options.</summary>
    /// <param name="options">The options.</param>
    /// <exception cref="ArgumentException">The name of the table, its schema or a column cannot be used.</exception>
    public string CreateTableScript(SmartCacheOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return CreateTable(new CacheTable(this, Schema, options.TableName, options.Columns)) + ";\n";
    }

    /// <summary>The statements that give a table the owner column and its index, if it was created without them.</summary>
    internal string AddOwner(CacheTable table) => $"ALTER TABLE {table.Name} ADD {table.Owner} {OwnerType};\n{CreateOwnerIndex(table)};";

    /// <summary>Statements in the transaction of a merge. Without <see cref="BeginMerge"/>, only SQLite's connection source begins one.</summary>
    internal SqlStatement InOneTransaction(params string[] statements)
    {
        var all = string.Join(";\n", statements);
        return SqlStatement.Committing(BeginMerge is null ? all : $"{BeginMerge};\n{all}", this);
    }
}

using System.Buffers;
using System.Data.Common;

namespace SmartCache.Storage;

/// <summary>
/// What differs between engines, as texts: a new engine is a subclass of this, its options, and how its driver is
/// opened. Everything else (merging, expiry, ADO.NET) is in this package, once.
/// </summary>
/// <remarks>
/// Statement texts name their values <c>@crc @key @plain_crc @plain_key @value @format @version @old_version @expires_at @sliding_ms
/// @absolute_at @now @first @last @touches @from_crc @to_crc @limit</c>; docs/writing-a-provider.md says which statement may
/// use which, and what each must do.
/// </remarks>
public abstract class SqlDialect
{
    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_$- ");

    /// <summary>The engine's name as users write it, for messages.</summary>
    public abstract string EngineName { get; }

    /// <summary>The longest table or column name, in characters.</summary>
    public virtual int MaxNameLength => 63;

    /// <summary>Quotes a name of a table, schema or column that <see cref="FindFault"/> found nothing wrong with.</summary>
    /// <param name="name">The bare name.</param>
    public virtual string Quote(string name) => $"\"{name}\"";

    /// <summary>What is wrong with a name from the options, as the end of a sentence; null if nothing.</summary>
    /// <param name="name">The bare name.</param>
    public virtual string? FindFault(string? name) =>
        string.IsNullOrWhiteSpace(name) ? "is missing"
        : name.Length > MaxNameLength ? $"has {name.Length} characters; {EngineName} allows {MaxNameLength}"
        : name.AsSpan().ContainsAnyExcept(NameCharacters) || name[0] == ' ' || name[^1] == ' '
            ? "holds a character other than ASCII letters, digits, _, $, - and inner blanks"
        : null;

    /// <summary>What is wrong with the engine's own options: whole sentences that name them.</summary>
    /// <param name="options">The options, of the engine's own class.</param>
    public virtual IEnumerable<string> Validate(SmartCacheOptions options) => [];

    /// <summary>The table's schema if the options name one.</summary>
    /// <param name="options">The options, of the engine's own class.</param>
    public virtual string? Schema(SmartCacheOptions options) => null;

    /// <summary>How the driver wants a value named in a statement's text.</summary>
    /// <param name="name">The name without a sigil.</param>
    /// <param name="position">Its place among the statement's values, from 1.</param>
    public virtual string ParameterMarker(string name, int position) => $"@{name}";

    /// <summary>Whether the same operation may well succeed a moment later: a deadlock, a lost connection, a restarting server.</summary>
    /// <param name="exception">What the driver threw.</param>
    public virtual bool IsTransient(Exception exception) => exception is DbException { IsTransient: true };

    /// <summary>Whether a transient fault says nothing of the database's health: other requests were in the way.</summary>
    /// <param name="exception">What the driver threw.</param>
    public virtual bool IsConflict(Exception exception) => false;

    /// <summary>
    /// Whether a guarded statement failed because another one changed the row at the same time, which a database whose
    /// default isolation is stricter says instead of affecting no row, or because another row has got its key meanwhile.
    /// The store is then merged, not tried again.
    /// </summary>
    /// <param name="exception">What the driver threw.</param>
    public virtual bool IsLostRace(Exception exception) => false;

    /// <summary>Whether the server refused a statement for its size.</summary>
    /// <param name="exception">What the driver threw.</param>
    public virtual bool IsTooLarge(Exception exception) => false;

    /// <summary>
    /// The same dialect as this server speaks it. Asked once, on the first connection: a family of servers may differ
    /// in a few statements, and a server too old for them is refused here.
    /// </summary>
    /// <param name="serverVersion">What the driver says of the server: <c>DbConnection.ServerVersion</c>.</param>
    public virtual SqlDialect AdaptTo(string serverVersion) => this;

    /// <summary>
    /// Begins the transaction of a locked merge, sent in one text with the SELECT that follows; null where the
    /// connection source gives every work a transaction of its own.
    /// </summary>
    public abstract string? BeginMerge { get; }

    /// <summary>
    /// Whether the COMMIT of a transaction may stand in one text with the statement before it: a server that has to
    /// undo the transaction between the two must not answer that both succeeded. If not, it costs a round trip more.
    /// </summary>
    public virtual bool CommitsInOneText => true;

    /// <summary>What makes a SELECT lock the row it reads; empty where <see cref="BeginMerge"/> locks enough.</summary>
    public virtual string ForUpdate => "FOR UPDATE";

    /// <summary>
    /// Gives one row per column of the table, none if there is no table: the column's name; how many bytes it holds,
    /// or null; 1 if the table has a unique key of exactly the crc and the key, else 0; how many bytes a statement may
    /// have, or null; and, if the statements want <see cref="CacheTable.KeyIndex"/>, what that key's index is called.
    /// </summary>
    /// <param name="table">The table.</param>
    public abstract string DescribeTable(CacheTable table);

    /// <summary>The statements that create the table unless it exists, as a database administrator may run them.</summary>
    /// <param name="table">The table.</param>
    public abstract string CreateTable(CacheTable table);

    /// <summary>Inserts the row, or replaces an expired one whole; affects no row if a live one is there.</summary>
    /// <param name="table">The table.</param>
    public abstract string Insert(CacheTable table);

    /// <summary>Inserts the row or overwrites what is there, keeping <c>created_at</c> of a live row and columns it does not know.</summary>
    /// <param name="table">The table.</param>
    public abstract string Upsert(CacheTable table);

    /// <summary>
    /// As <see cref="Upsert"/>, where keys are hashed: <c>@crc @key</c> are of the hash. A row that still stands under
    /// <c>@plain_crc @plain_key</c> is the one to overwrite, and gets the hash as its key, unless one stands under that already.
    /// One statement or more, run in the transaction of a merge.
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

    /// <summary>Deletes the rows that stand under <c>@crc @key</c> and <c>@plain_crc @plain_key</c>.</summary>
    /// <param name="table">The table.</param>
    public virtual string RemoveBoth(CacheTable table) =>
        $"DELETE FROM {table.Name} WHERE {table.Crc} IN (@crc, @plain_crc) AND {table.Key} IN (@key, @plain_key)";

    /// <summary>
    /// What follows the table's name in a SELECT about two keys, so that they are looked up by the index even in a table
    /// that the server takes for empty; empty where nothing is needed.
    /// </summary>
    /// <param name="table">The table.</param>
    public virtual string ByKey(CacheTable table) => "";

    /// <summary>
    /// The table as a locking SELECT or an UPDATE about both keys has to name it: with its row under
    /// <c>@plain_crc @plain_key</c>, and after that the one under <c>@crc @key</c>. A row moves only from there to here, so
    /// who had to wait for a move must look here afterwards. Null where a statement that had to wait sees the row with its
    /// new key, as PostgreSQL's does, or nobody waits for a row.
    /// </summary>
    /// <param name="table">The table.</param>
    public virtual string? PlainThenHashed(CacheTable table) => null;

    /// <summary>
    /// Touches many rows in one text, passing over locked ones; null to touch them one by one in one transaction.
    /// <c>@touches</c> is a JSON array of arrays: crc, key in hexadecimal, first and last access.
    /// </summary>
    /// <param name="table">The table.</param>
    public virtual string? TouchMany(CacheTable table) => null;

    /// <summary>Gives, for each of <c>@touches</c> whose row exists: its position, from 0, and the row's expiry, sliding window and absolute expiry.</summary>
    /// <param name="table">The table.</param>
    public virtual string? FindTouched(CacheTable table) => null;

    /// <summary>
    /// Deletes at most <c>@limit</c> rows with a crc from <c>@from_crc</c> to <c>@to_crc</c> that expired at or before
    /// <c>@now</c>; re-checks the expiry of each and passes over locked rows where the engine can.
    /// </summary>
    /// <param name="table">The table.</param>
    public abstract string RemoveExpired(CacheTable table);

    /// <summary>An expression for the UTF-8 bytes of a text column; null if the engine takes no old tables (<see cref="LegacyTable"/>).</summary>
    /// <param name="column">The quoted column.</param>
    public virtual string? LegacyKeyBytes(string column) => null;

    /// <summary>An expression for the whole UTC Unix milliseconds in a date column, null where that holds none; null if the engine has no such type.</summary>
    /// <param name="column">The quoted column.</param>
    /// <param name="hasTimeZone">Whether its type knows its time zone; otherwise it is meant as UTC.</param>
    public virtual string? LegacyUnixMilliseconds(string column, bool hasTimeZone) => null;

    /// <summary>An expression for the whole milliseconds in a column of the engine's own type for spans of time; null if the engine has none.</summary>
    /// <param name="column">The quoted column.</param>
    public virtual string? LegacyIntervalMilliseconds(string column) => null;

    /// <summary>Statements in the transaction of a merge; the connection source gives it where there is no <see cref="BeginMerge"/>.</summary>
    internal SqlStatement InOneTransaction(params string[] statements)
    {
        var all = string.Join(";\n", statements);
        return SqlStatement.Committing(BeginMerge is null ? all : $"{BeginMerge};\n{all}", this);
    }
}

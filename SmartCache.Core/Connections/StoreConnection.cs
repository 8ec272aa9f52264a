using System.Data;

namespace SmartCache.Connections;

/// <summary>Who prepares statements. The server parses a prepared statement only once.</summary>
internal enum Preparation
{
    /// <summary>No one, or the driver by itself.</summary>
    None,

    /// <summary>
    /// Each command is prepared before it runs. The driver remembers what it has prepared on a pooled connection, so this costs one
    /// round trip per statement and connection.
    /// </summary>
    EveryUse,

    /// <summary>Each command is prepared once and kept while its connection is open.</summary>
    Kept,
}

/// <summary>An open connection, as the work that has it uses it.</summary>
internal sealed class StoreConnection(DbConnection connection, Preparation preparation, bool movesCommands, bool isAsync, CancellationToken token)
{
    public DbConnection Connection => connection;

    /// <summary>Creates commands in the connection's place; null if it does so itself.</summary>
    public Func<DbCommand>? NewCommand { get; init; }
    public Preparation Preparation => preparation;

    /// <summary>
    /// Whether a command that has run may be used again on another connection. MySqlConnector still uses the connection of a command whose
    /// timeout has just passed, on a timer's thread: taking it away there would end the process.
    /// </summary>
    public bool MovesCommands => movesCommands;

    /// <summary>Whether to await the driver. If false, everything runs, and blocks, on the caller's thread.</summary>
    public bool IsAsync => isAsync;

    /// <summary>The caller's token.</summary>
    public CancellationToken Token => token;

    /// <summary>The commands kept with the connection, by their statements; null if none are kept.</summary>
    public Dictionary<object, DbCommand>? Commands { get; } = preparation == Preparation.Kept ? [] : null;

    /// <summary>
    /// Whether a transaction may be open: a work began one and did not see it end, or a statement failed whose text may have begun one.
    /// Such a connection must be rolled back or closed, and never given to another work.
    /// </summary>
    public bool IsInTransaction { get; set; }

    public DbCommand CreateCommand() => NewCommand?.Invoke() ?? connection.CreateCommand();

    /// <summary>Ends the transaction that may be open.</summary>
    /// <returns>False if it may still be open, or if the connection is broken.</returns>
    public async ValueTask<bool> TryRollBackAsync()
    {
        if (connection.State != ConnectionState.Open)
            return false;

        using var rollback = connection.CreateCommand();
        rollback.CommandText = "ROLLBACK";
        try
        {
            _ = isAsync ? await rollback.ExecuteNonQueryAsync(CancellationToken.None).ConfigureAwait(false) : rollback.ExecuteNonQuery();
            IsInTransaction = false;
        }
        catch (Exception)
        {
            // The failure that led here is on its way to the caller. The connection may be broken, or the server refuses a ROLLBACK without a transaction.
        }

        return !IsInTransaction;
    }
}

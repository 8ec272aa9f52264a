using Npgsql;

namespace RaceLab.Engines.Postgres;

/// <summary>
/// Counts what the server always counts: transactions of the database, and rows of each table. A connection publishes
/// its share at most once a second, or when it ends: so the lab ends them all before it counts.
/// </summary>
/// <param name="connection">A connection of the lab's own.</param>
/// <param name="pools">Those of the two caches.</param>
internal sealed class PostgresTransactions(NpgsqlConnection connection, IReadOnlyList<NpgsqlDataSource> pools) : PostgresCounter
{
    /// <summary>The first one that can be asked for what it counted without a delay.</summary>
    public const int OldestVersion = 15;

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(2);

    private long _ownTransactions;

    public override string Title => "no pg_stat_statements, so a statement below is a transaction";

    public override string HowCounted =>
        """
        Counted by the server for the whole database, which should have nothing else to do, as pg_stat_statements is not
        there (or not for this user): transactions instead of statements (pg_stat_database), however many statements
        they have, begin and commit included, and the rows of each table (pg_stat_user_tables). Connections are closed
        before each count, which makes the server publish it, so fewer of them are reset than otherwise.
        """;

    public override bool ClosesConnections => true;

    public override async ValueTask<DatabaseCounts> CountAsync(string own, string other, CancellationToken cancellationToken)
    {
        // One transaction, published when it ends, so that the next count knows how many were the lab's own.
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        foreach (var pool in pools)
        {
            pool.Clear();
        }

        while (await AreOthersConnectedAsync(cancellationToken))
        {
            await Task.Delay(BetweenLooks, cancellationToken);
        }

        var counts = await ReadAsync(own, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return counts with { Statements = counts.Statements - _ownTransactions++ };
    }

    public override ValueTask DisposeAsync() => default;

    private async Task<bool> AreOthersConnectedAsync(CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            $"""
            SELECT pg_stat_clear_snapshot();
            SELECT EXISTS (
              SELECT 1 FROM pg_stat_activity
              WHERE application_name = '{ApplicationName}' AND usename = current_user AND pid <> pg_backend_pid())
            """,
            connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return reader.GetBoolean(0);
    }

    // To open a connection takes a transaction too.
    private async Task<DatabaseCounts> ReadAsync(string own, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            $"""
            SELECT
              d.xact_commit + d.xact_rollback - d.sessions,
              (SELECT n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_user_tables WHERE relid = to_regclass('{own}')),
              pg_stat_force_next_flush()
            FROM pg_stat_database AS d
            WHERE d.datname = current_database()
            """,
            connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new DatabaseCounts(reader.GetInt64(0), TransactionControl: 0, reader.IsDBNull(1) ? 0 : reader.GetInt64(1));
    }
}

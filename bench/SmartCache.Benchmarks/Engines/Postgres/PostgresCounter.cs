using Npgsql;

namespace SmartCache.Benchmarks.Engines.Postgres;

/// <summary>Asks the server what it has counted, on a connection of its own.</summary>
internal sealed class PostgresCounter : IAsyncDisposable
{
    private const string FromStatements =
        """
        SELECT
          coalesce(sum(calls) FILTER (WHERE NOT is_control), 0)::bigint,
          coalesce(sum(calls) FILTER (WHERE is_control), 0)::bigint,
          coalesce(sum(rows) FILTER (WHERE query ~* '^\s*(INSERT|UPDATE|DELETE)'), 0)::bigint,
          (pg_current_wal_insert_lsn() - '0/0')::bigint
        FROM (
          SELECT query, calls, rows, query ~* '^\s*(BEGIN|START|COMMIT|END|ROLLBACK|SAVEPOINT|RELEASE)\M' AS is_control
          FROM pg_stat_statements
          WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
            AND query NOT LIKE '%pg_stat_statements%') AS s
        """;

    private const string FromTransactions =
        """
        SELECT xact_commit + xact_rollback, 0::bigint, tup_inserted + tup_updated + tup_deleted, (pg_current_wal_insert_lsn() - '0/0')::bigint
        FROM pg_stat_database
        WHERE datname = current_database()
        """;

    private readonly NpgsqlConnection _connection;
    private readonly bool _hasStatements;

    private PostgresCounter(NpgsqlConnection connection, bool hasStatements) => (_connection, _hasStatements) = (connection, hasStatements);

    public string ServerVersion => _connection.ServerVersion;

    public string HowCounted => _hasStatements
        ? """
          Counted by the server (pg_stat_statements); a reset of a connection counts as the statements that it consists of.
          BEGIN, COMMIT and SET that a driver has prepared are counted only once: there are more of them. Log B is the
          write-ahead log's.
          """
        : """
          Counted by the server, for the whole database: transactions instead of statements, since pg_stat_statements is
          not there (pg_stat_database). Connections publish their share about once a second, so it is approximate.
          Log B is the write-ahead log's.
          """;

    public static async Task<PostgresCounter> CreateAsync(NpgsqlDataSource dataSource, CancellationToken cancellationToken)
    {
        var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        return new PostgresCounter(connection, await HasStatementsAsync(connection, cancellationToken));
    }

    public async ValueTask<Counts> CountAsync(CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(_hasStatements ? FromStatements : FromTransactions, _connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new Counts(reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3), Pings: 0);
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private static async Task<bool> HasStatementsAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            await using var create = new NpgsqlCommand("CREATE EXTENSION IF NOT EXISTS pg_stat_statements", connection);
            await create.ExecuteNonQueryAsync(cancellationToken);
            await using var read = new NpgsqlCommand("SELECT count(*) FROM pg_stat_statements", connection);
            return await read.ExecuteScalarAsync(cancellationToken) is not null;
        }
        catch (PostgresException)
        {
            // No such extension, no right to it, or its library is not loaded.
            return false;
        }
    }
}

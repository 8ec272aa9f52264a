using Npgsql;
using RaceLab.Contenders;

namespace RaceLab.Engines.Postgres;

/// <summary>Counts what the extension pg_stat_statements has of this user's statements, up to the moment.</summary>
internal sealed class PostgresStatements : PostgresCounter
{
    private readonly NpgsqlConnection _connection;
    private readonly string _view;
    private readonly bool _isCreated;

    private PostgresStatements(NpgsqlConnection connection, string view, bool isCreated)
    {
        _connection = connection;
        _view = view;
        _isCreated = isCreated;
    }

    public override string Title => "counted by pg_stat_statements";

    public override string HowCounted =>
        """
        Counted by the server, statement by statement (pg_stat_statements), for the user that both caches log in as.
        A reset of a connection counts as the statements that it consists of.
        """;

    /// <summary>Finds the extension, or creates it for as long as the lab runs, and makes sure that it counts.</summary>
    /// <returns>Null where the server does not have it, does not load it, or does not let this user.</returns>
    public static async Task<PostgresStatements?> FindAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var isCreated = false;
        try
        {
            var view = await ViewAsync(connection, cancellationToken);
            if (view is null)
            {
                await RunAsync(connection, "CREATE EXTENSION pg_stat_statements", cancellationToken);
                isCreated = true;
                view = await ViewAsync(connection, cancellationToken);
            }

            // The lab has just created that table.
            if (await RunAsync(connection, $"SELECT 1 FROM {view} WHERE query LIKE 'CREATE TABLE {LastWriterWinsSql.TableName}%'", cancellationToken) is not null)
            {
                return new PostgresStatements(connection, view!, isCreated);
            }
        }
        catch (PostgresException)
        {
            // No such extension, no right to it, or its library is not loaded.
        }

        if (isCreated)
        {
            await RunAsync(connection, "DROP EXTENSION pg_stat_statements", cancellationToken);
        }

        return null;
    }

    /// <remarks>
    /// What names the other cache's table is not this one's. SmartCache notes which sessions were used in a batch that
    /// takes them from a JSON array.
    /// </remarks>
    public override async ValueTask<DatabaseCounts> CountAsync(string own, string other, CancellationToken cancellationToken)
    {
        await using var command = _connection.CreateCommand();
        command.CommandText =
            $"""
            SELECT
              coalesce(sum(calls) FILTER (WHERE NOT is_control), 0)::bigint,
              coalesce(sum(calls) FILTER (WHERE is_control), 0)::bigint,
              coalesce(sum(rows) FILTER (WHERE query ~* '^\s*(INSERT|UPDATE|DELETE)' AND query LIKE '%{own}%'), 0)::bigint
            FROM (
              SELECT query, calls, rows, query ~* '^\s*(BEGIN|START|COMMIT|END|ROLLBACK|SAVEPOINT|RELEASE)\M' AS is_control
              FROM {_view}
              WHERE userid = current_user::regrole
                AND dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
                AND query NOT LIKE '%{other}%'
                AND query NOT LIKE '%pg_stat_statements%'
                AND query NOT LIKE '%jsonb_array_elements%'
                AND query NOT LIKE 'SET LOCAL synchronous_commit%') AS s
            """;
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new DatabaseCounts(reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2));
    }

    public override async ValueTask DisposeAsync()
    {
        if (_isCreated)
        {
            await RunAsync(_connection, "DROP EXTENSION IF EXISTS pg_stat_statements", CancellationToken.None);
        }
    }

    /// <summary>The view's name, in whatever schema the extension is.</summary>
    private static async Task<string?> ViewAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        (string?)await RunAsync(
            connection,
            "SELECT quote_ident(nspname) || '.pg_stat_statements' FROM pg_extension JOIN pg_namespace AS n ON n.oid = extnamespace WHERE extname = 'pg_stat_statements'",
            cancellationToken);

    private static async Task<object?> RunAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(cancellationToken);
    }
}

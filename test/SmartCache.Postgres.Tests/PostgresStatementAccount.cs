using Npgsql;
using SmartCache.Contract.Engines;

namespace SmartCache.Postgres.Tests;

/// <summary>
/// Counts by the extension pg_stat_statements, which knows every statement by its role, resets of a connection
/// included. So the cache logs in as a role of its own.
/// </summary>
internal sealed class PostgresStatementAccount : StatementAccount
{
    private const string Role = "counted";

    private readonly NpgsqlConnection _observer;
    private readonly WireTap _tap;

    private PostgresStatementAccount(NpgsqlConnection observer)
    {
        _observer = observer;
        _tap = new WireTap(observer.Host!, observer.Port);
    }

    public override long? RoundTrips => _tap.RoundTrips;

    public static async Task<PostgresStatementAccount> OpenAsync(PostgresEngine engine)
    {
        var observer = (NpgsqlConnection)engine.OpenConnection();
        var account = new PostgresStatementAccount(observer);
        try
        {
            // All of it: the extension has room for 5,000 statements, and then forgets some.
            await account.RunAsync("CREATE EXTENSION IF NOT EXISTS pg_stat_statements; SELECT pg_stat_statements_reset()");
        }
        catch (PostgresException exception)
        {
            await account.EndAsync();
            throw new InvalidOperationException(
                "Statements are counted by pg_stat_statements, which this server does not have or does not load: "
                + "install PostgreSQL's contrib modules and start it with shared_preload_libraries=pg_stat_statements.",
                exception);
        }

        await account.RunAsync(
            $"""
            DROP ROLE IF EXISTS {Role};
            CREATE ROLE {Role} LOGIN PASSWORD '{Role}' IN ROLE CURRENT_USER
            """);
        return account;
    }

    public override void Connect(SmartCacheOptions options) =>
        options.ConnectionString += $";Host=127.0.0.1;Port={_tap.Port};Username={Role};Password={Role}";

    public override IReadOnlyList<string> Take()
    {
        using var command = _observer.CreateCommand();
        command.CommandText =
            $"""
            SELECT query, calls FROM pg_stat_statements WHERE userid = '{Role}'::regrole;
            SELECT pg_stat_statements_reset('{Role}'::regrole)
            """;
        using var reader = command.ExecuteReader();
        List<string> verbs = [];
        while (reader.Read())
        {
            verbs.AddRange(Enumerable.Repeat(Verb(reader.GetString(0)), checked((int)reader.GetInt64(1))));
        }

        return verbs;
    }

    public override async ValueTask DisposeAsync()
    {
        await RunAsync($"DROP OWNED BY {Role}; DROP ROLE {Role}");
        await EndAsync();
    }

    private async ValueTask EndAsync()
    {
        await _tap.DisposeAsync();
        await _observer.DisposeAsync();
    }

    private async Task RunAsync(string sql)
    {
        await using var command = new NpgsqlCommand(sql, _observer);
        await command.ExecuteNonQueryAsync();
    }
}

using System.Data.Common;
using Npgsql;

namespace SmartCache.Engines;

/// <summary>
/// Counts this user's statements with the extension pg_stat_statements. If the server does not have or load it, counts the
/// database's transactions. Connections publish those about once a second, or when they close, so the connections of
/// <see cref="CreateDataSource"/> are closed before each count.
/// </summary>
internal sealed class PostgresCounter : StatementCounter
{
    /// <summary>The first release that can publish its counts at once.</summary>
    private const int OldestWithoutStatements = 15;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly NpgsqlConnection _connection;
    private readonly CounterOptions _options;
    private readonly List<NpgsqlDataSource> _sources = [];
    private string? _view;
    private bool _isCreated;
    private long _ownTransactions;

    private PostgresCounter(NpgsqlConnection connection, CounterOptions options) => (_connection, _options) = (connection, options);

    public override string Version => _connection.ServerVersion + (_view is null ? ", no pg_stat_statements, so a statement below is a transaction" : "");

    public override string HowCounted => _view is not null
        ? """
          Counted by the server, statement by statement (pg_stat_statements), for the user that all caches log in as. A reset of
          a connection counts as the statements that it consists of. BEGIN, COMMIT and SET that a driver has prepared are
          counted only once: there are more of them. Log B is the write-ahead log's. Pages are of 8 KB, those not in the buffer
          read from the system, whose own cache may have them.
          """
        : """
          Counted by the server for the whole database, which should have nothing else to do, as pg_stat_statements is not
          there (or not for this user): transactions instead of statements (pg_stat_database), however many statements
          they have, begin and commit included. Connections are closed before each count where that is possible, which makes
          the server publish it; else it is approximate. Log B is the write-ahead log's.
          """;

    /// <exception cref="InvalidOperationException">This server cannot count.</exception>
    public static async Task<PostgresCounter> OpenAsync(string connectionString, CounterOptions options, CancellationToken cancellationToken)
    {
        // The view is in the extension's schema.
        const string FindView =
            "SELECT quote_ident(nspname) || '.pg_stat_statements' FROM pg_extension JOIN pg_namespace AS n ON n.oid = extnamespace WHERE extname = 'pg_stat_statements'";
        var connection = new NpgsqlConnection($"{connectionString};Pooling=false");
        await connection.OpenAsync(cancellationToken);
        var counter = new PostgresCounter(connection, options);
        try
        {
            if (await counter.AskAsync(FindView, cancellationToken) is null)
            {
                await counter.AskAsync("CREATE EXTENSION pg_stat_statements", cancellationToken);
                counter._isCreated = true;
            }

            var view = (string?)await counter.AskAsync(FindView, cancellationToken);
            await counter.AskAsync($"SELECT count(*) FROM {view}", cancellationToken);
            counter._view = view;
        }
        catch (PostgresException)
        {
            // No such extension, no right to it, or its library is not loaded.
            if (connection.PostgreSqlVersion.Major < OldestWithoutStatements)
            {
                throw new InvalidOperationException(
                    $"PostgreSQL {connection.ServerVersion} has no pg_stat_statements to count by; without it {OldestWithoutStatements} is needed.");
            }
        }

        return counter;
    }

    public override DbDataSource CreateDataSource(string connectionString) => Keep(new NpgsqlConnectionStringBuilder(connectionString));

    // Only a pool of the counter's own can be closed from here. The settings are what SmartCache makes of a connection string itself.
    public override void Connect(SmartCacheOptions options, string connectionString)
    {
        if (_view is not null)
        {
            base.Connect(options, connectionString);
            return;
        }

        options.DataSource = Keep(new NpgsqlConnectionStringBuilder(connectionString) { NoResetOnClose = true, MaxAutoPrepare = 30, AutoPrepareMinUsages = 2 });
    }

    public override ValueTask<Counts> CountAsync(CancellationToken cancellationToken) =>
        _view is null ? CountTransactionsAsync(cancellationToken) : CountStatementsAsync(cancellationToken);

    public override async ValueTask<long?> CountConnectionsAsync(CancellationToken cancellationToken) => (long?)await AskAsync(
        "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND datname = current_database() AND pid <> pg_backend_pid()",
        cancellationToken);

    public override async ValueTask DisposeAsync()
    {
        if (_isCreated)
            await AskAsync("DROP EXTENSION IF EXISTS pg_stat_statements", CancellationToken.None);

        await _connection.DisposeAsync();
    }

    private NpgsqlDataSource Keep(NpgsqlConnectionStringBuilder settings)
    {
        settings.ApplicationName = nameof(PostgresCounter);
        _sources.Add(NpgsqlDataSource.Create(settings));
        return _sources[^1];
    }

    /// <remarks>SmartCache writes touches in batches, which take them from a JSON array.</remarks>
    private async ValueTask<Counts> CountStatementsAsync(CancellationToken cancellationToken)
    {
        var touches = _options.WithTouches ? "" : "AND query NOT LIKE '%jsonb_array_elements%' AND query NOT LIKE 'SET LOCAL synchronous_commit%'";
        var except = _options.Except is null ? "" : $"AND query NOT LIKE '%{_options.Except}%'";
        return await ReadAsync(
            $"""
            SELECT
              coalesce(sum(calls) FILTER (WHERE NOT is_control), 0)::bigint,
              coalesce(sum(calls) FILTER (WHERE is_control), 0)::bigint,
              coalesce(sum(rows) FILTER (WHERE query ~* '^\s*(INSERT|UPDATE|DELETE)'), 0)::bigint,
              (pg_current_wal_insert_lsn() - '0/0')::bigint,
              coalesce(sum(shared_blks_hit + shared_blks_read), 0)::bigint,
              coalesce(sum(shared_blks_read), 0)::bigint
            FROM (
              SELECT *, query ~* '^\s*(BEGIN|START|COMMIT|END|ROLLBACK|SAVEPOINT|RELEASE)\M' AS is_control
              FROM {_view}
              WHERE userid = current_user::regrole
                AND dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
                AND query NOT LIKE '%pg_stat_statements%' AND query NOT LIKE '%pg_stat_activity%' {touches} {except}) AS s
            """,
            cancellationToken);
    }

    private async ValueTask<Counts> CountTransactionsAsync(CancellationToken cancellationToken)
    {
        // One transaction, which is published when it ends. So the next count knows how many were the counter's own.
        await using var transaction = await _connection.BeginTransactionAsync(cancellationToken);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        _sources.ForEach(source => source.Clear());
        while (await AskAsync(
            $"""
            SELECT pg_stat_clear_snapshot() IS NULL OR EXISTS (
              SELECT 1 FROM pg_stat_activity
              WHERE application_name = '{nameof(PostgresCounter)}' AND usename = current_user AND pid <> pg_backend_pid())
            """,
            patience.Token) is true)
        {
            await Task.Delay(Pause, patience.Token);
        }

        // Opening a connection also takes a transaction.
        var counts = await ReadAsync(
            """
            SELECT xact_commit + xact_rollback - sessions, 0::bigint, tup_inserted + tup_updated + tup_deleted,
              (pg_current_wal_insert_lsn() - '0/0')::bigint, 0::bigint, 0::bigint, pg_stat_force_next_flush()
            FROM pg_stat_database
            WHERE datname = current_database()
            """,
            cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return counts with { Statements = counts.Statements - _ownTransactions++ };
    }

    private async Task<Counts> ReadAsync(string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, _connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new Counts(
            reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3), PagesRequested: reader.GetInt64(4), PagesRead: reader.GetInt64(5));
    }

    private async Task<object?> AskAsync(string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, _connection);
        return await command.ExecuteScalarAsync(cancellationToken);
    }
}

/// <summary>
/// Lists statements from the extension pg_stat_statements, including resets of a connection. It has the role of each, so
/// the cache logs in as a role of its own.
/// </summary>
internal sealed class PostgresAccount : StatementAccount
{
    private const string Role = "counted";

    private readonly NpgsqlConnection _observer;
    private readonly WireTap _tap;

    private PostgresAccount(NpgsqlConnection observer) => (_observer, _tap) = (observer, new WireTap(observer.Host!, observer.Port));

    public override long? RoundTrips => _tap.RoundTrips;

    public static async Task<PostgresAccount> OpenAsync(string connectionString)
    {
        var observer = new NpgsqlConnection(connectionString);
        await observer.OpenAsync();
        var account = new PostgresAccount(observer);
        try
        {
            // The whole list: the extension has room for 5,000 statements, and then forgets some.
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
            verbs.AddRange(Enumerable.Repeat(Verb(reader.GetString(0)), checked((int)reader.GetInt64(1))));

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

using System.Data.Common;
using System.Globalization;
using MySqlConnector;

namespace SmartCache.Engines;

/// <summary>The server's own counts (MariaDB and MySQL), read on a separate connection.</summary>
internal sealed class MySqlCounter : StatementCounter
{
    private const string Query =
        """
        SHOW GLOBAL STATUS
        WHERE Variable_name IN ('Questions', 'Com_show_status', 'Com_admin_commands', 'Com_update_multi',
          'Com_begin', 'Com_commit', 'Com_rollback', 'Com_savepoint', 'Com_release_savepoint', 'Com_rollback_to_savepoint',
          'Innodb_rows_inserted', 'Innodb_rows_updated', 'Innodb_rows_deleted',
          'Handler_write', 'Handler_update', 'Handler_delete', 'Innodb_os_log_written',
          'Innodb_buffer_pool_read_requests', 'Innodb_buffer_pool_reads')
        """;

    private readonly MySqlConnection _connection;
    private readonly CounterOptions _options;

    private MySqlCounter(MySqlConnection connection, CounterOptions options) => (_connection, _options) = (connection, options);

    // MariaDB may come as "5.5.5-10.11.6-MariaDB", an old concession to replication.
    public override string Version => $"{_connection.ServerVersion.Replace("5.5.5-", "", StringComparison.Ordinal)} ({nameof(MySqlConnector)})";

    public override string HowCounted =>
        """
        Counted by the server, all of it, so it should have nothing else to do (SHOW GLOBAL STATUS: Questions, Com_*,
        Innodb_os_log_written; rows by Innodb_rows_*, or by Handler_* on MariaDB, where an upsert that meets a row counts
        twice). A SET counts as a statement. What a driver sends besides statements (pings) is in the JSON. Pages are of 16 KB.
        """;

    /// <exception cref="InvalidOperationException">The server is the other family member's.</exception>
    public static async Task<MySqlCounter> OpenAsync(bool isMariaDb, string connectionString, CounterOptions options, CancellationToken cancellationToken)
    {
        var connection = new MySqlConnection($"{connectionString};Pooling=false");
        await connection.OpenAsync(cancellationToken);
        return connection.ServerVersion.Contains("MariaDB", StringComparison.OrdinalIgnoreCase) == isMariaDb
            ? new MySqlCounter(connection, options)
            : throw new InvalidOperationException($"a server of version {connection.ServerVersion} is not {(isMariaDb ? "MariaDB" : "MySQL")}.");
    }

    public override DbDataSource CreateDataSource(string connectionString) => new MySqlDataSource(connectionString);

    public override async ValueTask<Counts> CountAsync(CancellationToken cancellationToken)
    {
        var status = (await Database.ListAsync(_connection, Query, cancellationToken))
            .Select(row => row.Split(' '))
            .ToDictionary(row => row[0], row => long.Parse(row[1], CultureInfo.InvariantCulture), StringComparer.OrdinalIgnoreCase);
        var transactionControl = Sum("Com_begin", "Com_commit", "Com_rollback", "Com_savepoint", "Com_release_savepoint", "Com_rollback_to_savepoint");

        // MariaDB no longer has the first. MySQL counts rows of temporary tables in the second.
        var rowsWritten = status.ContainsKey("Innodb_rows_inserted")
            ? Sum("Innodb_rows_inserted", "Innodb_rows_updated", "Innodb_rows_deleted")
            : Sum("Handler_write", "Handler_update", "Handler_delete");

        // Only the batch of touches updates through a join.
        var touches = _options.WithTouches ? 0 : Sum("Com_update_multi");
        return new Counts(
            Sum("Questions") - transactionControl - touches - Sum("Com_show_status"), // The last is this query itself.
            transactionControl,
            rowsWritten,
            Sum("Innodb_os_log_written"),
            Sum("Com_admin_commands"),
            Sum("Innodb_buffer_pool_read_requests"),
            Sum("Innodb_buffer_pool_reads"));

        long Sum(params string[] names) => names.Sum(name => status[name]);
    }

    // A statement of the kind that the counts leave out.
    public override async ValueTask<long?> CountConnectionsAsync(CancellationToken cancellationToken) =>
        long.Parse((await Database.ListAsync(_connection, "SHOW GLOBAL STATUS LIKE 'Threads_connected'", cancellationToken)).Single().Split(' ')[1], CultureInfo.InvariantCulture) - 1;

    public override ValueTask DisposeAsync() => _connection.DisposeAsync();
}

/// <summary>
/// Lists commands from the server's general log, including those that are not statements (Ping, Init DB, Reset Connection,
/// Prepare). The log has the user of each, so the cache logs in as a user of its own.
/// </summary>
internal sealed class MySqlAccount : StatementAccount
{
    private const string User = "counted";

    private readonly MySqlConnection _observer;
    private readonly MySqlConnectionStringBuilder _login;
    private readonly WireTap _tap;
    private string _restore = "";

    private MySqlAccount(string connectionString)
    {
        _observer = new MySqlConnection(connectionString);
        _login = new MySqlConnectionStringBuilder(connectionString);
        _tap = new WireTap(_login.Server, (int)_login.Port);
        (_login.Server, _login.Port, _login.UserID, _login.Password) = ("127.0.0.1", (uint)_tap.Port, User, User);
    }

    public override long? RoundTrips => _tap.RoundTrips;

    public static async Task<MySqlAccount> OpenAsync(string connectionString)
    {
        var account = new MySqlAccount(connectionString);
        await account._observer.OpenAsync();
        account._restore = (await Database.ListAsync(
            account._observer, "SELECT CONCAT('SET GLOBAL general_log = ', @@GLOBAL.general_log, '; SET GLOBAL log_output = ''', @@GLOBAL.log_output, '''')")).Single();
        await account.RunAsync($"DROP USER IF EXISTS '{User}'@'%'");
        await account.RunAsync($"CREATE USER '{User}'@'%' IDENTIFIED BY '{User}'");
        await account.RunAsync($"GRANT ALL PRIVILEGES ON `{account._login.Database}`.* TO '{User}'@'%'");
        await account.RunAsync("SET GLOBAL log_output = 'TABLE'");
        await account.RunAsync("SET GLOBAL general_log = ON");
        return account;
    }

    public override void Connect(SmartCacheOptions options) => options.ConnectionString = _login.ConnectionString;

    public override IReadOnlyList<string> Take()
    {
        // Up to the first value. If several statements are sent as one text, MySQL logs each, and MariaDB the text.
        List<string> verbs = [];
        using (var command = _observer.CreateCommand())
        {
            command.CommandText = $"SELECT CONVERT(SUBSTRING_INDEX(argument, '''', 1) USING latin1), command_type FROM mysql.general_log WHERE user_host LIKE '{User}[%'";
            using var reader = command.ExecuteReader();
            while (reader.Read())
            {
                var (text, type) = (reader.GetString(0), reader.GetString(1));
                verbs.AddRange(type is "Query" or "Execute" ? text.Split(";\n").Select(Verb) : [type]);
            }
        }

        using var empty = _observer.CreateCommand();
        empty.CommandText = "TRUNCATE TABLE mysql.general_log";
        empty.ExecuteNonQuery();
        return verbs;
    }

    public override async ValueTask DisposeAsync()
    {
        await RunAsync(_restore);
        await RunAsync("TRUNCATE TABLE mysql.general_log");
        await RunAsync($"DROP USER '{User}'@'%'");
        await _tap.DisposeAsync();
        await _observer.DisposeAsync();
    }

    private async Task RunAsync(string sql) => await Database.ListAsync(_observer, sql);
}

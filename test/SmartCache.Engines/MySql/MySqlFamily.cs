using System.Data.Common;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using MySqlConnector;
using SmartCache.MySql;

namespace SmartCache.Engines;

/// <summary>MariaDB or MySQL, which count statements alike and rows each in its own way.</summary>
internal sealed class MySqlFamily(bool isMariaDb) : EngineFamily
{
    public override string Title => isMariaDb ? "MariaDB" : "MySQL";
    public override string Dialect => "mysql";
    public override DbProviderFactory Driver => MySqlConnectorFactory.Instance;
    public override string Registration => """builder.Services.AddSmartMySqlCache("Server=localhost;Database=shop;User ID=shop;Password=…");""";

    // MySQL has deprecated VALUES(), and MariaDB knows no name for the row that the INSERT brings.
    public override LastWriterWinsSql LastWriterWins { get; } = new(KeyType: "VARCHAR(449)", ValueType: "LONGBLOB")
    {
        Upsert = isMariaDb ? Upsert("", static column => $"VALUES({column})") : Upsert(" AS n", static column => $"n.{column}"),
    };

    public override IReadOnlyList<string> WithoutDiskWaits => ["--innodb-flush-log-at-trx-commit=2", "--sync-binlog=0"];
    public override int MaxNameLength => 64;
    public override string HostKeyword => "Server";

    public override string Quote(string name) => $"`{name}`";

    public override IServiceCollection AddCache(IServiceCollection services, Action<SmartCacheOptions> configure, string? key = null) =>
        key is null ? services.AddSmartMySqlCache(configure) : services.AddKeyedSmartMySqlCache(key, configure);

    public override IServiceCollection AddCache(IServiceCollection services, IConfiguration section, string? key = null) =>
        key is null ? services.AddSmartMySqlCache(section) : services.AddKeyedSmartMySqlCache(key, section);

    public override string CreateTableScript(string table) => new SmartMySqlCacheOptions { TableName = table }.CreateTableScript();

    public override async Task<StatementCounter> OpenCounterAsync(string connectionString, CounterOptions options, CancellationToken cancellationToken) =>
        await MySqlCounter.OpenAsync(isMariaDb, connectionString, options, cancellationToken);

    public override async Task<StatementAccount> OpenAccountAsync(string connectionString) => await MySqlAccount.OpenAsync(connectionString);

    public override async Task CloseConnectionsAsync(Database database)
    {
        var user = new MySqlConnectionStringBuilder(database.ConnectionString).UserID;
        await using var connection = await database.OpenAsync();
        var own = (await Database.ListAsync(connection, "SELECT CONNECTION_ID()")).Single();
        var threads = (await Database.ListAsync(connection, "SHOW PROCESSLIST")).Select(row => row.Split(' '));
        foreach (var thread in threads.Where(fields => fields[1] == user && fields[0] != own).Select(fields => fields[0]))
        {
            try
            {
                await Database.ListAsync(connection, $"KILL {thread}");
            }
            catch (MySqlException exception) when (exception.ErrorCode == MySqlErrorCode.NoSuchThread)
            {
                // It has closed by itself meanwhile.
            }
        }
    }

    public override async Task<List<string>> FindDamageAsync(Database database, string table) =>
        [.. (await database.ListAsync($"CHECK TABLE {table} EXTENDED")).Where(row => !row.EndsWith(" status OK", StringComparison.Ordinal))];

    public override void ClearPools() => MySqlConnection.ClearAllPools();

    public override SqlClient Client(string connectionString)
    {
        var login = new MySqlConnectionStringBuilder(connectionString);
        return new SqlClient(
            Dialect,
            "mariadb",
            "mariadb-client-core libmariadb3",
            ["--no-defaults", "--batch", "--skip-column-names", "--default-character-set=utf8mb4", "--skip-ssl-verify-server-cert",
                $"--host={login.Server}", $"--port={login.Port}", $"--user={login.UserID}", $"--database={login.Database}"],
            new Dictionary<string, string> { ["MYSQL_PWD"] = login.Password });
    }

    public override string Account(string name) => $"'{name}'@'%'";

    public override string CreateAccount(string name) => $"CREATE USER {Account(name)} IDENTIFIED BY '{name}'";

    public override string DropAccount(string name) => $"DROP USER {Account(name)}";

    public override string ConnectAs(string name) => $";User ID={name};Password={name}";

    private static string Upsert(string alias, Func<string, string> brought) =>
        $"""
        INSERT INTO {LastWriterWinsSql.TableName} (cache_key, expires_at, sliding_ms, absolute_at, value)
        VALUES (@key, @expires_at, @sliding_ms, @absolute_at, @value){alias}
        ON DUPLICATE KEY UPDATE
          expires_at = {brought("expires_at")},
          sliding_ms = {brought("sliding_ms")},
          absolute_at = {brought("absolute_at")},
          value = {brought("value")}
        """;
}

using System.Data.Common;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using SmartCache.Postgres;

namespace SmartCache.Engines;

internal sealed class PostgresFamily : EngineFamily
{
    public override string Title => "PostgreSQL";
    public override string Dialect => "postgres";
    public override DbProviderFactory Driver => NpgsqlFactory.Instance;
    public override string Registration => """builder.Services.AddSmartPostgresCache("Host=localhost;Database=shop;Username=shop;Password=…");""";
    public override LastWriterWinsSql LastWriterWins { get; } = new(KeyType: "TEXT", ValueType: "BYTEA");

    // The server would do it by itself a little later.
    public override string Tidy => "VACUUM {0}";
    public override IReadOnlyList<string> WithoutDiskWaits => ["--fsync=off"];
    public override string HostKeyword => "Host";

    public override IServiceCollection AddCache(IServiceCollection services, Action<SmartCacheOptions> configure, string? key = null) =>
        key is null ? services.AddSmartPostgresCache(configure) : services.AddKeyedSmartPostgresCache(key, configure);

    public override IServiceCollection AddCache(IServiceCollection services, IConfiguration section, string? key = null) =>
        key is null ? services.AddSmartPostgresCache(section) : services.AddKeyedSmartPostgresCache(key, section);

    public override string CreateTableScript(string table) => new SmartPostgresCacheOptions { TableName = table }.CreateTableScript();

    public override async Task<StatementCounter> OpenCounterAsync(string connectionString, CounterOptions options, CancellationToken cancellationToken) =>
        await PostgresCounter.OpenAsync(connectionString, options, cancellationToken);

    public override async Task<StatementAccount> OpenAccountAsync(string connectionString) => await PostgresAccount.OpenAsync(connectionString);

    public override Task CloseConnectionsAsync(Database database) => database.ListAsync(
        """
        SELECT pg_terminate_backend(pid)
        FROM pg_stat_activity
        WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()
        """);

    /// <summary>By amcheck: the table, and its indexes against themselves and against the table.</summary>
    public override async Task<List<string>> FindDamageAsync(Database database, string table)
    {
        try
        {
            await database.ListAsync("CREATE EXTENSION IF NOT EXISTS amcheck");
            await database.ListAsync($"SELECT bt_index_check(indexrelid, heapallindexed => true) FROM pg_index WHERE indrelid = '{table}'::regclass");
            return await database.ListAsync($"SELECT blkno, offnum, attnum, msg FROM verify_heapam('{table}')");
        }
        catch (PostgresException exception) when (exception.SqlState is PostgresErrorCodes.IndexCorrupted or PostgresErrorCodes.DataCorrupted)
        {
            return [exception.MessageText];
        }
    }

    public override void ClearPools() => NpgsqlConnection.ClearAllPools();

    public override SqlClient Client(string connectionString)
    {
        var login = new NpgsqlConnectionStringBuilder(connectionString);
        return new SqlClient(
            Dialect,
            "psql",
            "postgresql-client-common postgresql-client",
            ["--no-psqlrc", "--quiet", "--no-align", "--tuples-only", "--field-separator=\t", "--set=ON_ERROR_STOP=1",
                $"--host={login.Host}", $"--port={login.Port}", $"--username={login.Username}", $"--dbname={login.Database}"],
            new Dictionary<string, string> { ["PGPASSWORD"] = login.Password! });
    }

    public override string CreateAccount(string name) => $"CREATE ROLE {name} LOGIN PASSWORD '{name}'";

    public override string DropAccount(string name) => $"DROP OWNED BY {name}; DROP ROLE {name}";

    public override string ConnectAs(string name) => $";Username={name};Password={name}";
}

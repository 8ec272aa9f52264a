using System.Data.Common;
using Microsoft.Extensions.DependencyInjection;
using RaceLab.Contenders;
using SmartCache.Benchmarks.CommandLine;
using SmartCache.Benchmarks.Contenders;
using SmartCache.Benchmarks.Floor;
using SmartCache.Benchmarks.Tables;
using SmartCache.MySql;

namespace SmartCache.Benchmarks.Engines.MySql;

/// <summary>MariaDB or MySQL: a table for each contender in one database.</summary>
internal sealed class MySqlFamilyEngine : BenchmarkEngine
{
    private readonly string _name;
    private readonly Server _server;
    private readonly DbDataSource _admin;
    private readonly DbConnection _counting;

    private MySqlFamilyEngine(string name, Server server, DbDataSource admin, DbConnection counting) =>
        (_name, _server, _admin, _counting) = (name, server, admin, counting);

    private static DbProviderFactory Driver => global::MySqlConnector.MySqlConnectorFactory.Instance;

    // MariaDB may come as "5.5.5-10.11.6-MariaDB", an old concession to replication.
    public override string Description => $"{_name} {_counting.ServerVersion.Replace("5.5.5-", "", StringComparison.Ordinal)} ({Driver.GetType().Namespace})";

    public override string HowCounted =>
        """
        Counted by the server (SHOW GLOBAL STATUS: Questions, Com_*, Innodb_os_log_written; rows by Innodb_rows_*, or by
        Handler_* on MariaDB, where an upsert that meets a row counts twice). What a driver sends besides statements
        (pings) is in the JSON.
        """;

    protected override LastWriterWinsSql BaselineSql { get; } = new(KeyType: "VARCHAR(449)", ValueType: "LONGBLOB")
    {
        Upsert =
            $"""
            INSERT INTO {LastWriterWinsSql.TableName} (cache_key, expires_at, sliding_ms, absolute_at, value)
            VALUES (@key, @expires_at, @sliding_ms, @absolute_at, @value)
            ON DUPLICATE KEY UPDATE
              expires_at = VALUES(expires_at),
              sliding_ms = VALUES(sliding_ms),
              absolute_at = VALUES(absolute_at),
              value = VALUES(value)
            """,
    };

    /// <exception cref="UsageException">There is no such database, or it is the other family member's.</exception>
    public static async Task<MySqlFamilyEngine> StartAsync(string name, Server server, CancellationToken cancellationToken)
    {
        try
        {
            var admin = Driver.CreateDataSource(server.ConnectionString);
            var counting = await admin.OpenConnectionAsync(cancellationToken);
            return counting.ServerVersion.Contains("MariaDB", StringComparison.OrdinalIgnoreCase) == (name == "MariaDB")
                ? new MySqlFamilyEngine(name, server, admin, counting)
                : throw new UsageException($"--connection leads to a server of version {counting.ServerVersion}, which is not {name}.");
        }
        catch (Exception exception) when (exception is DbException or ArgumentException or FormatException or KeyNotFoundException)
        {
            await server.DisposeAsync();
            throw new UsageException($"--connection leads to no database: {exception.Message}");
        }
    }

    public override DbDataSource CreateDataSource() => Driver.CreateDataSource(_server.ConnectionString);

    public override SmartCacheOptions OptionsFor(string table) => new SmartMySqlCacheOptions { TableName = table };

    public override ValueTask<Counts> CountAsync(CancellationToken cancellationToken) => MySqlStatus.ReadAsync(_counting, cancellationToken);

    public override SessionTable OpenTable(string contender) =>
        new(Driver.CreateDataSource(_server.ConnectionString), LayoutOf(contender), tidy: null);

    public override async ValueTask DisposeAsync()
    {
        await using (var drop = _counting.CreateCommand())
        {
            drop.CommandText = $"DROP TABLE IF EXISTS {SmartCacheTable}, {FloorStatements.TableName}, {LastWriterWinsSql.TableName}";
            await drop.ExecuteNonQueryAsync();
        }

        await _counting.DisposeAsync();
        await _admin.DisposeAsync();
        await _server.DisposeAsync();
    }

    protected override void AddSmartCache(IServiceCollection services, Action<SmartCacheOptions> configure) =>
        services.AddSmartMySqlCache(options =>
        {
            options.ConnectionString = _server.ConnectionString;
            options.TableName = SmartCacheTable;
            configure(options);
        });

    protected override FloorConnections CreateFloor() =>
        new PooledConnections(Driver.CreateDataSource($"{_server.ConnectionString};Connection Reset=false"), prepares: true);

    protected override Contender CreateBaseline()
    {
        var source = Driver.CreateDataSource(_server.ConnectionString);
        return new CacheContender(new LastWriterWinsCache(source, BaselineSql, TimeProvider.System), source);
    }
}

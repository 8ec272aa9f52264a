using System.Data.Common;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using RaceLab.Contenders;
using SmartCache.Benchmarks.CommandLine;
using SmartCache.Benchmarks.Contenders;
using SmartCache.Benchmarks.Floor;
using SmartCache.Benchmarks.Tables;
using SmartCache.Postgres;

namespace SmartCache.Benchmarks.Engines.Postgres;

/// <summary>PostgreSQL: a table for each contender in one database.</summary>
internal sealed class PostgresEngine : BenchmarkEngine
{
    private readonly Server _server;
    private readonly NpgsqlDataSource _admin;
    private readonly PostgresCounter _counter;

    private PostgresEngine(Server server, NpgsqlDataSource admin, PostgresCounter counter) => (_server, _admin, _counter) = (server, admin, counter);

    public override string Description => $"PostgreSQL {_counter.ServerVersion}";

    public override string HowCounted => _counter.HowCounted;

    protected override LastWriterWinsSql BaselineSql { get; } = new(KeyType: "TEXT", ValueType: "BYTEA");

    /// <exception cref="UsageException">There is no such database.</exception>
    public static async Task<PostgresEngine> StartAsync(Server server, CancellationToken cancellationToken)
    {
        try
        {
            var admin = NpgsqlDataSource.Create(server.ConnectionString);
            return new PostgresEngine(server, admin, await PostgresCounter.CreateAsync(admin, cancellationToken));
        }
        catch (Exception exception) when (exception is NpgsqlException or ArgumentException or FormatException)
        {
            await server.DisposeAsync();
            throw new UsageException($"--connection leads to no database: {exception.Message}");
        }
    }

    public override DbDataSource CreateDataSource() => NpgsqlDataSource.Create(_server.ConnectionString);

    public override SmartCacheOptions OptionsFor(string table) => new SmartPostgresCacheOptions { TableName = table };

    public override ValueTask<Counts> CountAsync(CancellationToken cancellationToken) => _counter.CountAsync(cancellationToken);

    // The server would do it by itself a little later.
    public override SessionTable OpenTable(string contender) =>
        new(NpgsqlDataSource.Create(_server.ConnectionString), LayoutOf(contender), tidy: "VACUUM {0}");

    public override async ValueTask DisposeAsync()
    {
        await using (var drop = _admin.CreateCommand($"DROP TABLE IF EXISTS {SmartCacheTable}, {FloorStatements.TableName}, {LastWriterWinsSql.TableName}"))
        {
            await drop.ExecuteNonQueryAsync();
        }

        await _counter.DisposeAsync();
        await _admin.DisposeAsync();
        await _server.DisposeAsync();
    }

    protected override void AddSmartCache(IServiceCollection services, Action<SmartCacheOptions> configure) =>
        services.AddSmartPostgresCache(options =>
        {
            options.ConnectionString = _server.ConnectionString;
            options.TableName = SmartCacheTable;
            configure(options);
        });

    protected override FloorConnections CreateFloor() => new PooledConnections(
        NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(_server.ConnectionString)
        {
            NoResetOnClose = true,
            MaxAutoPrepare = 20,
            AutoPrepareMinUsages = 2,
        }),
        prepares: false);

    protected override Contender CreateBaseline()
    {
        var source = NpgsqlDataSource.Create(_server.ConnectionString);
        return new CacheContender(new LastWriterWinsCache(source, BaselineSql, TimeProvider.System), source);
    }
}

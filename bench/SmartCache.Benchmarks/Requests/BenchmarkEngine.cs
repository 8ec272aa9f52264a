using System.Data.Common;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SmartCache.Engines;

namespace SmartCache.Benchmarks.Requests;

/// <summary>A database that requests are measured on, with a table for each contender, and its counts.</summary>
internal sealed class BenchmarkEngine : IAsyncDisposable
{
    /// <summary>SmartCache's table unless a table of another name is asked for.</summary>
    public const string SmartCacheTable = "bench_smart_cache";

    private readonly Database _database;
    private readonly StatementCounter _counter;

    private BenchmarkEngine(Database database, StatementCounter counter) => (_database, _counter) = (database, counter);

    /// <summary>The engine and its version.</summary>
    public string Description => $"{_database.Family.Title} {_counter.Version}";

    /// <summary>What the columns of counts mean here.</summary>
    public string HowCounted => _counter.HowCounted;

    /// <param name="name">The engine.</param>
    /// <param name="connection">The connection string of a running database; null to start one, with its default durability.</param>
    /// <param name="options">How a server is started; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    /// <exception cref="UsageException">There is no such database.</exception>
    public static async Task<BenchmarkEngine> StartAsync(string name, string? connection, EngineOptions? options, CancellationToken cancellationToken)
    {
        var database = connection is null ? await Database.StartAsync(name, options, cancellationToken) : Database.At(name, connection);
        try
        {
            return new BenchmarkEngine(database, await database.OpenCounterAsync(new CounterOptions(), cancellationToken));
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }

    /// <summary>Connections that no contender has.</summary>
    public DbDataSource CreateDataSource(string contender = ContenderNames.SmartCache) =>
        _database.Family.CreateDataSource(_database.Folder is null ? _database.ConnectionString : $"{_database.ConnectionStringOf(contender)};Pooling=False");

    public string CreateTableScript(string table) => _database.Family.CreateTableScript(table);

    public ValueTask<Counts> CountAsync(CancellationToken cancellationToken) => _counter.CountAsync(cancellationToken);

    /// <summary>Gives a contender's table, to be filled and looked at.</summary>
    public SessionTable OpenTable(string contender) => new(CreateDataSource(contender), LayoutOf(contender), _database.Family.Preparation, _database.Family.Tidy);

    public Contender Create(string contender)
    {
        var connectionString = _database.ConnectionStringOf(contender);
        switch (contender)
        {
            case ContenderNames.SmartCache:
                var provider = BuildSmartCache(static _ => { });
                return new CacheContender(provider.GetRequiredService<IDistributedCache>(), provider);
            case ContenderNames.Floor:
                return new FloorContender(CreateFloor(connectionString), TimeProvider.System);
            default:
                // On connections as the driver gives them unless told otherwise.
                var source = _counter.CreateDataSource(connectionString);
                return new CacheContender(new LastWriterWinsCache(source, _database.Family.LastWriterWins, TimeProvider.System), source);
        }
    }

    /// <summary>SmartCache as any app has it, with its defaults unless told otherwise.</summary>
    public ServiceProvider BuildSmartCache(Action<SmartCacheOptions> configure, ILoggerProvider? logs = null)
    {
        // Sessions must not be read twice, as they are at level Information.
        var services = new ServiceCollection();
        services.AddLogging(logging => logging
            .SetMinimumLevel(LogLevel.Warning)
            .AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace));
        if (logs is not null)
        {
            var listener = logs.GetType().FullName;
            services.AddLogging(logging => logging
                .AddProvider(logs)
                .AddFilter((provider, _, level) => level >= (provider == listener ? LogLevel.Debug : LogLevel.Warning)));
        }

        _database.Family.AddCache(services, options =>
        {
            _counter.Connect(options, _database.ConnectionStringOf(ContenderNames.SmartCache));
            options.TableName = SmartCacheTable;
            configure(options);
        });
        return services.BuildServiceProvider();
    }

    public async ValueTask DisposeAsync()
    {
        if (_database.Folder is null)
        {
            await _database.ListAsync($"DROP TABLE IF EXISTS {SmartCacheTable}, {FloorStatements.TableName}, {LastWriterWinsSql.TableName}");
        }

        await _counter.DisposeAsync();
        await _database.DisposeAsync();
    }

    private FloorConnections CreateFloor(string connectionString) => _database.Family.Dialect switch
    {
        "sqlite" => new FloorConnections(_counter.CreateDataSource($"{connectionString};Pooling=False"), prepares: true, holds: true),
        "postgres" => new FloorConnections(
            _counter.CreateDataSource($"{connectionString};No Reset On Close=true;Max Auto Prepare=20;Auto Prepare Min Usages=2"), prepares: false, holds: false),
        _ => new FloorConnections(_counter.CreateDataSource($"{connectionString};Connection Reset=false"), prepares: true, holds: false),
    };

    private TableLayout LayoutOf(string contender) => contender switch
    {
        ContenderNames.SmartCache => new SmartLayout(SmartCacheTable, CreateTableScript(SmartCacheTable)),
        ContenderNames.Floor => new SmartLayout(FloorStatements.TableName, CreateTableScript(FloorStatements.TableName)),
        ContenderNames.Baseline => new BaselineLayout(_database.Family.LastWriterWins),
        _ => throw new ArgumentOutOfRangeException(nameof(contender), contender, null),
    };
}

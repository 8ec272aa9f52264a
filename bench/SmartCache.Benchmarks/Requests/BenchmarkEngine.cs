using System.Data.Common;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NeoSmart.Caching.Sqlite;
using SmartCache.Engines;

namespace SmartCache.Benchmarks;

/// <summary>The database on which requests are measured, with a table for each contender, and its counts.</summary>
internal sealed class BenchmarkEngine : IAsyncDisposable
{
    /// <summary>SmartCache's table unless a table of another name is asked for.</summary>
    public const string SmartCacheTable = "bench_smart_cache";

    private readonly Database _database;
    private readonly StatementCounter _counter;
    private readonly EngineServer? _bouncer;
    private long? _ownConnections;

    private BenchmarkEngine(Database database, StatementCounter counter, EngineServer? bouncer) =>
        (_database, _counter, _bouncer) = (database, counter, bouncer);

    /// <summary>The engine and its version.</summary>
    public string Description => $"{_database.Family.Title} {_counter.Version}{(_bouncer is null ? "" : " through PgBouncer in transaction mode")}";

    /// <summary>What the columns of counts mean here.</summary>
    public string HowCounted => _counter.HowCounted;

    /// <summary>Opens the database of a connection string. Without one, starts a server with its default durability.</summary>
    /// <exception cref="UsageException">There is no such database.</exception>
    public static async Task<BenchmarkEngine> StartAsync(
        string name, string? connection, EngineOptions? options, CancellationToken cancellationToken, bool throughPgBouncer = false)
    {
        StatementCounter? counter = null;
        EngineServer? bouncer = null;
        var database = await Database.OpenAsync(name, connection, options, cancellationToken);
        await database.StartedAsync(async started =>
        {
            bouncer = throughPgBouncer ? await PgBouncer.StartAsync(started.ConnectionString, cancellationToken) : null;
            counter = await started.OpenCounterAsync(new CounterOptions(), cancellationToken);
        });
        return new BenchmarkEngine(database, counter!, bouncer);
    }

    /// <summary>Connections that no contender has.</summary>
    public DbDataSource CreateDataSource(string contender = ContenderName.SmartCache) =>
        _database.Family.CreateDataSource(_database.Folder is null ? _database.ConnectionString : $"{_database.ConnectionStringOf(contender)};Pooling=False");

    public string CreateTableScript(string table) => _database.Family.CreateTableScript(table);

    public ValueTask<Counts> CountAsync(CancellationToken cancellationToken) => _counter.CountAsync(cancellationToken);

    /// <summary>The connections of contenders that the server has now; null if there is no server.</summary>
    public async ValueTask<long?> CountConnectionsAsync(CancellationToken cancellationToken) =>
        await _counter.CountConnectionsAsync(cancellationToken) - (_ownConnections ?? 0);

    /// <summary>Tells that the only connections are the benchmark's own: one for each table, in the driver's pool.</summary>
    public async Task NoteOwnConnectionsAsync(CancellationToken cancellationToken) => _ownConnections ??= await CountConnectionsAsync(cancellationToken);

    /// <summary>Gives a contender's table, to be filled and looked at.</summary>
    public SessionTable OpenTable(ContenderName contender) => new(this, contender, LayoutOf(contender.Kind), _database.Family.Preparation, _database.Family.Tidy);

    public Contender Create(ContenderName contender)
    {
        var connectionString = ConnectionStringOf(contender);
        switch (contender.Kind)
        {
            case ContenderName.SmartCache:
                var provider = BuildSmartCache(
                    options => options.CoalescingConnections = contender.Coalescing ?? options.CoalescingConnections, contender: contender);
                return new CacheContender(provider.GetRequiredService<IDistributedCache>(), provider);
            case ContenderName.Floor:
                return new FloorContender(CreateFloor(connectionString), TimeProvider.System);
            case ContenderName.NeoSmart:
                var neoSmart = new SqliteCache(new SqliteCacheOptions { CachePath = connectionString });
                return new CacheContender(neoSmart, neoSmart);
            default:
                // On connections as the driver gives them unless told otherwise.
                var source = _counter.CreateDataSource(connectionString);
                return new CacheContender(new LastWriterWinsCache(source, _database.Family.LastWriterWins, TimeProvider.System), source);
        }
    }

    /// <summary>SmartCache as any app has it, with its defaults unless told otherwise.</summary>
    public ServiceProvider BuildSmartCache(Action<SmartCacheOptions> configure, ILoggerProvider? logs = null, ContenderName? contender = null)
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
            _counter.Connect(options, ConnectionStringOf(contender ?? new ContenderName(ContenderName.SmartCache)));
            options.TableName = SmartCacheTable;
            configure(options);
        });
        return services.BuildServiceProvider();
    }

    public async ValueTask DisposeAsync()
    {
        if (_database.Folder is null)
            await _database.ListAsync($"DROP TABLE IF EXISTS {SmartCacheTable}, {FloorStatements.TableName}, {LastWriterWinsSql.TableName}");

        await _counter.DisposeAsync();
        if (_bouncer is not null)
            await _bouncer.DisposeAsync();
        await _database.DisposeAsync();
    }


    private string ConnectionStringOf(ContenderName contender) =>
        (_bouncer?.ConnectionString ?? _database.ConnectionStringOf(contender.Kind)) + (contender.Pool is { } pool ? $";Maximum Pool Size={pool}" : "");

    // What the connection string says comes last, and counts.
    private FloorConnections CreateFloor(string connectionString) => _database.Family.Dialect switch
    {
        "sqlite" => new FloorConnections(_counter.CreateDataSource($"{connectionString};Pooling=False"), prepares: true, holds: true),
        "postgres" => new FloorConnections(
            _counter.CreateDataSource($"No Reset On Close=true;Max Auto Prepare=20;Auto Prepare Min Usages=2;{connectionString}"), prepares: false, holds: false),
        _ => new FloorConnections(_counter.CreateDataSource($"{connectionString};Connection Reset=false"), prepares: true, holds: false),
    };

    private TableLayout LayoutOf(string contender) => contender switch
    {
        ContenderName.SmartCache => TableLayout.Smart(SmartCacheTable, CreateTableScript(SmartCacheTable)),
        ContenderName.Floor => TableLayout.Smart(FloorStatements.TableName, CreateTableScript(FloorStatements.TableName)),
        ContenderName.NeoSmart => TableLayout.NeoSmart,
        _ => TableLayout.Baseline(_database.Family.LastWriterWins),
    };
}

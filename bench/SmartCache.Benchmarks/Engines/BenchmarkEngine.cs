using System.Data.Common;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using RaceLab.Contenders;
using SmartCache.Benchmarks.Contenders;
using SmartCache.Benchmarks.Floor;
using SmartCache.Benchmarks.Tables;

namespace SmartCache.Benchmarks.Engines;

/// <summary>A database that requests are measured on: how each contender is made on it, and how it counts.</summary>
internal abstract class BenchmarkEngine : IAsyncDisposable
{
    /// <summary>SmartCache's table unless a table of another name is asked for.</summary>
    public const string SmartCacheTable = "bench_smart_cache";

    /// <summary>The engine and its version.</summary>
    public abstract string Description { get; }

    /// <summary>What the columns of counts mean here.</summary>
    public abstract string HowCounted { get; }

    /// <summary>The statements of the baseline.</summary>
    protected abstract LastWriterWinsSql BaselineSql { get; }

    /// <summary>Connections that no contender has.</summary>
    public abstract DbDataSource CreateDataSource();

    /// <summary>Options that name the table, for its script.</summary>
    public abstract SmartCacheOptions OptionsFor(string table);

    public abstract ValueTask<Counts> CountAsync(CancellationToken cancellationToken);

    /// <summary>Gives a contender's table, to be filled and looked at.</summary>
    public abstract SessionTable OpenTable(string contender);

    public Contender Create(string contender) => contender switch
    {
        ContenderNames.SmartCache => CreateSmartCache(),
        ContenderNames.Floor => new FloorContender(CreateFloor(), TimeProvider.System),
        ContenderNames.Baseline => CreateBaseline(),
        _ => throw new ArgumentOutOfRangeException(nameof(contender), contender, null),
    };

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

        AddSmartCache(services, configure);
        return services.BuildServiceProvider();
    }

    public abstract ValueTask DisposeAsync();

    protected abstract void AddSmartCache(IServiceCollection services, Action<SmartCacheOptions> configure);

    protected abstract FloorConnections CreateFloor();

    /// <summary>On connections as the driver gives them unless told otherwise.</summary>
    protected abstract Contender CreateBaseline();

    protected TableLayout LayoutOf(string contender) => contender switch
    {
        ContenderNames.SmartCache => new SmartLayout(OptionsFor(SmartCacheTable)),
        ContenderNames.Floor => new SmartLayout(OptionsFor(FloorStatements.TableName)),
        ContenderNames.Baseline => new BaselineLayout(BaselineSql),
        _ => throw new ArgumentOutOfRangeException(nameof(contender), contender, null),
    };

    private CacheContender CreateSmartCache()
    {
        var provider = BuildSmartCache(static _ => { });
        return new CacheContender(provider.GetRequiredService<IDistributedCache>(), provider);
    }
}

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
    protected const string SmartCacheTable = "bench_smart_cache";

    /// <summary>The engine and its version.</summary>
    public abstract string Description { get; }

    /// <summary>What the columns of counts mean here.</summary>
    public abstract string HowCounted { get; }

    /// <summary>The statements of the baseline.</summary>
    protected abstract LastWriterWinsSql BaselineSql { get; }

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

    public abstract ValueTask DisposeAsync();

    protected abstract void AddSmartCache(IServiceCollection services);

    protected abstract FloorConnections CreateFloor();

    /// <summary>On connections as the driver gives them unless told otherwise.</summary>
    protected abstract Contender CreateBaseline();

    /// <summary>Options that name the table, for its script.</summary>
    protected abstract SmartCacheOptions OptionsFor(string table);

    protected TableLayout LayoutOf(string contender) => contender switch
    {
        ContenderNames.SmartCache => new SmartLayout(OptionsFor(SmartCacheTable)),
        ContenderNames.Floor => new SmartLayout(OptionsFor(FloorStatements.TableName)),
        ContenderNames.Baseline => new BaselineLayout(BaselineSql),
        _ => throw new ArgumentOutOfRangeException(nameof(contender), contender, null),
    };

    // As any app has it, with its defaults. Sessions must not be read twice, as they are at level Information.
    private CacheContender CreateSmartCache()
    {
        var services = new ServiceCollection();
        services.AddLogging(logging => logging
            .SetMinimumLevel(LogLevel.Warning)
            .AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace));
        AddSmartCache(services);
        var provider = services.BuildServiceProvider();
        return new CacheContender(provider.GetRequiredService<IDistributedCache>(), provider);
    }
}

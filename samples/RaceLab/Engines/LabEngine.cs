using System.Data.Common;
using Microsoft.Extensions.Caching.Distributed;
using RaceLab.Contenders;

namespace RaceLab.Engines;

/// <summary>
/// A database the race can run on: where it is, how both caches are registered on it, and how it counts what they
/// send. Another engine is one more subclass, and its line in <see cref="KnownEngines"/>.
/// </summary>
internal abstract class LabEngine : IAsyncDisposable
{
    /// <summary>The engine, its version and the settings that matter; known after <see cref="PrepareAsync"/>.</summary>
    public abstract string Description { get; }

    /// <summary>Where the rows are.</summary>
    public abstract string Location { get; }

    /// <summary>The line of code that an app has SmartCache on this engine with.</summary>
    public abstract string Registration { get; }

    /// <summary>A few sentences on what is counted, and by whom.</summary>
    public abstract string HowCounted { get; }

    /// <summary>The connections of <see cref="LastWriterWinsCache"/>.</summary>
    protected abstract DbDataSource LastWriterWinsSource { get; }

    /// <summary>The statements of <see cref="LastWriterWinsCache"/>.</summary>
    protected abstract LastWriterWinsSql LastWriterWinsSql { get; }

    /// <summary>Makes the database ready, without any row of an earlier run.</summary>
    public virtual async Task PrepareAsync(CancellationToken cancellationToken)
    {
        await using var connection = await LastWriterWinsSource.OpenConnectionAsync(cancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = LastWriterWinsSql.CreateTable;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public void AddCache(CacheKind kind, IServiceCollection services)
    {
        if (kind == CacheKind.SmartCache)
        {
            AddSmartCache(services);
        }
        else
        {
            services.AddSingleton<IDistributedCache>(new LastWriterWinsCache(LastWriterWinsSource, LastWriterWinsSql, TimeProvider.System));
        }
    }

    /// <summary>All that a cache has cost so far. The apps take turns, so a count of the whole server will do.</summary>
    public abstract ValueTask<DatabaseCounts> CountAsync(CacheKind kind, CancellationToken cancellationToken);

    /// <summary>Removes what the run left.</summary>
    public abstract ValueTask DisposeAsync();

    /// <summary>Registers SmartCache as any app would, on connections that can be counted.</summary>
    protected abstract void AddSmartCache(IServiceCollection services);
}

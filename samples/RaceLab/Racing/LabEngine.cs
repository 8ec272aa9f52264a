using System.Data.Common;
using Microsoft.Extensions.Caching.Distributed;
using SmartCache.Engines;

namespace RaceLab.Racing;

internal enum CacheKind
{
    LastWriterWins,
    SmartCache,
}

/// <summary>The database of the race, with a table for each cache, and its counts.</summary>
internal sealed class LabEngine : IAsyncDisposable
{
    /// <summary>A name that no table of anyone else's has.</summary>
    private const string SmartCacheTable = "racelab_smart_cache";

    private readonly Database _database;
    private readonly Dictionary<CacheKind, StatementCounter> _counters = [];
    private DbDataSource? _lastWriterWins;

    private LabEngine(Database database) => _database = database;

    /// <summary>The engine, its version and the settings that matter.</summary>
    public string Description => $"{_database.Family.Title} {_counters[CacheKind.SmartCache].Version}";

    /// <summary>Where the rows are.</summary>
    public string Location { get; private set; } = "";

    /// <summary>The line of code by which an app gets SmartCache on this engine.</summary>
    public string Registration => _database.Family.Registration;

    /// <summary>A few sentences on what is counted, and by whom.</summary>
    public string HowCounted => _counters[CacheKind.SmartCache].HowCounted + (_database.Folder is null
        ? """

          Last writer wins is on the connection string as it is given: the driver then resets a connection that it takes from its
          pool again, as for any cache on such a string. SmartCache, given the same string, switches that reset off.
          """
        : "");

    /// <summary>Makes the database ready, without any row of an earlier run.</summary>
    /// <param name="name">The engine.</param>
    /// <param name="connection">The connection string of a running database; null to start one.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    /// <exception cref="UsageException">There is no such database.</exception>
    public static async Task<LabEngine> StartAsync(string name, string? connection, CancellationToken cancellationToken)
    {
        var engine = new LabEngine(connection is null ? await Database.StartAsync(name, cancellationToken: cancellationToken) : Database.At(name, connection));
        try
        {
            await engine.PrepareAsync(cancellationToken);
            return engine;
        }
        catch
        {
            await engine.DisposeAsync();
            throw;
        }
    }

    public void AddCache(CacheKind kind, IServiceCollection services)
    {
        if (kind == CacheKind.LastWriterWins)
        {
            services.AddSingleton<IDistributedCache>(new LastWriterWinsCache(_lastWriterWins!, _database.Family.LastWriterWins, TimeProvider.System));
            return;
        }

        _database.Family.AddCache(services, options =>
        {
            _counters[kind].Connect(options, _database.ConnectionString);
            options.TableName = SmartCacheTable;
        });
    }

    /// <summary>All that a cache has cost so far. The apps take turns, so a count of the whole server will do.</summary>
    public ValueTask<Counts> CountAsync(CacheKind kind, CancellationToken cancellationToken) => _counters[kind].CountAsync(cancellationToken);

    /// <summary>Removes what the run left.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_lastWriterWins is not null)
        {
            await DropTablesAsync();
            await _lastWriterWins.DisposeAsync();
        }

        foreach (var counter in _counters.Values)
        {
            await counter.DisposeAsync();
        }

        await _database.DisposeAsync();
    }

    private async Task PrepareAsync(CancellationToken cancellationToken)
    {
        var connectionString = _database.ConnectionString;
        _counters[CacheKind.LastWriterWins] = await _database.OpenCounterAsync(new CounterOptions(WithTouches: false, Except: SmartCacheTable), cancellationToken);
        _counters[CacheKind.SmartCache] = await _database.OpenCounterAsync(new CounterOptions(WithTouches: false, Except: LastWriterWinsSql.TableName), cancellationToken);
        _lastWriterWins = _counters[CacheKind.LastWriterWins].CreateDataSource(connectionString);
        await using (var connection = await _database.OpenAsync(cancellationToken))
        {
            Location = _database.Folder is null ? $"database {connection.Database} on {connection.DataSource}" : connection.DataSource;
        }

        // A run that was killed has left its tables.
        await DropTablesAsync();
        foreach (var statement in new[] { _database.Family.Preparation, _database.Family.LastWriterWins.CreateTable })
        {
            if (statement is not null)
            {
                await _database.ListAsync(statement);
            }
        }
    }

    private async Task DropTablesAsync()
    {
        await _database.ListAsync($"DROP TABLE IF EXISTS {LastWriterWinsSql.TableName}");
        await _database.ListAsync($"DROP TABLE IF EXISTS {SmartCacheTable}");
    }
}

/// <summary>What a database counted for requests of four kinds.</summary>
/// <param name="Racing">Requests that each change an entry of one session, all at once.</param>
/// <param name="Changing">Requests that change an entry, one at a time.</param>
/// <param name="Reading">Requests that only read the session.</param>
/// <param name="Untouched">Requests that come with a session's cookie and do not touch the session.</param>
internal sealed record RequestCosts(Counts Racing, Counts Changing, Counts Reading, Counts Untouched)
{
    public static readonly RequestCosts None = new(default, default, default, default);

    public static RequestCosts operator +(RequestCosts left, RequestCosts right) => new(
        left.Racing + right.Racing,
        left.Changing + right.Changing,
        left.Reading + right.Reading,
        left.Untouched + right.Untouched);
}

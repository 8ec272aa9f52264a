using System.Data.Common;
using RaceLab.CommandLine;
using RaceLab.Contenders;

namespace RaceLab.Engines;

/// <summary>A database on a server: the lab has two tables in it while it runs, and one connection to count on.</summary>
internal abstract class ServerEngine : LabEngine
{
    /// <summary>A name that no table of anyone else's has.</summary>
    protected const string SmartCacheTable = "racelab_smart_cache";

    private DbConnection? _counting;
    private string _location = "";

    public override string Location => _location;

    /// <summary>Open for as long as the lab: what it sends itself is the same before and after a request.</summary>
    protected DbConnection Counting => _counting ?? throw new InvalidOperationException("The engine is not prepared.");

    /// <exception cref="UsageException">There is no such server, or no such database on it.</exception>
    public override async Task PrepareAsync(CancellationToken cancellationToken)
    {
        try
        {
            _counting = await LastWriterWinsSource.OpenConnectionAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is DbException or ArgumentException)
        {
            throw new UsageException($"--connection leads to no database: {exception.Message}");
        }

        _location = $"database {_counting.Database} on {_counting.DataSource}";

        // A run that was killed has left its tables.
        await DropTablesAsync(cancellationToken);
        await base.PrepareAsync(cancellationToken);
    }

    public override async ValueTask DisposeAsync()
    {
        if (_counting is not null)
        {
            await _counting.DisposeAsync();
            await DropTablesAsync(CancellationToken.None);
        }

        await LastWriterWinsSource.DisposeAsync();
    }

    protected async Task<DbDataReader> QueryAsync(string sql, CancellationToken cancellationToken)
    {
        await using var command = Counting.CreateCommand();
        command.CommandText = sql;
        return await command.ExecuteReaderAsync(cancellationToken);
    }

    private async Task DropTablesAsync(CancellationToken cancellationToken)
    {
        await using var connection = await LastWriterWinsSource.OpenConnectionAsync(cancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = $"DROP TABLE IF EXISTS {LastWriterWinsSql.TableName}, {SmartCacheTable}";
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}

using System.Data.Common;
using SmartCache.Benchmarks.Growth.Tables;

namespace SmartCache.Benchmarks.Growth.Lookups;

/// <summary>Lets the server look a whole list of keys up, again and again.</summary>
internal sealed class ProbeWorker(DbConnection connection, DbCommand command, int probes) : IWorker
{
    public static async Task<ProbeWorker> StartAsync(
        GrowthDatabase database, GrowthTable table, string probeTable, int probes, CancellationToken cancellationToken)
    {
        var connection = await database.OpenAsync(cancellationToken);
        if (database.BeforeProbing is not null)
        {
            await Sql.RunAsync(connection, database.BeforeProbing, [], cancellationToken);
        }

        return new ProbeWorker(connection, Sql.Command(connection, database.ProbeStatement(table, probeTable), []), probes);
    }

    public async Task<int> WorkAsync(CancellationToken cancellationToken)
    {
        await command.ExecuteScalarAsync(cancellationToken);
        return probes;
    }

    public async ValueTask DisposeAsync()
    {
        await command.DisposeAsync();
        await connection.DisposeAsync();
    }
}

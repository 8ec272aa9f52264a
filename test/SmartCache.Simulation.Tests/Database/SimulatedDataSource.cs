using System.Data.Common;

namespace SmartCache.Simulation.Database;

/// <summary>Opens connections to the simulated server.</summary>
internal sealed class SimulatedDataSource(Server server) : DbDataSource
{
    public override string ConnectionString => "";

    protected override DbConnection CreateDbConnection() => new SimulatedConnection(server);
}

using System.Data.Common;

namespace SmartCache.Simulation.Database;

/// <summary>What the simulated driver throws.</summary>
internal sealed class SimulatedFault(string message, bool isTransient) : DbException(message)
{
    public override bool IsTransient => isTransient;

    /// <summary>Others were in the way; the connection is as good as before.</summary>
    public bool IsConflict { get; init; }

    /// <summary>A guarded statement found that another had changed the row, as strict isolation says it.</summary>
    public bool IsLostRace { get; init; }
}

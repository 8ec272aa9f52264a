using SmartCache.Simulation.Nodes;

namespace SmartCache.Simulation.Checking;

/// <summary>A request loaded its session.</summary>
internal sealed class SessionRead(string name, SimulatedNode node, long begin) : Operation(name, node, begin)
{
    /// <summary>Which life of the session was found; null if none was.</summary>
    public Guid? Incarnation { get; set; }

    public IReadOnlyDictionary<string, string> Entries { get; set; } = new Dictionary<string, string>();
}

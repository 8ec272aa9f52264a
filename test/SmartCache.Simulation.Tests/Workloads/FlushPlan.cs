using SmartCache.Simulation.Database;
using SmartCache.Simulation.Nodes;

namespace SmartCache.Simulation.Workloads;

/// <summary>Somebody asks for the waiting accesses to be written, or for expired rows to be removed, now.</summary>
internal sealed record FlushPlan(string Name, int Node, TimeSpan After, bool Sweeps) : Plan(Name, Node, After)
{
    protected override async Task DoAsync(World world, SimulatedNode node)
    {
        try
        {
            await (Sweeps ? node.Cache.RemoveExpiredAsync() : node.Cache.FlushAsync());
        }
        catch (SimulatedFault)
        {
            // The accesses wait on, the rows too.
        }
    }
}

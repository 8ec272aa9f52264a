using SmartCache.Simulation.Checking;
using SmartCache.Simulation.Database;
using SmartCache.Simulation.Nodes;

namespace SmartCache.Simulation.Workloads;

/// <summary>Code outside of any request removes a session, as a back office does.</summary>
internal sealed record RemovePlan(string Name, int Node, TimeSpan After, string Key) : Plan(Name, Node, After)
{
    protected override async Task DoAsync(World world, SimulatedNode node)
    {
        var removal = new SessionRemoval(Name, node, world.History.Next());
        world.History.Of(Key).Removals.Add(removal);
        try
        {
            await world.History.FollowAsync(removal, () => node.Cache.RemoveAsync(Key));
        }
        catch (SimulatedFault)
        {
            // Told to the caller, and so noted.
        }
    }
}

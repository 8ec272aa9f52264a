using SmartCache.Simulation.Nodes;

namespace SmartCache.Simulation.Workloads;

/// <summary>Something that happens in a schedule.</summary>
/// <param name="Name">What it is called in traces.</param>
/// <param name="Node">On which node.</param>
/// <param name="After">How long after the schedule's begin.</param>
internal abstract record Plan(string Name, int Node, TimeSpan After)
{
    /// <summary>Whether it happens to the node, instead of being its own doing: that would end with the node.</summary>
    public virtual bool IsFromOutside => false;

    public async Task RunAsync(World world)
    {
        if (After > TimeSpan.Zero)
        {
            await world.Time.DelayAsync(After);
        }

        await world.Agenda.ReachAsync("begins");
        await DoAsync(world, world.Nodes[Node]);
    }

    protected abstract Task DoAsync(World world, SimulatedNode node);
}

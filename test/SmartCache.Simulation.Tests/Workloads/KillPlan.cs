using SmartCache.Simulation.Nodes;

namespace SmartCache.Simulation.Workloads;

/// <summary>A node's process is killed.</summary>
internal sealed record KillPlan(int Node, TimeSpan After) : Plan("killer", Node, After)
{
    public override bool IsFromOutside => true;

    protected override Task DoAsync(World world, SimulatedNode node)
    {
        node.Die();
        return Task.CompletedTask;
    }
}

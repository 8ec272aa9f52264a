using SmartCache.Simulation.Nodes;
using SmartCache.Simulation.Requests;

namespace SmartCache.Simulation.Workloads;

/// <summary>A request of a session.</summary>
internal sealed record RequestPlan(string Name, int Node, TimeSpan After, string Key, params IReadOnlyList<Deed> Deeds) : Plan(Name, Node, After)
{
    protected override Task DoAsync(World world, SimulatedNode node) => new RequestRun(world, node, this).RunAsync();

    public override string ToString() => $"{Name} on node {Node} after {After.TotalSeconds} s: {string.Join(", ", Deeds)}";
}

using SmartCache.Simulation.Nodes;

namespace SmartCache.Simulation.Checking;

/// <summary>Somebody removed a session.</summary>
internal sealed class SessionRemoval(string name, SimulatedNode node, long begin) : Operation(name, node, begin);

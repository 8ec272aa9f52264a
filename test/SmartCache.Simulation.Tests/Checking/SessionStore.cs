using SmartCache.Simulation.Nodes;
using SmartCache.Simulation.Requests;

namespace SmartCache.Simulation.Checking;

/// <summary>A request stored its session.</summary>
/// <param name="name">What it is called in messages.</param>
/// <param name="node">The node.</param>
/// <param name="begin">When.</param>
/// <param name="requestBegin">When its request loaded the session, or began.</param>
/// <param name="hadBase">Whether the request had found a session, or stored one before.</param>
/// <param name="changes">What it changed, but for the counter.</param>
internal sealed class SessionStore(string name, SimulatedNode node, long begin, long requestBegin, bool hadBase, IReadOnlyDictionary<string, Attempt> changes)
    : Operation(name, node, begin)
{
    public long RequestBegin => requestBegin;

    public bool HadBase => hadBase;

    public IReadOnlyDictionary<string, Attempt> Changes => changes;

    /// <summary>What it added to the counter.</summary>
    public decimal Count { get; init; }

    /// <summary>Which life of the session the request had loaded; null if it had found none.</summary>
    public Guid? Loaded { get; init; }

    /// <summary>Whether the request asked not to keep the session alive.</summary>
    public bool SkipsRefresh { get; init; }

    /// <summary>It was answered that the session had been removed, which is logged.</summary>
    public bool IsDiscarded { get; set; }

    /// <summary>What it changed is the row's from now on.</summary>
    public bool IsStored => IsAcknowledged && !IsDiscarded;
}

using SmartCache.Simulation.Workloads;

namespace SmartCache.Simulation.Checking;

/// <summary>Something that must hold of every schedule; docs/internals/algorithm.md lists them.</summary>
internal interface IRule
{
    /// <summary>What was broken, as sentences.</summary>
    IEnumerable<string> FindViolations(SessionHistory session, Workload workload);
}

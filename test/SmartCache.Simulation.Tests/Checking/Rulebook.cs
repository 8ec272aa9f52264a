using SmartCache.Simulation.Checking.Rules;
using SmartCache.Simulation.Workloads;

namespace SmartCache.Simulation.Checking;

/// <summary>All rules.</summary>
internal static class Rulebook
{
    private static readonly IRule[] Rules =
    [
        new NothingComesFromNowhere(),
        new AcknowledgedStoresLast(),
        new CountsAreExact(),
        new RemovedSessionsStayRemoved(),
        new OnlyRemovedSessionsAreDiscarded(),
        new ReadsFindRows(),
        new NobodyLivesTooLong(),
        new NobodyDiesTooEarly(),
    ];

    /// <summary>The first violation; null if all rules were kept.</summary>
    public static string? FindViolation(History history, Workload workload) =>
        (from session in history.Sessions
         from rule in Rules
         from violation in rule.FindViolations(session, workload)
         select $"{rule.GetType().Name}: {violation}").FirstOrDefault();
}

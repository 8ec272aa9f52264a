namespace SmartCache.Simulation;

/// <summary>A rule that every schedule must keep. docs/internals/algorithm.md lists them.</summary>
internal interface IRule
{
    /// <summary>The violations, as sentences.</summary>
    IEnumerable<string> FindViolations(SessionHistory session, Workload workload);
}

/// <summary>All rules.</summary>
internal static class Rulebook
{
    private static readonly IRule[] Rules =
    [
        new NothingComesFromNowhere(),
        new AcknowledgedSavesLast(),
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

/// <summary>A rule of docs/internals/algorithm.md was broken.</summary>
internal sealed class ViolationException(string message) : Exception(message);

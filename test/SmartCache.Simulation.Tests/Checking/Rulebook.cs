namespace SmartCache.Simulation;

/// <summary>The rules that every schedule must keep. docs/internals/algorithm.md lists them by their names.</summary>
internal static class Rulebook
{
    private static readonly Func<SessionHistory, Workload, IEnumerable<string>>[] Rules =
    [
        ContentRules.NothingComesFromNowhere,
        ContentRules.AcknowledgedSavesLast,
        ContentRules.CountsAreExact,
        LifeRules.RemovedSessionsStayRemoved,
        LifeRules.OnlyRemovedSessionsAreDiscarded,
        ContentRules.ReadsFindRows,
        LifeRules.NobodyLivesTooLong,
        LifeRules.NobodyDiesTooEarly,
    ];

    /// <summary>The first violation; null if all rules were kept.</summary>
    public static string? FindViolation(History history, Workload workload) =>
        (from session in history.Sessions
         from rule in Rules
         from violation in rule(session, workload)
         select $"{rule.Method.Name}: {violation}").FirstOrDefault();
}

/// <summary>A schedule broke a rule.</summary>
internal sealed class ViolationException(string message) : Exception(message);

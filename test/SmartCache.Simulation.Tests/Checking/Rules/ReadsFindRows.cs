using SmartCache.Simulation.Workloads;

namespace SmartCache.Simulation.Checking.Rules;

/// <summary>A request loads exactly what the row held at some moment while it loaded.</summary>
internal sealed class ReadsFindRows : IRule
{
    public IEnumerable<string> FindViolations(SessionHistory session, Workload workload) =>
        from read in session.Reads
        where read is { IsAcknowledged: true, Incarnation: not null }
        where !session.StatesDuring(read.Begin, read.End).Any(state => state?.Incarnation == read.Incarnation && HasSameEntries(state!, read))
        select $"{read} found [{string.Join(' ', read.Entries.Select(static entry => $"{entry.Key}={entry.Value}"))}], which the row did not hold then.";

    private static bool HasSameEntries(RowChange state, SessionRead read) =>
        state.Row!.Entries is var entries && entries.Count == read.Entries.Count && read.Entries.All(entry => entries.GetValueOrDefault(entry.Key) == entry.Value);
}

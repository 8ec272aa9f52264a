using SmartCache.Simulation.Workloads;

namespace SmartCache.Simulation.Checking.Rules;

/// <summary>
/// When a store is acknowledged, every entry that it changed is in the row, unless another changed it, or removed the
/// session, while the store was under way: from the first time on that the request tried to store just that. An entry that
/// a request had tried to change, without being told that it had, and then takes back, is at least not what it had tried.
/// </summary>
internal sealed class AcknowledgedStoresLast : IRule
{
    public IEnumerable<string> FindViolations(SessionHistory session, Workload workload)
    {
        foreach (var store in session.Stores.Where(static store => store.IsStored))
        {
            var at = session.StateAt(store.End);
            var state = at < 0 ? null : session.Changes[at];
            foreach (var (name, mine) in store.Changes)
            {
                var value = state?.Entries.GetValueOrDefault(name);
                if (value == mine.Value || mine.TakesBack?.Contains(value) == false)
                {
                    continue;
                }

                // Recreating keeps what the request changed, and has nothing to remove it from.
                var isOther = mine.Value is null && workload.Setting.RemovedDuringRequest == RemovedSessionPolicy.Recreate;
                if (!isOther && !IsChangedDuring(session, mine.Since, store.End, name) && !IsChangedBeside(session, store, mine.Since, name, value))
                {
                    yield return $"{store} was acknowledged, and {name} is not {mine.Value ?? "removed"}: the row holds {(object?)state?.Row ?? "nothing"}.";
                }
            }
        }
    }

    /// <summary>Of stores that shared a write the row shows only what the last of them left.</summary>
    private static bool IsChangedBeside(SessionHistory session, SessionStore store, long since, string name, string? value) =>
        session.Stores.Any(other => other != store && other.Node == store.Node && other.Begin <= store.End && other.End >= since
            && other.Changes.TryGetValue(name, out var theirs) && theirs.Value == value);

    private static bool IsChangedDuring(SessionHistory session, long begin, long end, string name)
    {
        var at = session.StateAt(begin);
        var before = at < 0 ? null : session.Changes[at];
        foreach (var change in session.ChangesDuring(begin, end))
        {
            var hasEnded = change.Row is null || (before?.Row is not null && change.Incarnation != before.Incarnation);
            if (hasEnded || change.Entries.GetValueOrDefault(name) != before?.Entries.GetValueOrDefault(name))
            {
                return true;
            }

            before = change;
        }

        return false;
    }
}

using SmartCache.Simulation.Workloads;

namespace SmartCache.Simulation.Checking.Rules;

/// <summary>
/// When a store is acknowledged, every entry that it changed is in the row, unless another changed it, or removed the
/// session, while the store was under way.
/// </summary>
internal sealed class AcknowledgedStoresLast : IRule
{
    public IEnumerable<string> FindViolations(SessionHistory session, Workload workload)
    {
        foreach (var store in session.Stores.Where(static store => store.IsStored))
        {
            var at = session.StateAt(store.End);
            var state = at < 0 ? null : session.Changes[at];
            foreach (var (name, mine) in store.Changes.Where(entry => state?.Entries.GetValueOrDefault(entry.Key) != entry.Value))
            {
                // Recreating keeps what the request changed, and has nothing to remove it from.
                var isOther = mine is null && workload.Setting.RemovedDuringRequest == RemovedSessionPolicy.Recreate;
                if (!isOther && !IsChangedDuring(session, store, name))
                {
                    yield return $"{store} was acknowledged, and {name} is not {mine ?? "removed"}: the row holds {(object?)state?.Row ?? "nothing"}.";
                }
            }
        }
    }

    private static bool IsChangedDuring(SessionHistory session, SessionStore store, string name)
    {
        var at = session.StateAt(store.Begin);
        var before = at < 0 ? null : session.Changes[at];
        foreach (var change in session.ChangesDuring(store.Begin, store.End))
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

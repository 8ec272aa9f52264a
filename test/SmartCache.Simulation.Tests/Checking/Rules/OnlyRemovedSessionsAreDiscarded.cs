using SmartCache.Simulation.Workloads;

namespace SmartCache.Simulation.Checking.Rules;

/// <summary>A store is discarded only if the session that its request had loaded was removed, or ended, in the meantime.</summary>
internal sealed class OnlyRemovedSessionsAreDiscarded : IRule
{
    public IEnumerable<string> FindViolations(SessionHistory session, Workload workload) =>
        from store in session.Stores
        where store.IsAcknowledged && store.IsDiscarded && (store.Changes.Count > 0 || store.Count != 0)
        let during = session.StatesDuring(store.RequestBegin, store.End).ToList()
        let mayHaveExpired = store.SkipsRefresh && during.Exists(state => state?.Row?.ExpiresAt <= store.ClockAtEnd)
        where !mayHaveExpired && during.TrueForAll(static state => state?.Row is not null) && during.Select(static state => state!.Incarnation).Distinct().Count() == 1
        select $"{store} was discarded though nobody had removed its session.";
}

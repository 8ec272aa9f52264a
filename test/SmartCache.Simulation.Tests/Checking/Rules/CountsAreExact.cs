using SmartCache.Simulation.Requests;
using SmartCache.Simulation.Workloads;

namespace SmartCache.Simulation.Checking.Rules;

/// <summary>
/// In one life of a session each count is in its number once if it was acknowledged, else once or not at all; and from a
/// moment on at which its store was under way.
/// </summary>
internal sealed class CountsAreExact : IRule
{
    public IEnumerable<string> FindViolations(SessionHistory session, Workload workload)
    {
        if (!workload.Setting.Counts)
        {
            yield break;
        }

        RowChange? before = null;
        foreach (var change in session.Changes)
        {
            var old = change.Incarnation == before?.Incarnation ? before?.Count ?? 0 : 0;
            foreach (var place in Counter.Places(change.Row is null ? 0 : change.Count + old).Where(place => Times(change, place) != Counter.Times(old, place)))
            {
                if (Times(change, place) != 1)
                {
                    yield return $"Place {place} was counted {Counter.Times(old, place)} times, and then {Times(change, place)} times: {change}.";
                }
                else if (!session.Stores.Exists(store => Counts(store, place) && store.Spans(change.At) && (store.Loaded is null || store.Loaded == change.Incarnation)))
                {
                    yield return $"No store under way counted in place {place}: {change}.";
                }
            }

            before = change;
        }

        foreach (var store in session.Stores.Where(static store => store.IsStored && store.Count != 0))
        {
            var at = session.StateAt(store.End);
            var state = at < 0 ? null : session.Changes[at];
            foreach (var place in Counter.Places(store.Count).Where(place => (state is null || Times(state, place) == 0) && !HasEndedDuring(session, store)))
            {
                yield return $"{store} was acknowledged, and place {place} is not counted: the row holds {(object?)state?.Row ?? "nothing"}.";
            }
        }
    }

    private static int Times(RowChange change, int place) => Counter.Times(change.Count, place);

    private static bool Counts(SessionStore store, int place) => Counter.Times(store.Count, place) > 0;

    private static bool HasEndedDuring(SessionHistory session, SessionStore store)
    {
        var lives = session.StatesDuring(store.Begin, store.End).SkipWhile(static state => state?.Row is null).ToList();
        return lives.Exists(state => state!.Row is null || state.Incarnation != lives[0]!.Incarnation);
    }
}

using SmartCache.Simulation.Workloads;

namespace SmartCache.Simulation.Checking.Rules;

/// <summary>
/// A life of a session that has ended never comes back, and a new one begins only with what its beginner changed. One
/// exception: a store whose answer was lost is sent again, and begins once more a session that it had begun already.
/// </summary>
internal sealed class RemovedSessionsStayRemoved : IRule
{
    public IEnumerable<string> FindViolations(SessionHistory session, Workload workload)
    {
        var ended = new HashSet<Guid>();
        RowChange? before = null;
        foreach (var change in session.Changes)
        {
            if (before?.Incarnation is { } last && last != change.Incarnation)
            {
                ended.Add(last);
            }

            if (change.Incarnation is { } life && life != before?.Incarnation)
            {
                if (ended.Contains(life) && !IsBegunAgain(session, change))
                {
                    yield return $"The session had been removed, and came back: {change}.";
                }

                if (workload.Setting.RemovedDuringRequest == RemovedSessionPolicy.Discard && change.Entries.Any(entry => !IsBeginners(session, change, entry)))
                {
                    yield return $"A request of the session that was removed began it anew: {change}.";
                }
            }

            before = change;
        }

        foreach (var removal in session.Removals.Where(static removal => removal.IsAcknowledged))
        {
            if (session.StatesDuring(removal.Begin, removal.End).All(static state => state?.Row is not null))
            {
                yield return $"{removal} was acknowledged, and the session was there all the time.";
            }
        }
    }

    private static bool IsBegunAgain(SessionHistory session, RowChange change)
    {
        var birth = session.Changes.First(earlier => earlier.Incarnation == change.Incarnation);
        return session.Stores.Exists(store => !store.HadBase && store.Spans(birth.At) && store.Spans(change.At)
            && store.Changes.All(entry => birth.Entries.GetValueOrDefault(entry.Key) == entry.Value.Value));
    }

    private static bool IsBeginners(SessionHistory session, RowChange change, KeyValuePair<string, string> entry) =>
        session.Stores.Exists(store => !store.HadBase && store.Spans(change.At) && store.Changes.GetValueOrDefault(entry.Key)?.Value == entry.Value);
}

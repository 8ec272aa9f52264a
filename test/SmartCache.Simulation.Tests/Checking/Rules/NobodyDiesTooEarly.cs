using SmartCache.Simulation.Database;
using SmartCache.Simulation.Nodes;
using SmartCache.Simulation.Workloads;

namespace SmartCache.Simulation.Checking.Rules;

/// <summary>
/// No session is taken for expired, replaced or removed as such while accesses keep it alive. On the node that had the
/// accesses, always; elsewhere, where nothing kept that node from writing them and a flush had been due since.
/// </summary>
internal sealed class NobodyDiesTooEarly : IRule
{
    private static readonly long Window = (long)Setting.Window.TotalMilliseconds;
    private static readonly long FlushPeriod = TimeSpan.FromMilliseconds(1_001).Ticks;

    public IEnumerable<string> FindViolations(SessionHistory session, Workload workload)
    {
        foreach (var read in session.Reads.Where(static read => read is { IsAcknowledged: true, Incarnation: null }))
        {
            var states = session.StatesDuring(read.Begin, read.End).ToList();
            if (states.TrueForAll(static state => state?.Row is not null)
                && LatestLife(session, states[0]!, read, workload) is var latest && latest > read.ClockAtEnd)
            {
                yield return $"{read} found no session, which lives for {latest - read.ClockAtEnd} ms still.";
            }
        }

        if (!workload.Setting.IsPrompt || workload.Kills)
        {
            yield break;
        }

        RowChange? before = null;
        foreach (var change in session.Changes)
        {
            if (before?.Row is not null && before.Incarnation != change.Incarnation && change.Kind != StatementKind.Remove)
            {
                var node = change.Actor.Node!;
                var now = change.Kind == StatementKind.RemoveExpired
                    ? Math.Min(change.Now!.Value + (long)Setting.Grace.TotalMilliseconds, node.Time.MillisecondsAt(change.Ticks))
                    : change.Now!.Value;
                var latest = LifeEverywhere(session, before, change.At, change.Ticks, node);
                if (latest > now)
                {
                    yield return $"The session lives for {latest - now} ms still: {change}.";
                }
            }

            before = change;
        }
    }

    private static long LatestLife(SessionHistory session, RowChange state, SessionRead read, Workload workload)
    {
        var here = session.Accesses.Where(access => access.Operation.Begin > BirthOf(session, state).At
            && access.Operation.Node == read.Node && access.Operation.End < read.Begin && access.Counts);
        var latest = LifeSpan.AtLeast(state.Row!.ExpiresAt, here, Window, read.Node.Time.Ahead);
        return workload.Setting.IsPrompt && !workload.Kills
            ? Math.Max(latest, LifeEverywhere(session, state, read.Begin, read.EndTicks, read.Node))
            : latest;
    }

    /// <summary>How long the session that a row holds lives, as everyone can know by now.</summary>
    private static long LifeEverywhere(SessionHistory session, RowChange state, long at, long ticks, SimulatedNode observer)
    {
        var birth = BirthOf(session, state);
        var known = session.Accesses.Where(access => access.Operation.Begin > birth.At
            && access is { Counts: true, Counting: not null } && access.Counting.End < at && access.Counting.EndTicks < ticks - FlushPeriod);
        return LifeSpan.AtLeast(birth.Row!.ExpiresAt, known, Window, observer.Time.Ahead);
    }

    private static RowChange BirthOf(SessionHistory session, RowChange state) =>
        session.Changes[session.Changes.FindLastIndex(session.StateAt(state.At), change => change.Incarnation != state.Incarnation) + 1];
}

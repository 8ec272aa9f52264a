using SmartCache.Simulation.Database;
using SmartCache.Simulation.Workloads;

namespace SmartCache.Simulation.Checking.Rules;

/// <summary>No row's expiry, and no session that is found, lies further ahead than accesses have moved it.</summary>
internal sealed class NobodyLivesTooLong : IRule
{
    private static readonly long Window = (long)Setting.Window.TotalMilliseconds;

    public IEnumerable<string> FindViolations(SessionHistory session, Workload workload)
    {
        Row? before = null;
        foreach (var change in session.Changes.Where(static change => change.Row is not null))
        {
            var expiry = change.Row!.ExpiresAt;
            var begun = session.Accesses.Where(access => access.Operation.Begin <= change.At).ToList();
            var latest = change.Kind == StatementKind.Touch
                ? LifeSpan.AtMost(before!.ExpiresAt, begun, Window)
                : Math.Max(before?.ExpiresAt ?? 0, begun.Max(static access => access.Latest) + Window);
            if (expiry > latest)
            {
                yield return $"No access keeps the session alive for so long, {expiry - latest} ms less: {change}.";
            }

            before = change.Row;
        }

        foreach (var read in session.Reads.Where(static read => read is { IsAcknowledged: true, Incarnation: not null }))
        {
            var stored = session.StatesDuring(read.Begin, read.End).Max(static state => state?.Row?.ExpiresAt ?? 0);
            var latest = LifeSpan.AtMost(stored, session.Accesses.Where(access => access.Operation.Begin < read.Begin), Window);
            if (read.ClockAtBegin >= latest)
            {
                yield return $"{read} found a session that had expired {read.ClockAtBegin - latest} ms before.";
            }
        }
    }
}

using SmartCache.Simulation.Database;
using SmartCache.Simulation.Workloads;

namespace SmartCache.Simulation.Checking.Rules;

/// <summary>
/// A row changes only as some store under way changes it, entry by entry: so no store takes anything from another, and
/// nothing appears that nobody asked for, or after its caller was answered, or in another life of the session than its
/// request had loaded.
/// </summary>
internal sealed class NothingComesFromNowhere : IRule
{
    public IEnumerable<string> FindViolations(SessionHistory session, Workload workload)
    {
        RowChange? before = null;
        foreach (var change in session.Changes)
        {
            if (change.Row is null)
            {
                if (change.Kind == StatementKind.Remove && !session.Removals.Exists(removal => removal.Spans(change.At)))
                {
                    yield return $"Nobody asked for {change}.";
                }
            }
            else
            {
                var old = change.Incarnation == before?.Incarnation ? before!.Entries : new Dictionary<string, string>();
                foreach (var name in old.Keys.Union(change.Entries.Keys))
                {
                    var value = change.Entries.GetValueOrDefault(name);
                    if (value != old.GetValueOrDefault(name) && !IsExplained(session, change, name, value, workload.Setting.RemovedDuringRequest))
                    {
                        yield return $"No store under way changed {name} from {old.GetValueOrDefault(name) ?? "nothing"} to {value ?? "nothing"}: {change}.";
                    }
                }
            }

            before = change;
        }
    }

    private static bool IsExplained(SessionHistory session, RowChange change, string name, string? value, RemovedSessionPolicy policy) =>
        session.Stores.Exists(store => store.Spans(change.At) && store.Changes.TryGetValue(name, out var mine) && mine.Value == value
            && (store.Loaded is null || store.Loaded == change.Incarnation || policy == RemovedSessionPolicy.Recreate));
}

namespace SmartCache.Simulation;

/// <summary>Rules about what a session holds.</summary>
internal static class ContentRules
{
    /// <summary>
    /// A row changes only as a save under way changes it, entry by entry. So no save takes anything from another. Nothing appears
    /// that nobody asked for, or after its caller was answered, or in another incarnation than the request had loaded.
    /// </summary>
    public static IEnumerable<string> NothingComesFromNowhere(SessionHistory session, Workload workload)
    {
        RowChange? before = null;
        foreach (var change in session.Changes)
        {
            if (change.Row is null)
            {
                if (change.Kind == StatementKind.Remove && !session.Removals.Exists(removal => removal.Spans(change.At)))
                    yield return $"Nobody asked for {change}.";
            }
            else
            {
                var old = change.Incarnation == before?.Incarnation ? before!.Entries : new Dictionary<string, string>();
                foreach (var name in old.Keys.Union(change.Entries.Keys))
                {
                    var value = change.Entries.GetValueOrDefault(name);
                    if (value != old.GetValueOrDefault(name) && !IsExplained(session, change, name, value, workload.Setting.RemovedDuringRequest))
                        yield return $"No save under way changed {name} from {old.GetValueOrDefault(name) ?? "nothing"} to {value ?? "nothing"}: {change}.";
                }
            }

            before = change;
        }
    }

    private static bool IsExplained(SessionHistory session, RowChange change, string name, string? value, RemovedSessionPolicy policy) =>
        session.Saves.Exists(save => save.Spans(change.At) && save.Changes.TryGetValue(name, out var mine) && mine.Value == value
            && (save.Loaded is null || save.Loaded == change.Incarnation || policy == RemovedSessionPolicy.Recreate));

    /// <summary>
    /// When a save is acknowledged, every entry that it changed is in the row, unless another request changed it, or removed the
    /// session, while the save was under way. That time begins when the request first tried to save this value. If a request
    /// tries to change an entry, is not told that it succeeded, and takes the change back, the entry is not what it had tried.
    /// </summary>
    public static IEnumerable<string> AcknowledgedSavesLast(SessionHistory session, Workload workload)
    {
        foreach (var save in session.Saves.Where(static save => save.IsSaved))
        {
            var at = session.StateAt(save.End);
            var state = at < 0 ? null : session.Changes[at];
            foreach (var (name, mine) in save.Changes)
            {
                var value = state?.Entries.GetValueOrDefault(name);
                if (value == mine.Value || mine.TakesBack?.Contains(value) == false)
                    continue;

                // Recreating keeps what the request changed, and has nothing to remove it from.
                var isOther = mine.Value is null && workload.Setting.RemovedDuringRequest == RemovedSessionPolicy.Recreate;
                if (!isOther && !IsChangedDuring(session, mine.Since, save.End, name) && !IsChangedBeside(session, save, mine.Since, name, value))
                    yield return $"{save} was acknowledged, and {name} is not {mine.Value ?? "removed"}: the row holds {(object?)state?.Row ?? "nothing"}.";
            }
        }
    }

    /// <summary>If saves shared a write, the row shows only what the last of them left.</summary>
    private static bool IsChangedBeside(SessionHistory session, SessionSave save, long since, string name, string? value) =>
        session.Saves.Any(other => other != save && other.Node == save.Node && other.Begin <= save.End && other.End >= since
            && other.Changes.TryGetValue(name, out var theirs) && theirs.Value == value);

    private static bool IsChangedDuring(SessionHistory session, long begin, long end, string name)
    {
        var at = session.StateAt(begin);
        var before = at < 0 ? null : session.Changes[at];
        foreach (var change in session.ChangesDuring(begin, end))
        {
            var hasEnded = change.Row is null || (before?.Row is not null && change.Incarnation != before.Incarnation);
            if (hasEnded || change.Entries.GetValueOrDefault(name) != before?.Entries.GetValueOrDefault(name))
                return true;

            before = change;
        }

        return false;
    }

    /// <summary>
    /// In one incarnation, an acknowledged count is in the number once, any other at most once. It appears while its save is
    /// under way.
    /// </summary>
    public static IEnumerable<string> CountsAreExact(SessionHistory session, Workload workload)
    {
        if (!workload.Setting.Counts)
            yield break;

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
                else if (!session.Saves.Exists(save =>
                    Counts(save, place) && save.Spans(change.At) && (save.Loaded is null || save.Loaded == change.Incarnation)))
                {
                    yield return $"No save under way counted in place {place}: {change}.";
                }
            }

            before = change;
        }

        foreach (var save in session.Saves.Where(static save => save.IsSaved && save.Count != 0))
        {
            var at = session.StateAt(save.End);
            var state = at < 0 ? null : session.Changes[at];
            foreach (var place in Counter.Places(save.Count).Where(place => (state is null || Times(state, place) == 0) && !HasEndedDuring(session, save)))
                yield return $"{save} was acknowledged, and place {place} is not counted: the row holds {(object?)state?.Row ?? "nothing"}.";
        }
    }

    private static int Times(RowChange change, int place) => Counter.Times(change.Count, place);

    private static bool Counts(SessionSave save, int place) => Counter.Times(save.Count, place) > 0;

    private static bool HasEndedDuring(SessionHistory session, SessionSave save)
    {
        var lives = session.StatesDuring(save.Begin, save.End).SkipWhile(static state => state?.Row is null).ToList();
        return lives.Exists(state => state!.Row is null || state.Incarnation != lives[0]!.Incarnation);
    }

    /// <summary>A request loads exactly what the row held at some moment during the load.</summary>
    public static IEnumerable<string> ReadsFindRows(SessionHistory session, Workload workload) =>
        from read in session.Reads
        where read is { IsAcknowledged: true, Incarnation: not null }
        where !session.StatesDuring(read.Begin, read.End).Any(state => state?.Incarnation == read.Incarnation && HasSameEntries(state!, read))
        select $"{read} found [{string.Join(' ', read.Entries.Select(static entry => $"{entry.Key}={entry.Value}"))}], which the row did not hold then.";

    private static bool HasSameEntries(RowChange state, SessionRead read) =>
        state.Row!.Entries is var entries && entries.Count == read.Entries.Count && read.Entries.All(entry => entries.GetValueOrDefault(entry.Key) == entry.Value);
}

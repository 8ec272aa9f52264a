namespace SmartCache.Simulation;

/// <summary>The expiry that touches give a session.</summary>
internal static class LifeSpan
{
    /// <summary>The latest expiry that touches can have given. A touch counts if it may have come before the session expired.</summary>
    public static long AtMost(long expiry, IEnumerable<Touch> touches, long window)
    {
        foreach (var touch in touches.OrderBy(static touch => touch.Earliest))
        {
            if (touch.Earliest < expiry)
            {
                expiry = Math.Max(expiry, touch.Latest + window);
            }
        }

        return expiry;
    }

    /// <summary>
    /// The earliest expiry that touches must have given, in their order, as the observer's clock has it. A touch after the
    /// death that this clock sees is none.
    /// </summary>
    public static long AtLeast(long expiry, IEnumerable<Touch> touches, long window, TimeSpan ahead)
    {
        foreach (var touch in touches)
        {
            var asObserved = touch.Earliest + (long)(ahead - touch.Operation.Node.Time.Ahead).TotalMilliseconds;
            if (Math.Max(asObserved, touch.Earliest) < expiry)
            {
                expiry = Math.Max(expiry, touch.Earliest + window);
            }
        }

        return expiry;
    }
}

/// <summary>Rules about the end of sessions and incarnations.</summary>
internal static class LifeRules
{
    private static readonly long Window = (long)Setting.Window.TotalMilliseconds;
    private static readonly long FlushPeriod = TimeSpan.FromMilliseconds(1_001).Ticks;

    /// <summary>
    /// An incarnation that has ended never comes back, and a new one begins only with what its first request changed. One
    /// exception: a save whose answer was lost is sent again, and begins a session again that it had begun already.
    /// </summary>
    public static IEnumerable<string> RemovedSessionsStayRemoved(SessionHistory session, Workload workload)
    {
        var ended = new HashSet<Guid>();
        RowChange? before = null;
        foreach (var change in session.Changes)
        {
            if (before?.Incarnation is { } last && last != change.Incarnation)
                ended.Add(last);

            if (change.Incarnation is { } life && life != before?.Incarnation)
            {
                if (ended.Contains(life) && !IsBegunAgain(session, change))
                    yield return $"The session had been removed, and came back: {change}.";

                if (workload.Setting.RemovedDuringRequest == RemovedSessionPolicy.Discard && change.Entries.Any(entry => !IsBeginners(session, change, entry)))
                    yield return $"A request of the session that was removed began it anew: {change}.";
            }

            before = change;
        }

        foreach (var removal in session.Removals.Where(static removal => removal.IsAcknowledged))
        {
            if (session.StatesDuring(removal.Begin, removal.End).All(static state => state?.Row is not null))
                yield return $"{removal} was acknowledged, but the session existed all the time.";
        }
    }

    private static bool IsBegunAgain(SessionHistory session, RowChange change)
    {
        var birth = session.Changes.First(earlier => earlier.Incarnation == change.Incarnation);
        return session.Saves.Exists(save => !save.HadBase && save.Spans(birth.At) && save.Spans(change.At)
            && save.Changes.All(entry => birth.Entries.GetValueOrDefault(entry.Key) == entry.Value.Value));
    }

    private static bool IsBeginners(SessionHistory session, RowChange change, KeyValuePair<string, string> entry) =>
        session.Saves.Exists(save => !save.HadBase && save.Spans(change.At) && save.Changes.GetValueOrDefault(entry.Key)?.Value == entry.Value);

    /// <summary>A save is discarded only if the session that its request had loaded has been removed, or has ended.</summary>
    public static IEnumerable<string> OnlyRemovedSessionsAreDiscarded(SessionHistory session, Workload workload) =>
        from save in session.Saves
        where save.IsAcknowledged && save.IsDiscarded && (save.Changes.Count > 0 || save.Count != 0)
        let during = session.StatesDuring(save.RequestBegin, save.End).ToList()
        let mayHaveExpired = save.SkipsRefresh && during.Exists(state => state?.Row?.ExpiresAt <= save.ClockAtEnd)
        where !mayHaveExpired && during.TrueForAll(static state => state?.Row is not null) && during.Select(static state => state!.Incarnation).Distinct().Count() == 1
        select $"{save} was discarded though nobody had removed its session.";

    /// <summary>No row expires later than touches have moved it, and no session is found after that.</summary>
    public static IEnumerable<string> NobodyLivesTooLong(SessionHistory session, Workload workload)
    {
        Row? before = null;
        foreach (var change in session.Changes.Where(static change => change.Row is not null))
        {
            var expiry = change.Row!.ExpiresAt;
            var begun = session.Touches.Where(touch => touch.Operation.Begin <= change.At).ToList();
            var latest = change.Kind == StatementKind.Touch
                ? LifeSpan.AtMost(before!.ExpiresAt, begun, Window)
                : Math.Max(before?.ExpiresAt ?? 0, begun.Max(static touch => touch.Latest) + Window);
            if (expiry > latest)
                yield return $"The expiry is {expiry - latest} ms later than any touch made it: {change}.";

            before = change.Row;
        }

        foreach (var read in session.Reads.Where(static read => read is { IsAcknowledged: true, Incarnation: not null }))
        {
            var saved = session.StatesDuring(read.Begin, read.End).Max(static state => state?.Row?.ExpiresAt ?? 0);
            var latest = LifeSpan.AtMost(saved, session.Touches.Where(touch => touch.Operation.Begin < read.Begin), Window);
            if (read.ClockAtBegin >= latest)
                yield return $"{read} found a session that had expired {read.ClockAtBegin - latest} ms before.";
        }
    }

    /// <summary>
    /// No session is treated as expired, replaced or removed while touches keep it alive. On the node that had the touches this
    /// always holds; on other nodes if nothing kept that node from writing them, and a flush has been due since.
    /// </summary>
    public static IEnumerable<string> NobodyDiesTooEarly(SessionHistory session, Workload workload)
    {
        foreach (var read in session.Reads.Where(static read => read is { IsAcknowledged: true, Incarnation: null }))
        {
            var states = session.StatesDuring(read.Begin, read.End).ToList();
            if (states.TrueForAll(static state => state?.Row is not null)
                && LatestLife(session, states[0]!, read, workload) is var latest && latest > read.ClockAtEnd)
            {
                yield return $"{read} found no session, although it lives for {latest - read.ClockAtEnd} ms more.";
            }
        }

        if (!workload.Setting.IsPrompt || workload.Kills)
            yield break;

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
                    yield return $"The session lives for {latest - now} ms more: {change}.";
            }

            before = change;
        }
    }

    private static long LatestLife(SessionHistory session, RowChange state, SessionRead read, Workload workload)
    {
        var here = session.Touches.Where(touch => touch.Operation.Begin > BirthOf(session, state).At
            && touch.Operation.Node == read.Node && touch.Operation.End < read.Begin && touch.Counts);
        var latest = LifeSpan.AtLeast(state.Row!.ExpiresAt, here, Window, read.Node.Time.Ahead);
        return workload.Setting.IsPrompt && !workload.Kills
            ? Math.Max(latest, LifeEverywhere(session, state, read.Begin, read.EndTicks, read.Node))
            : latest;
    }

    /// <summary>The expiry of a row's session as far as every node can know it.</summary>
    private static long LifeEverywhere(SessionHistory session, RowChange state, long at, long ticks, SimulatedNode observer)
    {
        var birth = BirthOf(session, state);
        var known = session.Touches.Where(touch => touch.Operation.Begin > birth.At
            && touch is { Counts: true, Counting: not null } && touch.Counting.End < at && touch.Counting.EndTicks < ticks - FlushPeriod);
        return LifeSpan.AtLeast(birth.Row!.ExpiresAt, known, Window, observer.Time.Ahead);
    }

    private static RowChange BirthOf(SessionHistory session, RowChange state) =>
        session.Changes[session.Changes.FindLastIndex(session.StateAt(state.At), change => change.Incarnation != state.Incarnation) + 1];
}

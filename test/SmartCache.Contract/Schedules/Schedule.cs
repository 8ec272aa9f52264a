namespace SmartCache.Contract.Schedules;

/// <summary>What a step of a schedule does.</summary>
public enum StepKind
{
    Load,
    Set,
    Remove,
    Clear,
    Commit,
    End,

    Destroy,
}

/// <summary>One step of a schedule: one of the requests under way does something. A request that has ended begins anew with its next step.</summary>
public sealed record ScheduleStep(int Request, StepKind Kind, string Name = "", string Value = "")
{
    public override string ToString() => Kind switch
    {
        StepKind.Set => $"{Request}: set {Name}={Value}",
        StepKind.Remove => $"{Request}: remove {Name}",
        StepKind.Destroy => "destroy",
        _ => $"{Request}: {Kind.ToString().ToLowerInvariant()}",
    };

    /// <summary>Every step that so many requests can take. Few names and values, so that they meet.</summary>
    public static IEnumerable<ScheduleStep> Of(int requests)
    {
        yield return new ScheduleStep(0, StepKind.Destroy);
        for (var request = 0; request < requests; request++)
        {
            foreach (var kind in new[] { StepKind.Load, StepKind.Clear, StepKind.Commit, StepKind.Commit, StepKind.Commit, StepKind.End })
                yield return new ScheduleStep(request, kind);

            foreach (var name in new[] { "a", "b", "c" })
            {
                yield return new ScheduleStep(request, StepKind.Remove, name);
                yield return new ScheduleStep(request, StepKind.Set, name, "1");
                yield return new ScheduleStep(request, StepKind.Set, name, "2");
            }
        }
    }
}

/// <summary>What a schedule ends in: each request merges what it changed, the later commit wins, and a session that is gone stays gone.</summary>
internal sealed class ReferenceSchedule
{
    private readonly Dictionary<int, Request> _requests = [];
    private int _incarnations;

    public List<(string Name, string Value)>? Row { get; private set; }

    /// <summary>Which life of the session the row's is.</summary>
    private int Incarnation { get; set; }

    public void Apply(ScheduleStep step)
    {
        if (step.Kind == StepKind.Destroy)
        {
            Row = null;
            return;
        }

        if (!_requests.TryGetValue(step.Request, out var request))
            _requests.Add(step.Request, request = new Request(Row, Incarnation));

        switch (step.Kind)
        {
            case StepKind.Set:
                request.IsModified = true;
                request.Mine[step.Name] = step.Value;
                break;
            case StepKind.Remove:
                request.IsModified |= request.Mine.Remove(step.Name);
                break;
            case StepKind.Clear:
                request.IsModified |= request.Mine.Count > 0;
                request.Mine.Clear();
                break;
            case StepKind.Commit:
                Commit(request, isEnd: false);
                break;
            case StepKind.End:
                Commit(request, isEnd: true);
                _requests.Remove(step.Request);
                break;
        }
    }

    private void Commit(Request request, bool isEnd)
    {
        var (before, mine) = (request.Base ?? [], request.Mine.Select(static entry => (entry.Key, entry.Value)).ToList());
        var isGone = request.Base is not null && (Row is null || Incarnation != request.Incarnation);
        var begins = request is { Base: null, IsModified: true } && !isEnd;
        request.IsModified = false;
        if (isGone || (!begins && before.Order().SequenceEqual(mine.Order())))
            return;

        if (Row is null)
            (Row, Incarnation) = ([], ++_incarnations);

        Row = ReferenceMerge.Merge(before, mine, Row);
        (request.Base, request.Incarnation) = (mine, Incarnation);
    }

    /// <summary>What a request loaded, and what it has made of it.</summary>
    private sealed class Request(List<(string Name, string Value)>? loaded, int incarnation)
    {
        public List<(string Name, string Value)>? Base { get; set; } = loaded;

        public int Incarnation { get; set; } = incarnation;
        public Dictionary<string, string> Mine { get; } = (loaded ?? []).ToDictionary(static entry => entry.Name, static entry => entry.Value);

        /// <summary>Whether the stock session saves at its next commit; if not, it only refreshes.</summary>
        public bool IsModified { get; set; }
    }
}

namespace SmartCache.Contract.Schedules;

/// <summary>
/// The rules of merging in as few lines as they can be said: what each request added or changed is set, what it
/// removed is removed, the later commit wins, and a session that is gone stays gone.
/// </summary>
internal sealed class ReferenceMerge
{
    private readonly Dictionary<int, ReferenceRequest> _requests = [];
    private int _incarnations;

    /// <summary>Null if there is no row.</summary>
    public ReferenceSession? Row { get; private set; }

    public void Apply(ScheduleStep step)
    {
        switch (step.Kind)
        {
            case StepKind.Destroy:
                Row = null;
                break;
            case StepKind.Load:
                Loaded(step.Request);
                break;
            case StepKind.Set:
                Loaded(step.Request).IsModified = true;
                Loaded(step.Request).Mine[step.Name] = step.Value;
                break;
            case StepKind.Remove:
                Loaded(step.Request).IsModified |= Loaded(step.Request).Mine.Remove(step.Name);
                break;
            case StepKind.Clear:
                Loaded(step.Request).IsModified |= Loaded(step.Request).Mine.Count > 0;
                Loaded(step.Request).Mine.Clear();
                break;
            case StepKind.Commit:
                Commit(Loaded(step.Request), isEnd: false);
                break;
            case StepKind.End:
                Commit(Loaded(step.Request), isEnd: true);
                _requests.Remove(step.Request);
                break;
        }
    }

    private ReferenceRequest Loaded(int number)
    {
        if (!_requests.TryGetValue(number, out var request))
        {
            _requests.Add(number, request = new ReferenceRequest(Row));
        }

        return request;
    }

    private void Commit(ReferenceRequest request, bool isEnd)
    {
        var before = request.Base ?? [];
        var changed = request.Mine.Where(entry => !before.Contains(entry)).ToList();
        var removed = before.Keys.Except(request.Mine.Keys).ToList();
        var isGone = request.Base is not null && Row?.Incarnation != request.Incarnation;
        var begins = request is { Base: null, IsModified: true } && !isEnd;
        request.IsModified = false;
        if (isGone || (changed.Count == 0 && removed.Count == 0 && !begins))
        {
            return;
        }

        Row ??= new ReferenceSession(++_incarnations);
        removed.ForEach(name => Row.Entries.Remove(name));
        changed.ForEach(entry => Row.Entries[entry.Key] = entry.Value);
        (request.Base, request.Incarnation) = (new(request.Mine), Row.Incarnation);
    }
}

using System.Text;

namespace SmartCache.Simulation;

/// <summary>Carries out the steps of a request with the stock session, and notes what the caller is told.</summary>
internal sealed class RequestRun(World world, SimulatedNode node, RequestPlan plan)
{
    private readonly SimulatedRequest _request = new(node, plan.Key);
    private readonly SessionHistory _history = world.History.Of(plan.Key);

    /// <summary>The operations that keep the session alive from the next commit on, unless it asks not to, or finds no session.</summary>
    private readonly List<Touch> _touches = [];
    private readonly Knowledge _knowledge = new();
    private readonly long _begin = world.History.Next();
    private SessionRead? _read;
    private int _values;

    public async Task RunAsync()
    {
        try
        {
            foreach (var deed in plan.Deeds)
            {
                world.Trace.Add(plan.Name, $"{deed}");
                await DoAsync(deed);
            }
        }
        catch (SimulatedFault)
        {
            // The app does not handle it, and the request ends with an error page.
        }

        await EndAsync();
    }

    private Task DoAsync(Deed deed)
    {
        switch (deed.Kind)
        {
            case DeedKind.Load or DeedKind.LoadAtOnce:
                return LoadAsync(deed.Kind == DeedKind.LoadAtOnce);
            case DeedKind.Commit:
                return IgnoringFaultsAsync(() => CommitAsync(isLast: false, CancellationToken.None));
            case DeedKind.CommitUnlessCancelled:
                return CommitUnlessCancelledAsync();
            case DeedKind.ExecuteAnew:
                return ExecuteAnewAsync();
            case DeedKind.Wait:
                return world.Time.DelayAsync(deed.Time);
            case DeedKind.Set:
                _request.Session.Set(deed.Name, Encoding.UTF8.GetBytes($"{plan.Name}.{++_values}"));
                break;
            case DeedKind.Count:
                var count = Counter.Of(_request.Entries) + Counter.One(deed.Place);
                _request.Session.Set(Counter.Name, Encoding.UTF8.GetBytes(Counter.Text(count)));
                break;
            case DeedKind.Remove:
                _request.Session.Remove(deed.Name);
                break;
            case DeedKind.Clear:
                _request.Session.Clear();
                break;
            default:
                _request.Ask(deed.Kind);
                break;
        }

        return Task.CompletedTask;
    }

    private async Task LoadAsync(bool atOnce)
    {
        var read = new SessionRead($"{plan.Name}'s load", node, world.History.Next());
        _history.Reads.Add(read);
        _knowledge.Found(null);
        _read = read;
        Note(new Touch(read, () => read.ClockAtEnd));
        await world.History.FollowAsync(read, async () =>
        {
            (read.Incarnation, read.Entries) = await _request.LoadAsync(atOnce);
            _knowledge.Found(read.Incarnation is null ? null : read.Entries);
        });
    }

    private async Task ExecuteAnewAsync()
    {
        await EndAsync();
        _request.ExecuteAnew();
        await LoadAsync(atOnce: false);
    }

    private async Task CommitUnlessCancelledAsync()
    {
        // Not disposed: the caller may cancel when nobody listens any more.
        var cancelling = new CancellationTokenSource();
        var caller = new Actor($"{plan.Name}'s caller", node);
        world.Begin(caller, async () =>
        {
            await world.Agenda.ReachAsync("changes its mind");
            if (world.Choices.Happens())
                cancelling.Cancel();
        });
        await IgnoringFaultsAsync(() => CommitAsync(isLast: false, cancelling.Token));
    }

    private Task EndAsync() => IgnoringFaultsAsync(() => CommitAsync(isLast: true, CancellationToken.None));

    private Task CommitAsync(bool isLast, CancellationToken cancellationToken) =>
        _request.Abandons ? AbandonAsync(isLast, cancellationToken) : SaveAsync(isLast, cancellationToken);

    private async Task SaveAsync(bool isLast, CancellationToken cancellationToken)
    {
        var mine = _request.Entries;
        var begin = world.History.Next();
        var changes = _request.Saves ? _knowledge.Try(mine, begin) : new Dictionary<string, Attempt>();
        var save = new SessionSave($"{plan.Name}'s commit", node, begin, _read?.Begin ?? _begin, _knowledge.HasBase, changes)
        {
            Count = _request.Saves ? Counter.Of(mine) - _knowledge.Count : 0,
            Loaded = _read?.Incarnation,
            SkipsRefresh = _request.SkipsRefresh,
        };
        _history.Saves.Add(save);

        // At log level Information, a read precedes the save, and time may pass before both.
        Note(new Touch(save, () => world.Setting.ReadsAgain ? save.ClockAtEnd : save.ClockAtBegin));
        await world.History.FollowAsync(save, async () =>
        {
            await _request.CommitAsync(isLast, cancellationToken);
            save.IsDiscarded = _request.IsRemoved;
        });
        if (save.IsSaved && _request.Saves && (changes.Count > 0 || save.Count != 0 || _knowledge.HasBase))
            _knowledge.Found(mine);

        var counts = !_request.SkipsRefresh && !save.IsDiscarded && (_knowledge.HasBase || _read is null);
        _touches.ForEach(touch => touch.Counting = counts ? save : null);
        _touches.Clear();
    }

    private void Note(Touch touch)
    {
        _history.Touches.Add(touch);
        _touches.Add(touch);
    }

    private async Task AbandonAsync(bool isLast, CancellationToken cancellationToken)
    {
        var removal = new SessionRemoval($"{plan.Name}'s logout", node, world.History.Next());
        _history.Removals.Add(removal);
        await world.History.FollowAsync(removal, () => _request.CommitAsync(isLast, cancellationToken));
        _request.HasAbandoned();
    }

    private async Task IgnoringFaultsAsync(Func<Task> commit)
    {
        try
        {
            await commit();
        }
        catch (Exception exception) when (exception is SimulatedFault or OperationCanceledException or TimeoutException or SessionMergeException)
        {
            // The middleware logs the error. The history has it.
            world.Trace.Add(plan.Name, $"is told: {exception.Message}");
        }
    }
}

/// <summary>What a request knows of its session. Its changes are differences from that.</summary>
internal sealed class Knowledge
{
    private readonly Dictionary<string, List<Attempt>> _attempts = [];
    private IReadOnlyDictionary<string, string> _base = new Dictionary<string, string>();

    /// <summary>Whether it has found a session, or saved one.</summary>
    public bool HasBase { get; private set; }

    /// <summary>The number that it has found or saved in the counter.</summary>
    public decimal Count => Counter.Of(_base);

    /// <summary>It has loaded or saved the session, which has these entries. Null if there is none, or while a load is under way.</summary>
    public void Found(IReadOnlyDictionary<string, string>? entries)
    {
        (HasBase, _base) = (entries is not null, entries ?? new Dictionary<string, string>());
        _attempts.Clear();
    }

    /// <summary>What a save changes, without the counter. The save may fail and still take effect. So it also counts for the next one.</summary>
    public IReadOnlyDictionary<string, Attempt> Try(IReadOnlyDictionary<string, string> mine, long at)
    {
        var names = mine.Keys.Union(_base.Keys).Union(_attempts.Keys).Where(static name => name != Counter.Name).ToList();
        foreach (var name in names.Where(name => _attempts.ContainsKey(name) || mine.GetValueOrDefault(name) != _base.GetValueOrDefault(name)))
        {
            var value = mine.GetValueOrDefault(name);
            var earlier = _attempts.GetValueOrDefault(name) ?? [];
            var isSame = earlier is [.., var last] && last.Value == value;
            var isTakenBack = value == _base.GetValueOrDefault(name);
            _attempts[name] = [.. earlier, new Attempt(value, isSame ? earlier[^1].Since : at, isTakenBack ? [.. earlier.Select(static attempt => attempt.Value)] : null)];
        }

        return _attempts.ToDictionary(static entry => entry.Key, static entry => entry.Value[^1]);
    }
}

/// <summary>What a save tries to make of an entry.</summary>
/// <param name="Value">Its value; null if it is to be removed.</param>
/// <param name="Since">Since when, in the order of events, the request has tried to, and has not been told that it succeeded.</param>
/// <param name="TakesBack">Where this is what the request had loaded, what it tried to make of the entry before.</param>
internal sealed record Attempt(string? Value, long Since, IReadOnlyList<string?>? TakesBack);

namespace SmartCache.Simulation;

/// <summary>The steps that could be taken now. One is taken at a time, on one thread; which, is a choice.</summary>
internal sealed class Agenda(Trace trace)
{
    private readonly List<Step> _steps = [];
    private Actor? _last;

    public bool IsEmpty => _steps.Count == 0;

    public Step Add(Actor actor, string what, Action run)
    {
        var step = new Step(actor, what, run);
        if (actor.Node is not { IsDead: true })
        {
            _steps.Add(step);
        }

        return step;
    }

    /// <summary>A scheduling point: the caller goes on when its step is taken.</summary>
    public async Task ReachAsync(string what, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var taken = new TaskCompletionSource<bool>();
        var step = Add(Actor.Current, what, () => taken.TrySetResult(true));
        using var cancelling = cancellationToken.UnsafeRegister(
            _ =>
            {
                _steps.Remove(step);
                taken.TrySetCanceled(cancellationToken);
            },
            null);
        await taken.Task;
    }

    public void TakeOne(IChoices choices)
    {
        // The one who took the last step comes first, so that choice 0 never means a switch without need.
        var own = _last is null ? -1 : _steps.FindIndex(step => step.Actor == _last);
        var chosen = _steps.Count == 1 ? 0 : choices.Step(_steps.Count, own >= 0);
        var at = own < 0 ? chosen : chosen == 0 ? own : chosen <= own ? chosen - 1 : chosen;
        var taken = _steps[at];
        _steps.RemoveAt(at);
        _last = taken.Actor;
        trace.Add(taken.Actor, taken.What);
        taken.Actor.Do(taken.Run);
    }

    /// <summary>The node is dead: nothing it was about to do happens.</summary>
    public void Drop(SimulatedNode node) => _steps.RemoveAll(step => step.Actor.Node == node);
}

/// <summary>What somebody is ready to do next. Nothing of the product runs but in a step.</summary>
internal sealed record Step(Actor Actor, string What, Action Run);

/// <summary>Whoever takes steps: a request, a node's background work, the database server. Follows the flow of asynchronous calls.</summary>
internal sealed class Actor(string name, SimulatedNode? node)
{
    private static readonly AsyncLocal<Actor?> Ambient = new();

    public static Actor Current => Ambient.Value ?? throw new InvalidOperationException("Code of the product ran outside of the simulation.");

    public SimulatedNode? Node => node;

    /// <summary>The payload that it saves just now, for the server's flaw that puts it in place of what it is sent.</summary>
    public byte[]? Saves { get; set; }

    /// <summary>The clock that the actor goes by.</summary>
    public TimeProvider Time => node?.Time ?? World.Current.Time.Of(TimeSpan.Zero);

    /// <summary>Runs something as this actor, up to where it first waits.</summary>
    public void Do(Action action)
    {
        var before = Ambient.Value;
        Ambient.Value = this;
        try
        {
            action();
        }
        finally
        {
            Ambient.Value = before;
        }
    }

    public override string ToString() => name;
}

/// <summary>Somebody who waits for somebody else, for a time or until cancelled. Going on is a step.</summary>
internal sealed class Waiter
{
    private readonly TaskCompletionSource<bool> _source = new();
    private readonly Actor _actor = Actor.Current;
    private readonly CancellationTokenRegistration _cancelling;
    private readonly ITimer? _timer;
    private bool _isGranted;

    public Waiter(TimeSpan timeout, CancellationToken cancellationToken)
    {
        _timer = timeout == Timeout.InfiniteTimeSpan
            ? null
            : _actor.Time.CreateTimer(_ => GiveUp(source => source.TrySetResult(false)), null, timeout, Timeout.InfiniteTimeSpan);
        _cancelling = cancellationToken.UnsafeRegister(_ => GiveUp(source => source.TrySetCanceled(cancellationToken)), null);
    }

    /// <summary>False if time was up.</summary>
    public Task<bool> Task => _source.Task;

    /// <summary>What it waits for has come; time or a cancellation may still be faster than the step.</summary>
    public void Wake() => World.Current.Agenda.Add(_actor, "goes on", () => End(static source => source.TrySetResult(true)));

    /// <summary>What it waits for is its own, whatever comes.</summary>
    public void Grant()
    {
        _isGranted = true;
        Wake();
    }

    private void GiveUp(Action<TaskCompletionSource<bool>> end)
    {
        if (!_isGranted)
        {
            End(end);
        }
    }

    private void End(Action<TaskCompletionSource<bool>> end)
    {
        _timer?.Dispose();
        _cancelling.Dispose();
        end(_source);
    }
}

namespace SmartCache.Simulation;

/// <summary>The steps that could be taken now. One is taken at a time, on one thread. Which one is a choice.</summary>
internal sealed class Agenda(Trace trace)
{
    private readonly List<Step> _steps = [];
    private Actor? _last;

    public bool IsEmpty => _steps.Count == 0;

    public Step Add(Actor actor, string what, Action run)
    {
        var step = new Step(actor, what, run);
        if (actor.Node is not { IsDead: true })
            _steps.Add(step);

        return step;
    }

    /// <summary>A scheduling point: the caller continues when its step is taken.</summary>
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
        // The actor of the last step comes first, so that choice 0 never means an unnecessary switch.
        var own = _last is null ? -1 : _steps.FindIndex(step => step.Actor == _last);
        var chosen = _steps.Count == 1 ? 0 : choices.Step(_steps.Count, own >= 0);
        var at = own < 0 ? chosen : chosen == 0 ? own : chosen <= own ? chosen - 1 : chosen;
        var taken = _steps[at];
        _steps.RemoveAt(at);
        _last = taken.Actor;
        trace.Add(taken.Actor, taken.What);
        taken.Actor.Do(taken.Run);
    }

    /// <summary>The node is dead: none of its steps is taken.</summary>
    public void Drop(SimulatedNode node) => _steps.RemoveAll(step => step.Actor.Node == node);
}

/// <summary>What an actor is ready to do next. Code of the product runs only in steps.</summary>
internal sealed record Step(Actor Actor, string What, Action Run);

/// <summary>Takes steps: a request, a node's background work, or the database server. It flows with asynchronous calls.</summary>
internal sealed class Actor(string name, SimulatedNode? node)
{
    private static readonly AsyncLocal<Actor?> Ambient = new();

    public static Actor Current => Ambient.Value ?? throw new InvalidOperationException("Code of the product ran outside of the simulation.");
    public SimulatedNode? Node => node;

    /// <summary>The payload that it is saving. A flaw of the server writes it instead of the merged one.</summary>
    public byte[]? Saves { get; set; }

    /// <summary>The actor's clock.</summary>
    public TimeProvider Time => node?.Time ?? World.Current.Time.Of(TimeSpan.Zero);

    /// <summary>Runs something as this actor, up to its first wait.</summary>
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

/// <summary>An actor that waits for another, for some time or until it is cancelled. To continue is a step.</summary>
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

    /// <summary>It can continue. Its timeout or a cancellation may still be faster than the step.</summary>
    public void Wake() => World.Current.Agenda.Add(_actor, "goes on", () => End(static source => source.TrySetResult(true)));

    /// <summary>It has got what it waits for, whatever happens next.</summary>
    public void Grant()
    {
        _isGranted = true;
        Wake();
    }

    private void GiveUp(Action<TaskCompletionSource<bool>> end)
    {
        if (!_isGranted)
            End(end);
    }

    private void End(Action<TaskCompletionSource<bool>> end)
    {
        _timer?.Dispose();
        _cancelling.Dispose();
        end(_source);
    }
}

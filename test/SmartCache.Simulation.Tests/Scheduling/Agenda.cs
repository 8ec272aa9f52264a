using SmartCache.Simulation.Choices;
using SmartCache.Simulation.Nodes;

namespace SmartCache.Simulation.Scheduling;

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

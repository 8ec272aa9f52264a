using SmartCache.Simulation;
using SmartCache.Simulation.Scheduling;

namespace SmartCache;

/// <summary>In place of a source whose continuations run on the thread pool: each is a step of the simulation.</summary>
internal sealed class TaskCompletionSource
{
    public TaskCompletionSource(TaskCreationOptions options)
    {
        if (options != TaskCreationOptions.RunContinuationsAsynchronously)
        {
            throw World.Current.NotSimulated("continuations that run at once");
        }
    }

    public Completion Task { get; } = new();

    public void TrySetResult()
    {
        World.Current.Trace.Add(Actor.Current, "lets another save go on");
        Task.Complete();
    }
}

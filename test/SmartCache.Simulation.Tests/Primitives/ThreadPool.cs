using SmartCache.Simulation;

namespace SmartCache;

/// <summary>In place of the thread pool: a work item is a step that the simulation may take whenever it likes.</summary>
internal static class ThreadPool
{
    public static bool UnsafeQueueUserWorkItem<TState>(Action<TState> callBack, TState state, bool preferLocal)
    {
        _ = preferLocal;
        World.Current.Queue(callBack, state);
        return true;
    }
}

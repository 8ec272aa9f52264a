using System.Runtime.ExceptionServices;

namespace SmartCache.Simulation.Scheduling;

/// <summary>
/// A thread without a synchronization context, on which continuations run where they are completed: on a test's own
/// thread they might wander off to another one.
/// </summary>
internal static class SimulationThread
{
    public static T Run<T>(Func<T> work)
    {
        T? result = default;
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                result = work();
            }
            catch (Exception exception)
            {
                failure = ExceptionDispatchInfo.Capture(exception);
            }
        });
        thread.Start();
        thread.Join();
        failure?.Throw();
        return result!;
    }
}

using System.Diagnostics;

namespace SmartCache;

/// <summary>Takes the result of a body that was asked to run synchronously: it is complete, nothing is waited for.</summary>
internal static class SynchronousBody
{
    public static T TakeResult<T>(this ValueTask<T> completed)
    {
        Debug.Assert(completed.IsCompleted, "a body asked to run synchronously gave back an unfinished task");
        return completed.GetAwaiter().GetResult();
    }

    public static void TakeResult(this ValueTask completed)
    {
        Debug.Assert(completed.IsCompleted, "a body asked to run synchronously gave back an unfinished task");
        completed.GetAwaiter().GetResult();
    }
}

using System.Diagnostics;

namespace SmartCache.Primitives;

/// <summary>Takes the result of a body that was asked to run synchronously and is therefore complete.</summary>
internal static class SynchronousBody
{
    public static T TakeResult<T>(this ValueTask<T> completed)
    {
        Debug.Assert(completed.IsCompleted, "a body asked to run synchronously returned an unfinished task");
        return completed.GetAwaiter().GetResult();
    }

    public static void TakeResult(this ValueTask completed)
    {
        Debug.Assert(completed.IsCompleted, "a body asked to run synchronously returned an unfinished task");
        completed.GetAwaiter().GetResult();
    }
}

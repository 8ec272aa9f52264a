namespace SmartCache.Contract.Web.Hosting;

/// <summary>Requests that come to a meeting wait until all of them are there: what each has loaded by then is out of date for all but one.</summary>
public sealed class Meeting(int size)
{
    private readonly TaskCompletionSource _complete = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _arrived;

    public Task ArriveAsync()
    {
        if (Interlocked.Increment(ref _arrived) == size)
        {
            _complete.SetResult();
        }

        return _complete.Task.WaitAsync(Patience.Limit);
    }
}

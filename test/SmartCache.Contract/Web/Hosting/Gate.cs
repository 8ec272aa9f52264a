namespace SmartCache.Contract.Web.Hosting;

/// <summary>A place inside a request at which it waits until the test lets it go on.</summary>
public sealed class Gate
{
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the request has come to the gate.</summary>
    public Task Reached => _reached.Task.WaitAsync(Patience.Limit);

    public void Open() => _open.TrySetResult();

    public Task PassAsync()
    {
        _reached.TrySetResult();
        return _open.Task.WaitAsync(Patience.Limit);
    }
}

/// <summary>Requests that come to a meeting wait until all of them are there: what each has loaded by then is out of date for all but one.</summary>
public sealed class Meeting(int size)
{
    private readonly TaskCompletionSource _complete = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _arrived;

    public Task ArriveAsync()
    {
        if (Interlocked.Increment(ref _arrived) == size)
            _complete.SetResult();

        return _complete.Task.WaitAsync(Patience.Limit);
    }
}

/// <summary>How long a test waits for something that always happens, before it calls it a failure.</summary>
public static class Patience
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
}

/// <summary>A request that has loaded its session and waits.</summary>
public sealed class SlowRequest(Gate gate, Task response)
{
    public Task EndAsync()
    {
        gate.Open();
        return response;
    }
}

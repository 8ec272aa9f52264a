namespace SmartCache.Contract.Faults;

/// <summary>A work that waits at a certain point until the test lets it go on.</summary>
public sealed class Pause
{
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the work has come to the point.</summary>
    public Task Reached => _reached.Task.WaitAsync(TimeSpan.FromSeconds(10));

    public void Release() => _released.SetResult();

    internal Task WaitAsync()
    {
        _reached.SetResult();
        return _released.Task;
    }
}

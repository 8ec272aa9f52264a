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

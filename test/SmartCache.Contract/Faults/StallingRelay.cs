namespace SmartCache.Contract.Faults;

/// <summary>A network in which nothing arrives for a while, and then everything does.</summary>
public sealed class StallingRelay(string host, int port) : TcpRelay(host, port), IRelayListener
{
    private TaskCompletionSource? _stall;

    public void Stall() => _stall = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void GoOn()
    {
        var stall = _stall;
        _stall = null;
        stall?.SetResult();
    }

    public ValueTask<bool> MayPassToServerAsync() => PassAsync();

    public ValueTask<bool> MayPassToDriverAsync() => PassAsync();

    protected override IRelayListener Listen() => this;

    private async ValueTask<bool> PassAsync()
    {
        if (_stall is { } stall)
        {
            await stall.Task;
        }

        return true;
    }
}

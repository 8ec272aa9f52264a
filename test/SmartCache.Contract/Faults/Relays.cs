namespace SmartCache.Contract.Faults;

/// <summary>Cuts connections now and then: before the server hears what it is asked, or when it has done it and answers.</summary>
public sealed class ConnectionCutter(string host, int port) : TcpRelay(host, port), IRelayListener
{
    private const double Questions = 0.01;
    private const double Answers = 0.03;
    private const int Seed = 20_301_202;

    private readonly Random _random = new(Seed);
    private int _cutAnswers;

    public bool IsCutting { get; set; }
    public int CutAnswers => _cutAnswers;

    public ValueTask<bool> MayPassToServerAsync() => new(!Cuts(Questions));

    public ValueTask<bool> MayPassToDriverAsync()
    {
        if (!Cuts(Answers))
            return new(true);

        Interlocked.Increment(ref _cutAnswers);
        return new(false);
    }

    protected override IRelayListener Listen() => this;

    /// <summary>The same shares in every run; which connection meets them is up to the threads.</summary>
    private bool Cuts(double share)
    {
        lock (_random)
            return IsCutting && _random.NextDouble() < share;
    }
}

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
            await stall.Task;

        return true;
    }
}

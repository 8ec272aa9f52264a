namespace SmartCache.Contract.Faults;

/// <summary>Cuts connections now and then: before the server hears what it is asked, or when it has done it and answers.</summary>
public sealed class ConnectionCutter(string host, int port) : TcpRelay(host, port), IRelayListener
{
    private const double Questions = 0.01;
    private const double Answers = 0.03;
    private const int Seed = 20_301_202;

    private readonly Random _random = new(Seed);
    private int _cutAnswers;

    /// <summary>Whether it cuts at all.</summary>
    public bool IsCutting { get; set; }

    public int CutAnswers => _cutAnswers;

    public ValueTask<bool> MayPassToServerAsync() => new(!Cuts(Questions));

    public ValueTask<bool> MayPassToDriverAsync()
    {
        if (!Cuts(Answers))
        {
            return new(true);
        }

        Interlocked.Increment(ref _cutAnswers);
        return new(false);
    }

    protected override IRelayListener Listen() => this;

    /// <summary>The same shares in every run; which connection meets them is up to the threads.</summary>
    private bool Cuts(double share)
    {
        lock (_random)
        {
            return IsCutting && _random.NextDouble() < share;
        }
    }
}

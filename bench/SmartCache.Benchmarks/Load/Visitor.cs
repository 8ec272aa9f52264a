using System.Diagnostics;
using SmartCache.Benchmarks.Contenders;
using SmartCache.Benchmarks.Sessions;

namespace SmartCache.Benchmarks.Load;

/// <summary>
/// One of the visitors that send requests side by side, each to sessions of its own: what the last of them stored is
/// then known.
/// </summary>
internal sealed class Visitor(Contender contender, Population population, Ledger ledger, int number, int visitors)
{
    private readonly Random _random = new(number);
    private readonly int _sessions = population.Keys.Count / visitors;

    // The middleware's calls can all be cancelled.
    private readonly CancellationToken _token = new CancellationTokenSource().Token;
    private int _visits;

    /// <summary>Whether sessions are visited one after the other, so that soon every one has been; otherwise at random.</summary>
    public bool GoesRound { get; set; }

    public LatencyHistogram Latencies { get; private set; } = new();

    public void Reset() => Latencies = new LatencyHistogram();

    public async Task VisitAsync(RequestKind kind)
    {
        var begun = Stopwatch.GetTimestamp();
        var frame = new RequestFrame();
        frame.Enter();
        try
        {
            await RequestAsync(kind == RequestKind.Mix ? RequestKinds.FromMix(_random) : kind, frame);
        }
        finally
        {
            RequestFrame.Leave();
        }

        Latencies.Add(Stopwatch.GetTimestamp() - begun);
    }

    /// <summary>A session that no other visitor has.</summary>
    public int NextSession() => number + (visitors * (GoesRound ? _visits++ % _sessions : _random.Next(_sessions)));

    public CancellationToken Token => _token;

    private Task RequestAsync(RequestKind kind, RequestFrame frame) => kind switch
    {
        RequestKind.NoCookie => RefreshAsync(SessionKeys.Create(_random, SessionKeys.New), frame),
        RequestKind.Untouched => UntouchedAsync(NextSession(), frame),
        RequestKind.Read => ReadAsync(NextSession(), frame),
        RequestKind.Unchanged => UnchangedAsync(NextSession(), frame),
        RequestKind.Changed => ChangedAsync(NextSession(), frame),
        RequestKind.New => NewAsync(frame),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    private Task RefreshAsync(string key, RequestFrame frame)
    {
        frame.BeginCommit();
        return contender.RefreshAsync(key, isLoaded: false, _token);
    }

    private async Task UntouchedAsync(int session, RequestFrame frame)
    {
        await RefreshAsync(population.Keys[session], frame);
        ledger.Visit(session);
    }

    private async Task ReadAsync(int session, RequestFrame frame)
    {
        await LoadAsync(session);
        frame.BeginCommit();
        await contender.RefreshAsync(population.Keys[session], isLoaded: true, _token);
        ledger.Visit(session);
    }

    private async Task UnchangedAsync(int session, RequestFrame frame)
    {
        // The middleware writes the payload anew, even if it comes out the same.
        var same = (byte[])(await LoadAsync(session)).Clone();
        frame.BeginCommit();
        await contender.StoreAsync(population.Keys[session], same, isNew: false, _token);
        ledger.Visit(session);
    }

    private async Task ChangedAsync(int session, RequestFrame frame)
    {
        var stamp = Ledger.NextStamp();
        var mine = population.Payload.With(await LoadAsync(session), entry: 0, stamp);
        frame.BeginCommit();
        await contender.StoreAsync(population.Keys[session], mine, isNew: false, _token);
        ledger.Store(session, stamp);
    }

    private async Task NewAsync(RequestFrame frame)
    {
        var key = SessionKeys.Create(_random, SessionKeys.New);
        if (await contender.LoadAsync(key, _token) is not null)
        {
            throw new InvalidOperationException("A session was found under a new key.");
        }

        var mine = population.Payload.Create(_random);
        frame.BeginCommit();
        await contender.StoreAsync(key, mine, isNew: true, _token);
        ledger.Begin();
    }

    private async Task<byte[]> LoadAsync(int session)
    {
        var loaded = await contender.LoadAsync(population.Keys[session], _token);
        return loaded?.Length == population.Payload.Size
            ? loaded
            : throw new InvalidOperationException($"A session of {population.Payload.Size} bytes was stored, {loaded?.Length.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "nothing"} was found.");
    }
}

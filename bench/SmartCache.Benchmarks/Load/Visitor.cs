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
    private int _visits;

    /// <summary>How many sessions it visits.</summary>
    public int Sessions { get; } = population.Keys.Count / visitors;

    /// <summary>The middleware's calls can all be cancelled.</summary>
    public CancellationToken Token { get; } = new CancellationTokenSource().Token;

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
    public int NextSession() => number + (visitors * (GoesRound ? _visits++ % Sessions : _random.Next(Sessions)));

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
        return contender.RefreshAsync(key, isLoaded: false, Token);
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
        await contender.RefreshAsync(population.Keys[session], isLoaded: true, Token);
        ledger.Visit(session);
    }

    private async Task UnchangedAsync(int session, RequestFrame frame)
    {
        // The middleware writes the payload anew, even if it comes out the same.
        var same = (byte[])(await LoadAsync(session)).Clone();
        frame.BeginCommit();
        await contender.StoreAsync(population.Keys[session], same, isNew: false, Token);
        ledger.Visit(session);
    }

    private async Task ChangedAsync(int session, RequestFrame frame)
    {
        var stamp = Ledger.NextStamp();
        var mine = population.Payload.With(await LoadAsync(session), entry: 0, stamp);
        frame.BeginCommit();
        await contender.StoreAsync(population.Keys[session], mine, isNew: false, Token);
        ledger.Store(session, stamp);
    }

    private async Task NewAsync(RequestFrame frame)
    {
        var key = SessionKeys.Create(_random, SessionKeys.New);
        if (await contender.LoadAsync(key, Token) is not null)
        {
            throw new InvalidOperationException("A session was found under a new key.");
        }

        var mine = population.Payload.Create(_random);
        frame.BeginCommit();
        await contender.StoreAsync(key, mine, isNew: true, Token);
        ledger.Begin();
    }

    private async Task<byte[]> LoadAsync(int session)
    {
        var loaded = await contender.LoadAsync(population.Keys[session], Token);
        return loaded?.Length == population.Payload.Size
            ? loaded
            : throw new InvalidOperationException($"A session of {population.Payload.Size} bytes was stored, {loaded?.Length.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "nothing"} was found.");
    }
}

using System.Diagnostics;

namespace SmartCache.Benchmarks.Requests;

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

/// <summary>What a contender has acknowledged in one cell, to be looked for in its table.</summary>
internal sealed class Ledger(int sessions)
{
    private static long _lastStamp = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() << 20;

    private readonly long[] _stamps = new long[sessions];
    private readonly bool[] _visited = new bool[sessions];
    private long _begun;

    /// <summary>Sessions begun and acknowledged.</summary>
    public long Begun => Interlocked.Read(ref _begun);

    /// <summary>Sessions with an acknowledged store.</summary>
    public IEnumerable<int> Stored => Indices(session => _stamps[session] != 0);

    /// <summary>Sessions with a request that keeps them alive.</summary>
    public IEnumerable<int> Visited => Indices(session => _visited[session]);

    public static long NextStamp() => Interlocked.Increment(ref _lastStamp);

    public long StampOf(int session) => _stamps[session];

    public void Store(int session, long stamp) => (_stamps[session], _visited[session]) = (stamp, true);

    public void Visit(int session) => _visited[session] = true;

    public void Begin() => Interlocked.Increment(ref _begun);

    private IEnumerable<int> Indices(Func<int, bool> predicate) => Enumerable.Range(0, _stamps.Length).Where(predicate);
}

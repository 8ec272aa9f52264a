using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using HdrHistogram;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Session;
using SmartCache.Engines;

namespace SmartCache.Benchmarks;

/// <summary>What a request does with its session, and so what the stock middleware asks of the cache.</summary>
internal enum RequestKind
{
    /// <summary>No cookie, session not touched: a refresh under a random key.</summary>
    NoCookie,

    /// <summary>A session's cookie, session not touched: a refresh.</summary>
    Untouched,

    /// <summary>Reads the session: a get and a refresh.</summary>
    Read,

    /// <summary>Sets an entry to what it was: a get and a set of the same bytes.</summary>
    Unchanged,

    /// <summary>Changes an entry: a get and a set.</summary>
    Changed,

    /// <summary>Begins a session: a get that finds nothing, and a set.</summary>
    New,

    /// <summary>Ten in a hundred without a cookie, forty untouched, forty that read, ten that change an entry.</summary>
    Mix,

    /// <summary>Eight requests of one session that all load it before each changes an entry of its own.</summary>
    Conflict,
}

/// <summary>The kinds of requests by the names that they have on the command line and in reports.</summary>
internal static class RequestKinds
{
    public static string Names => string.Join(", ", Enum.GetValues<RequestKind>().Select(NameOf));

    public static string NameOf(RequestKind kind) => kind == RequestKind.NoCookie ? "no-cookie" : kind.ToString().ToLowerInvariant();

    public static RequestKind Find(string name)
    {
        var kinds = Enum.GetValues<RequestKind>();
        return kinds[Array.IndexOf([.. kinds.Select(NameOf)], ConsoleApp.OneOf([.. kinds.Select(NameOf)])(name))];
    }

    /// <summary>One request of the mix.</summary>
    public static RequestKind FromMix(Random random) => random.Next(10) switch
    {
        0 => RequestKind.NoCookie,
        < 5 => RequestKind.Untouched,
        < 9 => RequestKind.Read,
        _ => RequestKind.Changed,
    };
}

/// <summary>
/// One of the visitors that send requests side by side, each to sessions of its own. So it is known what the last request
/// of a session saved.
/// </summary>
internal sealed class Visitor(Contender contender, Population population, Ledger ledger, int number, int visitors)
{
    private readonly Random _random = new(number);
    private int _visits;

    /// <summary>How many sessions it visits.</summary>
    public int Sessions { get; } = population.Keys.Count / visitors;

    /// <summary>A token that can be cancelled, as the middleware's.</summary>
    public CancellationToken Token { get; } = new CancellationTokenSource().Token;

    /// <summary>Whether sessions are visited one after the other, so that soon every one has been; otherwise at random.</summary>
    public bool GoesRound { get; set; }
    public Latencies Latencies { get; } = new();

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

        Latencies.RecordValue(Stopwatch.GetTimestamp() - begun);
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
        await contender.SaveAsync(population.Keys[session], same, isNew: false, Token);
        ledger.Visit(session);
    }

    private async Task ChangedAsync(int session, RequestFrame frame)
    {
        var mark = Ledger.NextNumber();
        var mine = population.Payload.With(await LoadAsync(session), entry: 0, mark);
        frame.BeginCommit();
        await contender.SaveAsync(population.Keys[session], mine, isNew: false, Token);
        ledger.Save(session, mark);
    }

    private async Task NewAsync(RequestFrame frame)
    {
        var key = SessionKeys.Create(_random, SessionKeys.New);
        if (await contender.LoadAsync(key, Token) is not null)
            throw new InvalidOperationException("A session was found under a new key.");

        var mine = population.Payload.Create(_random);
        frame.BeginCommit();
        await contender.SaveAsync(key, mine, isNew: true, Token);
        ledger.Begin();
    }

    private async Task<byte[]> LoadAsync(int session)
    {
        var loaded = await contender.LoadAsync(population.Keys[session], Token);
        return loaded?.Length == population.Payload.Size
            ? loaded
            : throw new InvalidOperationException($"A session of {population.Payload.Size} bytes was saved, and {loaded?.Length ?? 0} bytes were found.");
    }
}

/// <summary>What a contender has acknowledged in one cell. Its table is checked for that.</summary>
internal sealed class Ledger(int sessions)
{
    private static long _lastNumber = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() << 20;

    private readonly long[] _numbers = new long[sessions];
    private readonly bool[] _visited = new bool[sessions];
    private long _begun;

    /// <summary>Sessions begun and acknowledged.</summary>
    public long Begun => Interlocked.Read(ref _begun);

    /// <summary>Sessions with an acknowledged save.</summary>
    public IEnumerable<int> Saved => Indices(session => _numbers[session] != 0);

    /// <summary>Sessions with a request that keeps them alive.</summary>
    public IEnumerable<int> Visited => Indices(session => _visited[session]);

    public static long NextNumber() => Interlocked.Increment(ref _lastNumber);

    public long NumberOf(int session) => _numbers[session];

    public void Save(int session, long number) => (_numbers[session], _visited[session]) = (number, true);

    public void Visit(int session) => _visited[session] = true;

    public void Begin() => Interlocked.Increment(ref _begun);

    private IEnumerable<int> Indices(Func<int, bool> predicate) => Enumerable.Range(0, _numbers.Length).Where(predicate);
}

/// <summary>Latencies in ticks of the stopwatch. For one thread at a time.</summary>
internal sealed class Latencies() : LongHistogram(TimeSpan.SecondsPerHour * Stopwatch.Frequency, numberOfSignificantValueDigits: 2)
{
    public double Milliseconds(double share) => GetValueAtPercentile(100 * share) * 1_000.0 / Stopwatch.Frequency;
}

/// <summary>What the stock middleware puts around the calls: a context with the session's feature, which it removes before it commits.</summary>
internal sealed class RequestFrame
{
    private static readonly HttpContextAccessor Accessor = new();

    private readonly DefaultHttpContext _context = new();

    public RequestFrame() => _context.Features.Set<ISessionFeature>(new SessionFeature { Session = new StubSession() });

    /// <summary>The code that follows runs in this request.</summary>
    public void Enter() => Accessor.HttpContext = _context;

    /// <summary>The app is done. The middleware's commit follows.</summary>
    public void BeginCommit() => _context.Features.Set<ISessionFeature>(null);

    /// <summary>The request is over.</summary>
    public static void Leave() => Accessor.HttpContext = null;
}

/// <summary>Stands in for the session object of a request. A cache uses only its identity.</summary>
internal sealed class StubSession : ISession
{
    public bool IsAvailable => true;
    public string Id => "";
    public IEnumerable<string> Keys => [];

    public Task LoadAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;

    public Task CommitAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;

    public bool TryGetValue(string key, [NotNullWhen(true)] out byte[]? value)
    {
        value = null;
        return false;
    }

    public void Set(string key, byte[] value) => throw new NotSupportedException();

    public void Remove(string key) => throw new NotSupportedException();

    public void Clear() => throw new NotSupportedException();
}

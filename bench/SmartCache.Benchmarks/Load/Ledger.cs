namespace SmartCache.Benchmarks.Load;

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

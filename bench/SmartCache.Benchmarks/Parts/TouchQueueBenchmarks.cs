using BenchmarkDotNet.Attributes;
using SmartCache.Benchmarks.Contenders;
using SmartCache.Benchmarks.Sessions;
using SmartCache.Expiration;
using SmartCache.Keys;

namespace SmartCache.Benchmarks.Parts;

/// <summary>What an access costs that is noted in memory, and what a flush costs beside its statement; each per access.</summary>
public class TouchQueueBenchmarks
{
    private const int Accesses = 10_000;
    private const long Start = 1_800_000_000_000;
    private static readonly long SlidingMs = (long)CacheContender.IdleTimeout.TotalMilliseconds;

    private CacheKey[] _keys = [];
    private TouchQueue _queue = new();
    private long _now = Start;

    [GlobalSetup]
    public void SetUp()
    {
        var random = new Random(1);
        _keys = [.. Enumerable.Range(0, Accesses).Select(_ => CacheKey.From(SessionKeys.Create(random, SessionKeys.Seeded)))];
        _queue = new TouchQueue();
        NoteKnown();
    }

    /// <summary>Rows that are in the queue already, as in steady traffic.</summary>
    [Benchmark(OperationsPerInvoke = Accesses)]
    public void NoteKnown()
    {
        _now++;
        var lifetime = new Lifetime(_now + SlidingMs, SlidingMs, null);
        foreach (var key in _keys)
        {
            _queue.Note(key, _now, lifetime);
        }
    }

    /// <summary>What a read does: the access waits for the end of its request.</summary>
    [Benchmark(OperationsPerInvoke = Accesses)]
    public void HoldAndRelease()
    {
        _now++;
        var lifetime = new Lifetime(_now + SlidingMs, SlidingMs, null);
        foreach (var key in _keys)
        {
            var hold = _queue.Hold(key, _now, lifetime);
            _queue.Release(key, _now, hold!.Value, counts: true);
        }
    }

    /// <summary>Keys that no row is known for, noted and flushed.</summary>
    [Benchmark(OperationsPerInvoke = Accesses)]
    public int NoteUnknownAndFlush()
    {
        _now++;
        var queue = new TouchQueue();
        foreach (var key in _keys)
        {
            queue.Note(key, _now, known: null);
        }

        return Flush(queue, FlushScope.Due);
    }

    /// <summary>Rows noted and flushed.</summary>
    [Benchmark(OperationsPerInvoke = Accesses)]
    public int NoteKnownAndFlush()
    {
        NoteKnown();
        return Flush(_queue, FlushScope.Waiting);
    }

    private int Flush(TouchQueue queue, FlushScope scope)
    {
        var touches = queue.Take(_now, scope);
        queue.Return(touches, areWritten: true, _now);
        return touches.Count;
    }
}

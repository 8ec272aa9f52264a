using System.IO.Hashing;
using System.Text;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using SmartCache.Benchmarks.Requests;
using SmartCache.Engines;
using SmartCache.Payloads;
using SmartCache.Primitives;
using SmartCache.Sessions;
using SmartCache.Touches;

namespace SmartCache.Benchmarks.Parts;

/// <summary>The second part of the program: pieces of the core alone.</summary>
internal static class PartsRun
{
    private const string Quick = "--quick";

    /// <param name="args">For BenchmarkDotNet, but for <c>--quick</c>.</param>
    public static int Run(string[] args)
    {
        var job = args.Contains(Quick) ? Job.ShortRun : Job.Default;

        // In this process: BenchmarkDotNet would otherwise generate a project below this folder, and build it by the
        // repository's rules.
        var config = ManualConfig.Create(DefaultConfig.Instance)
            .AddJob(job.WithToolchain(InProcessEmitToolchain.Instance))
            .AddDiagnoser(MemoryDiagnoser.Default)
            .HideColumns(Column.Job, Column.Toolchain)
            .WithArtifactsPath(Path.Combine(RequestsArguments.DefaultFolder, "parts"));
        var summaries = BenchmarkSwitcher.FromAssembly(typeof(PartsRun).Assembly).Run([.. args.Except([Quick])], config);
        return summaries.All(summary => summary.Reports.All(report => report.Success)) ? ExitCode.Done : ExitCode.Failed;
    }
}

/// <summary>What every call begins with.</summary>
public class KeyBenchmarks
{
    private readonly string _key = new Guid(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11).ToString();
    private byte[] _bytes = [];

    [GlobalSetup]
    public void SetUp() => _bytes = Encoding.UTF8.GetBytes(_key);

    [Benchmark]
    public uint Crc() => Crc32.HashToUInt32(_bytes);

    [Benchmark]
    public uint KeyFromText() => CacheKey.From(_key).Crc;
}

/// <summary>What a request costs that has to understand a session: seeing its entries, finding what changed, merging it.</summary>
public class PayloadBenchmarks
{
    private readonly List<string> _conflicts = [];
    private byte[] _bytes = [];
    private SessionPayload? _base;
    private SessionPayload? _same;
    private SessionPayload? _mine;
    private SessionPayload? _theirs;
    private SessionDifference? _difference;

    [Params(1_024, 16_384)]
    public int Size { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        var sample = new SamplePayload(Size);
        _bytes = sample.Create(new Random(1));
        _base = Parsed(_bytes);
        _same = Parsed((byte[])_bytes.Clone());
        _mine = Parsed(sample.With(_bytes, entry: 0, stamp: 1));
        _theirs = Parsed(sample.With(_bytes, entry: 1, stamp: 2));
        _difference = SessionDifference.Between(_base, _mine);
    }

    [Benchmark]
    public bool Parse() => SessionPayload.TryParse(_bytes, out _);

    [Benchmark]
    public bool DifferenceOfNothing() => SessionDifference.Between(_base, _same!).IsEmpty;

    [Benchmark]
    public bool DifferenceOfOneEntry() => SessionDifference.Between(_base, _mine!).IsEmpty;

    [Benchmark]
    public int MergeOfOneEntry()
    {
        _conflicts.Clear();
        return SessionMerge.Apply(_theirs!, _difference!, _conflicts).Bytes.Length;
    }

    /// <summary>Nobody came between: theirs is what the request loaded.</summary>
    [Benchmark]
    public int MergeWithoutOthers()
    {
        _conflicts.Clear();
        return SessionMerge.Apply(_base!, _difference!, _conflicts).Bytes.Length;
    }

    private static SessionPayload Parsed(byte[] bytes) =>
        SessionPayload.TryParse(bytes, out var payload) ? payload : throw new InvalidOperationException("The sample is no session.");
}

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

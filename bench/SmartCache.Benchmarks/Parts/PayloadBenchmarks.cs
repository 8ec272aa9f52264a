using BenchmarkDotNet.Attributes;
using SmartCache.Benchmarks.Sessions;
using SmartCache.Sessions;

namespace SmartCache.Benchmarks.Parts;

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
        return SessionMerge.Apply(_theirs, _difference!, _conflicts).Bytes.Length;
    }

    /// <summary>Nobody came between: theirs is what the request loaded.</summary>
    [Benchmark]
    public int MergeWithoutOthers()
    {
        _conflicts.Clear();
        return SessionMerge.Apply(_base, _difference!, _conflicts).Bytes.Length;
    }

    private static SessionPayload Parsed(byte[] bytes) =>
        SessionPayload.TryParse(bytes, out var payload) ? payload : throw new InvalidOperationException("The sample is no session.");
}

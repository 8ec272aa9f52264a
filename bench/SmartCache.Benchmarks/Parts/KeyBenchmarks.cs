using System.IO.Hashing;
using System.Text;
using BenchmarkDotNet.Attributes;
using SmartCache.Keys;

namespace SmartCache.Benchmarks.Parts;

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

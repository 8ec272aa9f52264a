using System.Diagnostics;
using System.Numerics;

namespace SmartCache.Benchmarks.Requests;

/// <summary>Latencies in buckets about 3 % wide, so that recording one allocates nothing. For one thread at a time.</summary>
internal sealed class LatencyHistogram
{
    private const int SubBits = 5;
    private const int SubBuckets = 1 << SubBits;
    private static readonly double TicksPerMs = Stopwatch.Frequency / 1_000.0;

    private readonly long[] _counts = new long[64 * SubBuckets];

    public long Count { get; private set; }

    public void Add(long stopwatchTicks)
    {
        _counts[Bucket(Math.Max(1, stopwatchTicks))]++;
        Count++;
    }

    public void Add(LatencyHistogram other)
    {
        for (var i = 0; i < _counts.Length; i++)
        {
            _counts[i] += other._counts[i];
        }

        Count += other.Count;
    }

    /// <summary>The latency in milliseconds that this share of the requests stayed below.</summary>
    public double Percentile(double share)
    {
        var rest = (long)Math.Ceiling(Count * share);
        for (var i = 0; i < _counts.Length; i++)
        {
            rest -= _counts[i];
            if (rest <= 0 && Count > 0)
            {
                return Middle(i) / TicksPerMs;
            }
        }

        return 0;
    }

    private static int Bucket(long ticks)
    {
        var shift = Math.Max(0, BitOperations.Log2((ulong)ticks) - SubBits);
        return (shift << SubBits) + (int)(ticks >> shift);
    }

    private static double Middle(int bucket)
    {
        var shift = Math.Max(0, (bucket >> SubBits) - 1);
        return ((bucket - (shift << SubBits)) + 0.5) * (1L << shift);
    }
}

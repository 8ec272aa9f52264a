using SmartCache.Benchmarks.Contenders;
using SmartCache.Benchmarks.Load;
using SmartCache.Benchmarks.Measuring;
using SmartCache.Benchmarks.Sessions;

namespace SmartCache.Benchmarks.Growth.Sweeping;

/// <summary>Traffic that reads for a while, changes for a while, and so on.</summary>
internal sealed class Slices(Contender contender, Population population, int concurrency, TimeSpan slice)
{
    private readonly Crowd[] _crowds =
        [.. new[] { RequestKind.Read, RequestKind.Changed }.Select(kind => new Crowd(contender, population, new Ledger(population.Keys.Count), kind, concurrency))];

    private readonly RequestKind[] _kinds = [RequestKind.Read, RequestKind.Changed];

    /// <summary>Goes on until both have had their turn and nothing more is wanted.</summary>
    /// <exception cref="UnsoundException">A request failed.</exception>
    public async Task<IEnumerable<SweepTraffic>> RunAsync(string when, Func<bool> goesOn, CancellationToken cancellationToken)
    {
        var latencies = _kinds.Select(_ => new LatencyHistogram()).ToArray();
        var seconds = new double[_kinds.Length];
        do
        {
            for (var i = 0; i < _kinds.Length; i++)
            {
                var (some, took) = await _crowds[i].RunAsync(slice, isWarmUp: false, cancellationToken);
                latencies[i].Add(some);
                seconds[i] += took.TotalSeconds;
            }
        }
        while (goesOn());

        return _crowds.FirstOrDefault(crowd => crowd.Errors > 0) is { } failed
            ? throw new UnsoundException($"{failed.Errors} requests failed, the first with: {failed.FirstError}")
            : [.. _kinds.Select((kind, i) => new SweepTraffic(
                RequestKinds.NameOf(kind), when, latencies[i].Count / seconds[i], latencies[i].Percentile(0.5), latencies[i].Percentile(0.99), latencies[i].Count))];
    }
}

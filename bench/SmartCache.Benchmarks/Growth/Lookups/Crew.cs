using System.Diagnostics;

namespace SmartCache.Benchmarks.Growth.Lookups;

/// <summary>Workers side by side.</summary>
internal sealed class Crew(IReadOnlyList<IWorker> workers) : IAsyncDisposable
{
    public int Size => workers.Count;

    /// <param name="duration">For how long operations are begun, unless nothing is left to do before.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    public async Task<(long Operations, TimeSpan Took)> RunAsync(TimeSpan duration, CancellationToken cancellationToken)
    {
        var begun = Stopwatch.GetTimestamp();
        var end = begun + (long)(duration.TotalSeconds * Stopwatch.Frequency);
        var done = await Task.WhenAll(workers.Select(worker => Task.Run(() => WorkAsync(worker, end, cancellationToken), cancellationToken)));
        return (done.Sum(), Stopwatch.GetElapsedTime(begun));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var worker in workers)
        {
            await worker.DisposeAsync();
        }
    }

    private static async Task<long> WorkAsync(IWorker worker, long end, CancellationToken cancellationToken)
    {
        var operations = 0L;
        while (Stopwatch.GetTimestamp() < end && await worker.WorkAsync(cancellationToken) is > 0 and var done)
        {
            operations += done;
        }

        return operations;
    }
}

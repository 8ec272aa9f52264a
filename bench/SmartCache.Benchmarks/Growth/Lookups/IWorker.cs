namespace SmartCache.Benchmarks.Growth.Lookups;

/// <summary>Does one operation after the other.</summary>
internal interface IWorker : IAsyncDisposable
{
    /// <summary>Does the next.</summary>
    /// <returns>How many were done by that; none where nothing is left to do.</returns>
    Task<int> WorkAsync(CancellationToken cancellationToken);
}

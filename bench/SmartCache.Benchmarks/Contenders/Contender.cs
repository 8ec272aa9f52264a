namespace SmartCache.Benchmarks.Contenders;

/// <summary>
/// The three calls of the stock session middleware. What it knows of the request is given along: a cache does not
/// get to know it, hand-written statements would.
/// </summary>
internal abstract class Contender : IAsyncDisposable
{
    /// <returns>The session; null if there is none.</returns>
    public abstract Task<byte[]?> LoadAsync(string key, CancellationToken cancellationToken);

    public abstract Task StoreAsync(string key, byte[] value, bool isNew, CancellationToken cancellationToken);

    public abstract Task RefreshAsync(string key, bool isLoaded, CancellationToken cancellationToken);

    public abstract ValueTask DisposeAsync();
}

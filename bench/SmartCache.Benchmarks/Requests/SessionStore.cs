using SmartCache.Engines;

namespace SmartCache.Benchmarks;

/// <summary>
/// Where a contender keeps its sessions, as the benchmark sees it, on connections that no contender has: filled before, put in
/// order between cells, looked at after. A fresh instance of the contender comes from here, and so do its server's counts.
/// </summary>
internal abstract class SessionStore : IAsyncDisposable
{
    public static readonly long SlidingMs = (long)CacheContender.IdleTimeout.TotalMilliseconds;

    /// <summary>The figures that nobody counts for this contender.</summary>
    public virtual IReadOnlyList<string> Uncounted => [];

    public abstract Contender Create();

    public abstract ValueTask<Counts> CountsAsync(CancellationToken cancellationToken);

    /// <summary>The contender's connections now; null if it has no server.</summary>
    public abstract ValueTask<long?> CountConnectionsAsync(CancellationToken cancellationToken);

    /// <summary>Begins anew, with every session of the population and no other.</summary>
    public abstract Task FillAsync(Population population, CancellationToken cancellationToken);

    /// <summary>
    /// Gives every session the age that it has in steady traffic: its last touch lies in the last minute, evenly spread.
    /// Without it, no touch would be due for a minute, and later all of them.
    /// </summary>
    /// <returns>When, in UTC Unix milliseconds: no session expires later than an idle timeout after that.</returns>
    public abstract Task<long> FreshenAsync(CancellationToken cancellationToken);

    public abstract Task<long> CountAsync(CancellationToken cancellationToken);

    /// <summary>Removes the sessions that were not there from the start, and tells how many.</summary>
    public abstract Task<int> RemoveNewAsync(CancellationToken cancellationToken);

    /// <summary>A session's value and expiry; null if there is none.</summary>
    public abstract Task<(byte[] Value, long ExpiresAt)?> ReadAsync(string key, CancellationToken cancellationToken);

    public abstract ValueTask DisposeAsync();
}

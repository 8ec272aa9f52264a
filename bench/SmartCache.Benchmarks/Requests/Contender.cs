using Microsoft.Extensions.Caching.Distributed;
using SmartCache.Engines;

namespace SmartCache.Benchmarks.Requests;

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

/// <summary>A distributed cache under the stock middleware.</summary>
/// <param name="cache">The cache.</param>
/// <param name="owner">What to dispose at the end.</param>
internal sealed class CacheContender(IDistributedCache cache, IAsyncDisposable owner) : Contender
{
    public static readonly TimeSpan IdleTimeout = TimeSpan.FromMinutes(20);

    public override Task<byte[]?> LoadAsync(string key, CancellationToken cancellationToken) => cache.GetAsync(key, cancellationToken);

    // With options of its own each time, as the middleware does.
    public override Task StoreAsync(string key, byte[] value, bool isNew, CancellationToken cancellationToken) =>
        cache.SetAsync(key, value, new DistributedCacheEntryOptions { SlidingExpiration = IdleTimeout }, cancellationToken);

    public override Task RefreshAsync(string key, bool isLoaded, CancellationToken cancellationToken) => cache.RefreshAsync(key, cancellationToken);

    public override ValueTask DisposeAsync() => owner.DisposeAsync();
}

/// <summary>The contenders. One run measures all of them.</summary>
internal static class ContenderNames
{
    public const string SmartCache = "smartcache";
    public const string Floor = "floor";
    public const string Baseline = "baseline";

    /// <summary>Why there is no Redis among the contenders.</summary>
    public const string NoRedis =
        "its client StackExchange.Redis does not restore on every package feed this repository has to build on (System.IO.Hashing is missing), and a client of our own would measure that client.";

    public static readonly IReadOnlyList<string> Measured = [SmartCache, Floor, Baseline];

    public static string All => string.Join(", ", Measured);

    /// <exception cref="FormatException">There is no such contender.</exception>
    public static string Find(string name) => name.Equals("redis", StringComparison.OrdinalIgnoreCase)
        ? throw new FormatException($"cannot have redis: {NoRedis}")
        : ConsoleApp.OneOf(Measured)(name);
}

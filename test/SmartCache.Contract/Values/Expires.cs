namespace SmartCache.Contract.Values;

/// <summary>Entry options, in the words of a test.</summary>
public static class Expires
{
    public static DistributedCacheEntryOptions ByDefault => new();

    public static DistributedCacheEntryOptions Sliding(TimeSpan window) => new() { SlidingExpiration = window };

    public static DistributedCacheEntryOptions After(TimeSpan span) => new() { AbsoluteExpirationRelativeToNow = span };

    public static DistributedCacheEntryOptions At(DateTimeOffset moment) => new() { AbsoluteExpiration = moment };

    public static DistributedCacheEntryOptions SlidingUntil(TimeSpan window, TimeSpan span) =>
        new() { SlidingExpiration = window, AbsoluteExpirationRelativeToNow = span };
}

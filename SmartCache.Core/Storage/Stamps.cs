namespace SmartCache.Storage;

/// <summary>What the column <c>version</c> holds.</summary>
internal static class Stamps
{
    /// <summary>One that no row has had.</summary>
    public static long New() => Random.Shared.NextInt64(1, long.MaxValue);
}

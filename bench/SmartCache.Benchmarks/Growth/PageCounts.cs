namespace SmartCache.Benchmarks.Growth;

/// <summary>What a server has counted so far.</summary>
/// <param name="Requested">Pages asked of its buffer.</param>
/// <param name="Read">Pages that were not there, and were read from a file.</param>
/// <param name="LogBytes">Bytes written to its log.</param>
internal readonly record struct PageCounts(long Requested, long Read, long LogBytes)
{
    public static PageCounts operator -(PageCounts left, PageCounts right) =>
        new(left.Requested - right.Requested, left.Read - right.Read, left.LogBytes - right.LogBytes);
}

using System.Diagnostics;

namespace SmartCache.Diagnostics;

/// <summary>An operation of the cache that is being timed.</summary>
internal sealed class OperationMeasure(CacheMetrics metrics, string name)
{
    private readonly long _begun = Stopwatch.GetTimestamp();

    /// <summary>What the operation is called. The cache may find out only in the middle that it is a session's.</summary>
    public string Name { get; set; } = name;
    public string Outcome { get; set; } = "done";
    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(_begun);

    public void End(Exception? failure) => metrics.End(this, failure);
}

/// <summary>A work on the database that is being timed, with its span if somebody listens to those.</summary>
internal readonly struct WorkMeasure(CacheMetrics metrics, string operation, int batchSize, ActivitySource? source)
{
    private readonly long _begun = Stopwatch.GetTimestamp();

    public string Operation => operation;
    public Activity? Activity { get; } = source is null ? null : metrics.Start(source, operation, batchSize);
    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(_begun);

    public void End(Exception? failure) => metrics.End(this, failure);
}

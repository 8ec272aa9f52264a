namespace SmartCache.Benchmarks.Growth.Sweeping;

/// <summary>What the removal of expired rows cost.</summary>
/// <param name="Rows">How many had expired, and how many had not.</param>
/// <param name="Payload">Bytes in each.</param>
/// <param name="Passes">The sweeper's passes.</param>
/// <param name="Traffic">What requests noticed.</param>
internal sealed record SweepResult(long Rows, int Payload, IReadOnlyList<SweepPass> Passes, IReadOnlyList<SweepTraffic> Traffic);

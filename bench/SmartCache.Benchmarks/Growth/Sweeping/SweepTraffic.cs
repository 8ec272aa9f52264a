namespace SmartCache.Benchmarks.Growth.Sweeping;

/// <summary>Requests before, during or after a pass.</summary>
internal sealed record SweepTraffic(string Kind, string When, double RequestsPerSecond, double P50Ms, double P99Ms, long Requests);

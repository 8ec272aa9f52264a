namespace SmartCache.Benchmarks.Growth.Lookups;

/// <summary>What is measured.</summary>
internal sealed record LookupCell(Operation Operation, string Layout, long Rows);

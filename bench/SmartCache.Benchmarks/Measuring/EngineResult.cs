namespace SmartCache.Benchmarks.Measuring;

/// <summary>All that was measured on one engine.</summary>
internal sealed record EngineResult(string Engine, string Description, string HowCounted, IReadOnlyList<CellResult> Cells);

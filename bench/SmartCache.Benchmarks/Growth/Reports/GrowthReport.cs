using SmartCache.Benchmarks.Reports;

namespace SmartCache.Benchmarks.Growth.Reports;

/// <summary>Everything a run has found out.</summary>
internal sealed record GrowthReport(Machine Machine, IReadOnlyList<string> CommandLine)
{
    public List<GrowthResult> Engines { get; } = [];
}

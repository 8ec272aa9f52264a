using SmartCache.Benchmarks.Measuring;

namespace SmartCache.Benchmarks.Reports;

/// <summary>Everything a run has found out.</summary>
/// <param name="Machine">Where.</param>
/// <param name="CommandLine">What was asked for.</param>
/// <param name="FrameBytes">What a request allocates without its cache.</param>
internal sealed record Report(Machine Machine, IReadOnlyList<string> CommandLine, double FrameBytes)
{
    public List<EngineResult> Engines { get; } = [];
}

using SmartCache.Benchmarks.Reports;

namespace SmartCache.Benchmarks.Growth.Lookups;

/// <summary>One cell over all rounds.</summary>
/// <param name="Cell">The cell.</param>
/// <param name="Rounds">As measured, in order.</param>
/// <param name="OfSmallest">Its time as a multiple of that with the fewest rows, in the same round; the median.</param>
/// <param name="OfOwn">Its time as a multiple of that with SmartCache's own key, in the same round; the median.</param>
internal sealed record LookupResult(LookupCell Cell, IReadOnlyList<LookupMeasurement> Rounds, double OfSmallest, double OfOwn)
{
    public LookupMeasurement Median { get; } = new(
        Figures.Median(Rounds.Select(round => round.PerSecond)),
        Figures.Median(Rounds.Select(round => round.Microseconds)),
        Figures.Median(Rounds.Select(round => round.PagesRequested)),
        Figures.Median(Rounds.Select(round => round.PagesRead)),
        Figures.Median(Rounds.Select(round => round.LogBytes)));
}

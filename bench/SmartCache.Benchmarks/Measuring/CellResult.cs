namespace SmartCache.Benchmarks.Measuring;

/// <summary>One contender in one cell, over all rounds.</summary>
/// <param name="Cell">The cell.</param>
/// <param name="Contender">The contender.</param>
/// <param name="Rounds">As measured, in order.</param>
/// <param name="OfFloor">The median over rounds of its requests per second as a share of the floor's in the same round; null without a floor.</param>
internal sealed record CellResult(Cell Cell, string Contender, IReadOnlyList<Measurement> Rounds, double? OfFloor)
{
    public Measurement Median { get; } = Measurement.Median(Rounds);
}

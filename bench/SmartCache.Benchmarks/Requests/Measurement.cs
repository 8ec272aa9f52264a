using SmartCache.Benchmarks.Reports;

namespace SmartCache.Benchmarks.Requests;

/// <summary>One contender in one cell, in one round or in the median over rounds; everything but rates and times is per request.</summary>
internal sealed record Measurement
{
    public required long Requests { get; init; }

    public required double RequestsPerSecond { get; init; }

    public required double P50Ms { get; init; }

    public required double P99Ms { get; init; }

    public required double AllocatedBytes { get; init; }

    public required double Statements { get; init; }

    public required double TransactionControl { get; init; }

    public required double Pings { get; init; }

    public required double RowsWritten { get; init; }

    public required double LogBytes { get; init; }

    /// <summary>Requests that failed, warm-up included.</summary>
    public required long Errors { get; init; }

    /// <summary>The share of acknowledged stores that the table did not hold afterwards; null where nothing was stored.</summary>
    public required double? Lost { get; init; }

    /// <summary>The share of sessions used whose expiry had moved afterwards; null where none was used.</summary>
    public required double? Touched { get; init; }

    public static Measurement Median(IReadOnlyList<Measurement> rounds)
    {
        return new Measurement
        {
            Requests = (long)Of(round => round.Requests),
            RequestsPerSecond = Of(round => round.RequestsPerSecond),
            P50Ms = Of(round => round.P50Ms),
            P99Ms = Of(round => round.P99Ms),
            AllocatedBytes = Of(round => round.AllocatedBytes),
            Statements = Of(round => round.Statements),
            TransactionControl = Of(round => round.TransactionControl),
            Pings = Of(round => round.Pings),
            RowsWritten = Of(round => round.RowsWritten),
            LogBytes = Of(round => round.LogBytes),
            Errors = rounds.Sum(round => round.Errors),
            Lost = rounds[0].Lost is null ? null : Of(round => round.Lost!.Value),
            Touched = rounds[0].Touched is null ? null : Of(round => round.Touched!.Value),
        };

        double Of(Func<Measurement, double> value) => Figures.Median(rounds.Select(value));
    }
}

/// <summary>What is measured, for every contender.</summary>
internal sealed record Cell(RequestKind Kind, int Payload, int Concurrency);

/// <summary>One contender in one cell, over all rounds.</summary>
/// <param name="Cell">The cell.</param>
/// <param name="Contender">The contender.</param>
/// <param name="Rounds">As measured, in order.</param>
/// <param name="OfFloor">The median over rounds of its requests per second as a share of the floor's in the same round; null without a floor.</param>
internal sealed record CellResult(Cell Cell, string Contender, IReadOnlyList<Measurement> Rounds, double? OfFloor)
{
    public Measurement Median { get; } = Measurement.Median(Rounds);
}

/// <summary>All that was measured on one engine.</summary>
internal sealed record EngineResult(string Engine, string Description, string HowCounted, IReadOnlyList<CellResult> Cells);

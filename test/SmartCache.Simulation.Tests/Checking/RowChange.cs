using SmartCache.Simulation.Database;
using SmartCache.Simulation.Requests;
using SmartCache.Simulation.Scheduling;

namespace SmartCache.Simulation.Checking;

/// <summary>What a row has become.</summary>
/// <param name="At">When, in the order of events.</param>
/// <param name="Ticks">When, in true time.</param>
/// <param name="Actor">Who did it.</param>
/// <param name="Kind">By which statement.</param>
/// <param name="Row">What it holds; null if it is gone.</param>
/// <param name="Now">The statement's own idea of the time, if it has one.</param>
/// <param name="Life">How many lives of the session there have been.</param>
internal sealed record RowChange(long At, long Ticks, Actor Actor, StatementKind Kind, Row? Row, long? Now, int Life)
{
    private static readonly Dictionary<string, string> None = [];

    /// <summary>The session's entries but for the counter; none if there is no row.</summary>
    public IReadOnlyDictionary<string, string> Entries { get; } = Row is null ? None : Counter.Without(Row.Entries);

    public decimal Count { get; } = Row is null ? 0 : Counter.Of(Row.Entries);

    /// <summary>Which life of the session the row holds.</summary>
    public Guid? Incarnation { get; } = Row?.Incarnation;

    public override string ToString() => $"{Kind} by {Actor}, which left {(Row is null ? "no row" : $"{Row}, life {Life}")}";
}

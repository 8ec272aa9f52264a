using RaceLab.Engines;

namespace RaceLab.Racing;

/// <summary>One round of one app.</summary>
/// <param name="Entries">One entry for each racing request.</param>
/// <param name="Costs">What all the racing requests cost, and after them one quiet request of each other kind.</param>
internal sealed record RoundResult(IReadOnlyList<EntryFate> Entries, RequestCosts Costs);

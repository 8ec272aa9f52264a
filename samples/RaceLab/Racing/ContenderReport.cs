using RaceLab.Contenders;
using RaceLab.Engines;

namespace RaceLab.Racing;

/// <summary>One app's sums over the rounds so far.</summary>
internal sealed record ContenderReport(CacheKind Kind, string Name)
{
    public int Rounds { get; private init; }

    /// <summary>Racing requests sent.</summary>
    public int Sent { get; private init; }

    /// <summary>Racing requests answered with 200.</summary>
    public int Acknowledged { get; private init; }

    /// <summary>Entries acknowledged that the session did not hold afterwards.</summary>
    public int Lost { get; private init; }

    public RequestCosts Costs { get; private init; } = RequestCosts.None;

    public IReadOnlyList<EntryFate> LastRound { get; private init; } = [];

    public ContenderReport Plus(RoundResult round) => this with
    {
        Rounds = Rounds + 1,
        Sent = Sent + round.Entries.Count,
        Acknowledged = Acknowledged + round.Entries.Count(entry => entry.IsAcknowledged),
        Lost = Lost + round.Entries.Count(entry => entry.IsLost),
        Costs = Costs + round.Costs,
        LastRound = round.Entries,
    };
}

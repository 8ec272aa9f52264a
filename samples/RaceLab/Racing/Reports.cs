using System.Globalization;

namespace RaceLab.Racing;

/// <summary>How the race stands after a round of both. SmartCache is the last contender. Verdict is null until the race is over.</summary>
internal sealed record RaceReport(int Round, int Rounds, IReadOnlyList<ContenderReport> Contenders, Verdict? Verdict);

/// <summary>One app's sums over all rounds.</summary>
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

/// <summary>One round of one app: an entry for each racing request, and what those and a quiet request of each kind cost.</summary>
internal sealed record RoundResult(IReadOnlyList<EntryFate> Entries, RequestCosts Costs);

/// <summary>What became of one request's entry: whether the request was answered with 200, and the session holds the entry afterwards.</summary>
internal sealed record EntryFate(string Name, bool IsAcknowledged, bool IsSaved)
{
    public bool IsLost => IsAcknowledged && !IsSaved;
}

/// <summary>What a race showed: whether SmartCache kept everything and the other cache did not, and the same in words.</summary>
internal sealed record Verdict(bool IsProven, string Sentence)
{
    public static Verdict Of(ContenderReport lastWriterWins, ContenderReport smartCache)
    {
        if (smartCache.Lost > 0)
        {
            return new(false, $"SmartCache lost {Share(smartCache)}. That must never happen: please report it.");
        }

        if (smartCache.Acknowledged < smartCache.Sent)
        {
            return new(false, $"SmartCache acknowledged only {Number(smartCache.Acknowledged)} of {Number(smartCache.Sent)} requests: see the errors logged.");
        }

        return lastWriterWins.Lost == 0
            ? new(false, "Nothing was lost on either side, so this run shows nothing: let more requests race, or more rounds.")
            : new(true, $"Last writer wins lost {Share(lastWriterWins)}. SmartCache lost none of {Number(smartCache.Acknowledged)}.");
    }

    private static string Share(ContenderReport contender) => string.Create(
        CultureInfo.InvariantCulture,
        $"{contender.Lost:N0} of {contender.Acknowledged:N0} acknowledged entries ({100.0 * contender.Lost / contender.Acknowledged:0} %)");

    private static string Number(int count) => count.ToString("N0", CultureInfo.InvariantCulture);
}

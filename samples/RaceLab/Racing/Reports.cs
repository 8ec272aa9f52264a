using System.Globalization;

namespace RaceLab.Racing;

/// <summary>How the race stands.</summary>
/// <param name="Round">Rounds done by both.</param>
/// <param name="Rounds">Rounds in all.</param>
/// <param name="Contenders">The one that loses entries first, SmartCache last.</param>
/// <param name="Verdict">Null until the race is over.</param>
internal sealed record RaceReport(int Round, int Rounds, IReadOnlyList<ContenderReport> Contenders, Verdict? Verdict);

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

/// <summary>One round of one app.</summary>
/// <param name="Entries">One entry for each racing request.</param>
/// <param name="Costs">What all the racing requests cost, and after them one quiet request of each other kind.</param>
internal sealed record RoundResult(IReadOnlyList<EntryFate> Entries, RequestCosts Costs);

/// <summary>What became of one request's entry.</summary>
/// <param name="Name">The entry.</param>
/// <param name="IsAcknowledged">Whether the request was answered with 200.</param>
/// <param name="IsStored">Whether the session holds the entry afterwards.</param>
internal sealed record EntryFate(string Name, bool IsAcknowledged, bool IsStored)
{
    public bool IsLost => IsAcknowledged && !IsStored;
}

/// <summary>What a race showed.</summary>
/// <param name="IsProven">Whether SmartCache kept everything and the other cache did not.</param>
/// <param name="Sentence">The same in words, or why not.</param>
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

using System.Globalization;

namespace RaceLab.Racing;

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

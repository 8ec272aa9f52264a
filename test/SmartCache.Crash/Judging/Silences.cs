using SmartCache.CrashNode.Journals;

namespace SmartCache.Crash.Judging;

/// <summary>How long processes of the app went without any store being acknowledged.</summary>
internal sealed class Silences
{
    private readonly Dictionary<string, List<long>> _acknowledged = [];

    /// <summary>The longest that one did between two that were.</summary>
    public TimeSpan Longest => TimeSpan.FromMilliseconds(_acknowledged.Values.Select(LongestOf).DefaultIfEmpty().Max());

    /// <summary>Takes in the journal of a worker in a process.</summary>
    public void Hear(string process, IEnumerable<Claim> journal)
    {
        if (!_acknowledged.TryGetValue(process, out var moments))
        {
            _acknowledged[process] = moments = [];
        }

        moments.AddRange(journal.Where(claim => claim.Kind == ClaimKind.Done).Select(claim => claim.At));
    }

    private static long LongestOf(List<long> moments)
    {
        var sorted = moments.Order().ToList();
        return sorted.Zip(sorted.Skip(1), (earlier, later) => later - earlier).DefaultIfEmpty().Max();
    }
}

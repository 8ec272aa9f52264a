using System.Diagnostics;

namespace SmartCache.Fuzz.Running;

/// <summary>What something costs: the best time of a few, and the bytes it allocates, which do not depend on the machine.</summary>
internal readonly record struct Effort(TimeSpan Time, long Bytes)
{
    private const int Tries = 9;

    public static Effort Of(Action work)
    {
        work();
        var best = TimeSpan.MaxValue;
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Tries; i++)
        {
            var begun = Stopwatch.GetTimestamp();
            work();
            var took = Stopwatch.GetElapsedTime(begun);
            best = took < best ? took : best;
        }

        return new Effort(best, (GC.GetAllocatedBytesForCurrentThread() - allocated) / Tries);
    }

    public override string ToString() => FormattableString.Invariant($"{Time.TotalMilliseconds,8:F3} ms {Bytes,12:N0} bytes");
}

using FsCheck;
using FsCheck.Fluent;

namespace SmartCache.Core.Tests;

/// <summary>Lists of numbers from zero up to a limit, each as likely as the others: what stands for what is the test's affair.</summary>
internal static class Numbers
{
    public static Arbitrary<int[]> Below(int limit)
    {
        var anyNumbers = ArbMap.Default.ArbFor<int[]>();
        return Arb.From(Gen.Choose(0, limit - 1).ArrayOf(), numbers => anyNumbers.Shrinker(numbers).Where(smaller => smaller.All(number => number >= 0)));
    }
}

using System.Diagnostics;
using SmartCache.MergeRules;
using SmartCache.Payloads;
using SmartCache.Sessions;

namespace SmartCache.Fuzz;

/// <summary>Eight times the entries cost about eight times as much. Comparing each with all others would cost 64 times.</summary>
public sealed class GrowthTests
{
    private static readonly int[] Counts = [2_500, 5_000, 10_000, 20_000];

    private static readonly Dictionary<string, Func<int, Action>> Works = new()
    {
        ["parse"] = count =>
        {
            var bytes = Bytes(count, "value");
            return () => SamplePayloads.Parse(bytes);
        },
        ["difference"] = count =>
        {
            var (from, mine) = (SamplePayloads.Parse(Bytes(count, "before")), SamplePayloads.Parse(Bytes(count, "after")));
            return () => SessionDifference.Between(from, mine);
        },
        ["removal"] = count =>
        {
            var (from, mine) = (SamplePayloads.Parse(Bytes(count, "before")), SamplePayloads.Parse(Bytes(0, "")));
            return () => SessionDifference.Between(from, mine);
        },
        ["merge"] = count =>
        {
            var difference = SessionDifference.Between(SamplePayloads.Parse(Bytes(count, "before")), SamplePayloads.Parse(Bytes(count, "mine")));
            var theirs = SamplePayloads.Parse(SessionBytes.Of(new byte[16], SamplePayloads.Many(count * 3 / 2, "theirs").GetRange(count / 2, count)));
            return () => SessionMerge.Apply(theirs, difference, []);
        },
        ["union"] = count =>
        {
            var (loaded, mine, theirs) = (Members(0, count), Members(count / 2, count), Members(count / 4, count));
            return () => new UnionRule(',').Merge(loaded, mine, theirs);
        },
        ["JSON objects"] = count =>
        {
            var (loaded, mine, theirs) = (Properties(count, "loaded"), Properties(count, "mine"), Properties(count, "theirs"));
            return () => new JsonRule().Merge(loaded, mine, theirs);
        },
        ["JSON removals"] = count =>
        {
            var (loaded, mine, theirs) = (Properties(count, "loaded"), Properties(0, ""), Properties(count, "theirs"));
            return () => new JsonRule().Merge(loaded, mine, theirs);
        },
        ["to JSON"] = count =>
        {
            var session = SamplePayloads.Parse(Bytes(count, "value"));
            return () => JsonPayload.TryEncode(session, out _);
        },
        ["from JSON"] = count =>
        {
            JsonPayload.TryEncode(SamplePayloads.Parse(Bytes(count, "value")), out var json);
            return () => JsonPayload.TryDecode(json!, out _);
        },
        ["from JSON with lists"] = count =>
        {
            var entries = string.Join(',', Enumerable.Range(0, count).Select(static number => $"\"{number}\":[[1,2],{{\"a\":{number}}}]"));
            var json = Encoding.UTF8.GetBytes($$$"""{"id":"{{{Guid.Empty}}}","entries":{{{{entries}}}}}""");
            return () => JsonPayload.TryDecode(json, out _);
        },
    };

    private static IEnumerable<string> Names => Works.Keys;

    [TestCaseSource(nameof(Names))]
    public void Effort_grows_with_the_entries_and_not_with_their_square(string work)
    {
        var efforts = Counts.Select(count => Effort.Of(Works[work](count))).ToList();
        foreach (var (count, effort) in Counts.Zip(efforts))
            TestContext.Out.WriteLine($"{count,6} entries {effort}");

        var factor = (double)Counts[^1] / Counts[0];
        Assert.That((double)efforts[^1].Bytes, Is.LessThan(efforts[0].Bytes * factor * 1.5), "bytes");
        Assert.That(efforts[^1].Time / efforts[0].Time, Is.LessThan(factor * 3), "time");
    }

    [TestCase(1)]
    [TestCase(16)]
    [TestCase(10_000)]
    [TestCase(500_000)]
    public void Sixteen_megabytes_are_handled_in_seconds(int entries)
    {
        var value = new string('v', (16 * 1024 * 1024 / entries) - 16);
        var (from, mine, theirs) = (SamplePayloads.Parse(Bytes(entries, value)), SamplePayloads.Parse(Bytes(entries, value + "m")), SamplePayloads.Parse(Bytes(entries, value + "t")));

        var effort = Effort.Of(() =>
        {
            var merged = SessionMerge.Apply(theirs, SessionDifference.Between(from, mine), []);
            JsonPayload.TryEncode(SamplePayloads.Parse(merged.Array), out var json);
            Assert.That(JsonPayload.TryDecode(json!, out _));
        });

        TestContext.Out.WriteLine($"{entries,6} entries {effort}");
        Assert.That(effort.Time, Is.LessThan(TimeSpan.FromSeconds(5)));
    }

    private static byte[] Members(int first, int count) => Encoding.UTF8.GetBytes(string.Join(',', Enumerable.Range(first, count)));

    private static byte[] Properties(int count, string value) =>
        Encoding.UTF8.GetBytes($"{{{string.Join(',', Enumerable.Range(0, count).Select(number => $"\"{number}\":\"{value}\""))}}}");

    private static byte[] Bytes(int count, string value) => SessionBytes.Of(new byte[16], SamplePayloads.Many(count, value));
}

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

using System.Diagnostics;
using SmartCache.Sessions;
using static SmartCache.Core.Tests.Sessions.Payloads;

namespace SmartCache.Core.Tests.Sessions;

/// <summary>
/// So many entries take milliseconds when each costs the same, and the better part of a minute when each is compared
/// with all others: the limit lies far from both.
/// </summary>
public sealed class PayloadCostTests
{
    private const int EntryCount = 200_000;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    [Test]
    public void Parsing_does_not_cost_the_square_of_the_entry_count()
    {
        var bytes = Bytes(1, ManyEntries(EntryCount));

        var watch = Stopwatch.StartNew();
        var payload = Parse(bytes);

        Assert.That(watch.Elapsed, Is.LessThan(Limit));
        Assert.That(payload.Entries.Length, Is.EqualTo(EntryCount));
    }

    [Test]
    public void Comparing_and_merging_do_not_cost_the_square_of_the_entry_count()
    {
        var from = Parse(Bytes(1, ManyEntries(EntryCount)));
        var mine = Parse(Bytes(1, ManyEntries(EntryCount, "mine")));
        var theirs = Parse(Bytes(1, [.. ManyEntries(EntryCount, "theirs").Skip(EntryCount / 2)]));

        var watch = Stopwatch.StartNew();
        var merged = SessionMerge.Apply(theirs, SessionDifference.Between(from, mine), []);

        Assert.That(watch.Elapsed, Is.LessThan(Limit));
        Assert.That(merged.Entries.Length, Is.EqualTo(EntryCount));
    }
}

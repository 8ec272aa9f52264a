namespace SmartCache.Contract.Expiry;

/// <summary>One node sweeps at a time. A node that dies, hangs or has another time neither stops the others nor has a live row removed.</summary>
public abstract class SweepSharingContract<TEngine> : EngineContract<TEngine>
    where TEngine : TestEngine, new()
{
    private const string Left = "Another node removes expired rows";
    private const string Removed = "Removed";

    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LongestFlushDelay = TimeSpan.FromSeconds(61);

    [Test]
    public async Task While_one_node_sweeps_the_others_do_not_for_most_of_an_interval()
    {
        var (one, oneTime) = NewNode();
        var (other, otherTime) = NewNode();
        await one.Cache.SetAsync("dead", [1], Expires.After(TimeSpan.FromMinutes(1)));

        oneTime.Advance(Interval);
        Eventually(one, Removed, oneTime);
        otherTime.Advance(Interval);
        Eventually(other, Left);
        Assert.That(TextsOf(other), Has.None.Contains(Removed));

        // The first is heard of no more.
        otherTime.Advance(Interval);
        Eventually(other, Removed, otherTime);
        Assert.That(Table.CountWithoutSweepRow(), Is.Zero);
    }

    [Test]
    public async Task A_node_that_dies_in_the_middle_holds_the_others_up_for_a_minute_and_ends_if_it_wakes()
    {
        var (dying, dyingTime) = NewNode(GraceOf(LongestFlushDelay));
        await dying.Cache.SetAsync("dead", [1], Expires.After(TimeSpan.FromMinutes(1)));
        dyingTime.Advance(Interval);
        Eventually(() => IsTaken);
        var (other, otherTime) = NewNode(GraceOf(LongestFlushDelay), LatestExpiry - TimeSpan.FromSeconds(30) - Interval);

        otherTime.Advance(Interval);
        Eventually(other, Left);
        Assert.That(TextsOf(other), Has.None.Contains(Removed));

        otherTime.Advance(Interval);
        Eventually(other, Removed, otherTime);
        Assert.That(Table.CountWithoutSweepRow(), Is.Zero);

        var takenUntil = LatestExpiry;
        dyingTime.Advance(TimeSpan.FromMinutes(3.5));
        Eventually(dying, Removed, dyingTime);
        Assert.That(LatestExpiry, Is.EqualTo(takenUntil), "it has not taken the sweep back");
        Assert.That(dying.Logs.At(LogLevel.Warning).Concat(other.Logs.At(LogLevel.Warning)), Is.Empty);
    }

    [Test]
    public void A_claim_on_the_sweep_that_ends_later_than_any_can_does_not_count()
    {
        var (one, oneTime) = NewNode();
        oneTime.Advance(Interval);
        Eventually(one, Removed, oneTime);
        Table.Run($"UPDATE {{0}} SET expires_at = {(Time.GetUtcNow() + TimeSpan.FromDays(365)).ToUnixTimeMilliseconds()}");
        var (other, otherTime) = NewNode();

        otherTime.Advance(Interval);
        Eventually(other, Removed, otherTime);
    }

    [Test]
    public async Task A_row_in_use_survives_if_clocks_differ_by_at_most_the_grace_period_less_the_flush_delay([Values] bool isTooFar)
    {
        var (node, time) = NewNode();
        var (ahead, timeAhead) = NewNode(begin: time.GetUtcNow() + Grace - LongestFlushDelay + (isTooFar ? LongestFlushDelay : TimeSpan.Zero));
        await node.Cache.SetAsync("key", [1], Expires.Sliding(TimeSpan.FromMinutes(2)));
        for (var access = 0; access < 5 && Table.CountWithoutSweepRow() == 1; access++)
        {
            // It has a second left.
            time.Advance(TimeSpan.FromSeconds(119));
            timeAhead.Advance(TimeSpan.FromSeconds(119) + (isTooFar ? TimeSpan.FromSeconds(1) : TimeSpan.Zero));
            await ahead.Inner.RemoveExpiredAsync();
            await node.Cache.GetAsync("key");
            await node.Inner.FlushAsync();
        }

        Assert.That(Table.CountWithoutSweepRow(), Is.EqualTo(isTooFar ? 0 : 1));
    }

    [Test]
    public async Task A_sweep_that_keeps_failing_is_logged_each_time_and_waits_longer_each_time_up_to_a_minute()
    {
        var (node, time) = NewNode(options => options.ExpiredRemovalInterval = TimeSpan.FromSeconds(1));
        await node.Cache.GetAsync("finds the table");
        await WithoutTheTableAsync(() =>
        {
            Eventually(node, "the next try is in 00:01:00", time, TimeSpan.FromSeconds(1));
            return Task.CompletedTask;
        });

        Assert.That(node.Logs.At(LogLevel.Warning).Where(text => text.StartsWith("Expired rows", StringComparison.Ordinal)).Select(Wait), Is.EqualTo(
            new[] { "00:00:01", "00:00:02", "00:00:04", "00:00:08", "00:00:16", "00:00:32", "00:01:00" }));
    }

    private bool IsTaken => Table.Keys().Any(key => key.AsSpan().SequenceEqual(RawTable.SweepTurn));

    /// <summary>How long the sweep lasts, if no session lives longer.</summary>
    private DateTimeOffset LatestExpiry => DateTimeOffset.FromUnixTimeMilliseconds(Table.Ask("SELECT MAX(expires_at) FROM {0}"));

    private static Action<SmartCacheOptions> GraceOf(TimeSpan grace) => options => options.ExpiredRemovalGracePeriod = grace;

    private static string Wait(string text) => text[(text.IndexOf("in ", StringComparison.Ordinal) + 3)..][..8];

    private (Node Node, FakeTimeProvider Time) NewNode(Action<SmartCacheOptions>? configure = null, DateTimeOffset? begin = null)
    {
        var time = new FakeTimeProvider(begin ?? Time.GetUtcNow());
        var node = new Node(Engine, Table.Name, time, CallStyle.Asynchronous, options =>
        {
            options.ExpiredRemovalInterval = Interval;
            configure?.Invoke(options);
        });
        return (Owned(node), time);
    }

    private static IEnumerable<string> TextsOf(Node node) => node.Logs.Lines.Select(static line => line.Text);

    private static void Eventually(Node node, string text, FakeTimeProvider? time = null, TimeSpan? step = null) =>
        Eventually(() => TextsOf(node).Any(line => line.Contains(text, StringComparison.Ordinal)), time, step);

    /// <summary>
    /// A sweep is spread out in time. To let it go on, the wait advances the clock, about as fast as a real one: a sweep takes ever smaller
    /// slices while its statements take long.
    /// </summary>
    private static void Eventually(Func<bool> isSo, FakeTimeProvider? time = null, TimeSpan? step = null) => Assert.That(
        () =>
        {
            time?.Advance(isSo() ? TimeSpan.Zero : step ?? TimeSpan.FromMilliseconds(2));
            return isSo();
        },
        Is.True.After(60).Seconds.PollEvery(1).MilliSeconds);
}

namespace SmartCache.Contract.Expiry;

/// <summary>Expired rows are removed, none too early, and no live one ever.</summary>
public abstract class SweepContract<TEngine>(CallStyle style) : StyledContract<TEngine>(style)
    where TEngine : TestEngine, new()
{
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(5);

    [TestCase(null)]
    [TestCase(60)]
    public async Task A_row_is_removed_only_when_its_grace_period_is_over(int? minutes)
    {
        var grace = minutes is { } own ? TimeSpan.FromMinutes(own) : Grace;
        Use(options => options.ExpiredRemovalGracePeriod = minutes is null ? options.ExpiredRemovalGracePeriod : grace);
        await Cache.SetAsync("key", [1], Expires.After(TimeSpan.FromMinutes(1)));
        Time.Advance(TimeSpan.FromMinutes(1) + grace - TimeSpan.FromMilliseconds(1));
        Assert.That(await Node.Inner.RemoveExpiredAsync(), Is.Zero);
        Time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.That(await Node.Inner.RemoveExpiredAsync(), Is.EqualTo(1));
        Assert.That(Table.Count(), Is.Zero);
    }

    [TestCase(1)]
    [TestCase(3)]
    [TestCase(500)]
    public async Task Every_expired_row_is_removed_and_counted_however_small_the_batches(int batch)
    {
        Use(options => options.ExpiredRemovalBatchSize = batch);
        for (var number = 0; number < 200; number++)
            await Cache.SetAsync($"dead {number}", [1], Expires.After(TimeSpan.FromMinutes(1)));

        for (var number = 0; number < 20; number++)
            await Cache.SetAsync($"live {number}", [1], Expires.After(TimeSpan.FromHours(5)));

        Time.Advance(TimeSpan.FromHours(1));

        Assert.That(await Node.Inner.RemoveExpiredAsync(), Is.EqualTo(200));
        Assert.That(Table.Count(), Is.EqualTo(20));
    }

    [Test]
    public async Task Rows_that_touches_keep_alive_are_not_removed()
    {
        await Cache.SetAsync("key", [1], Expires.Sliding(TimeSpan.FromMinutes(2)));
        for (var minute = 0; minute < 30; minute++)
        {
            Time.Advance(TimeSpan.FromMinutes(1));
            Assert.That(await Cache.GetAsync("key"), Is.Not.Null);
            await Node.Inner.RemoveExpiredAsync();
        }

        Assert.That(Table.Count(), Is.EqualTo(1));
    }

    /// <summary>Touches wait longer than the grace period if the database is away, or if writing them is slower than the clock.</summary>
    [Test]
    public async Task Touches_that_still_wait_are_written_before_anything_is_removed([Values] bool isKnown)
    {
        await Cache.SetAsync("key", [1], Expires.Sliding(TimeSpan.FromMinutes(2)));
        await Cache.SetAsync("dead", [1], Expires.Sliding(TimeSpan.FromMinutes(2)));
        if (isKnown)
            await Cache.GetAsync("key");

        await WithoutTheTableAsync(async () =>
        {
            for (var minute = 0; minute < 10; minute++)
            {
                Time.Advance(TimeSpan.FromMinutes(1));
                await Cache.RefreshAsync("key");
            }
        });

        Assert.That(await Node.Inner.RemoveExpiredAsync(), Is.EqualTo(1));
        Assert.That(Table.Find("dead"), Is.Null);
        Assert.That(await Cache.GetAsync("key"), Is.Not.Null);
    }

    [Test]
    public async Task Rows_are_removed_in_the_background()
    {
        Use(options => options.ExpiredRemovalInterval = Interval);
        await Cache.SetAsync("dead", [1], Expires.After(TimeSpan.FromMinutes(1)));
        await Cache.SetAsync("live", [1], Expires.After(TimeSpan.FromHours(5)));
        Time.Advance(TimeSpan.FromMinutes(1) + Grace + Interval);

        EventuallyHasRows(1);
        Assert.That(Table.Find("live"), Is.Not.Null);
    }

    [Test]
    public async Task Nothing_is_removed_in_the_background_when_that_is_off()
    {
        Use(options => options.ExpiredRemovalInterval = null);
        await Cache.SetAsync("key", [1], Expires.After(TimeSpan.FromMinutes(1)));
        for (var minute = 0; minute < 300; minute++)
            Time.Advance(TimeSpan.FromMinutes(1));

        Assert.That(Table.Count(), Is.EqualTo(1));
        Assert.That(await Node.Inner.RemoveExpiredAsync(), Is.EqualTo(1), "a job of one's own can still do it");
    }

    [Test]
    public async Task A_sweep_that_fails_is_logged_and_repeated()
    {
        Use(options => options.ExpiredRemovalInterval = Interval);
        await Cache.SetAsync("key", [1], Expires.After(TimeSpan.FromMinutes(1)));
        await WithoutTheTableAsync(() =>
        {
            Time.Advance(Interval * 4);
            Assert.That(() => Node.Logs.At(LogLevel.Warning), Has.Some.Contains("Expired rows").After(5).Seconds.PollEvery(5).MilliSeconds);
            return Task.CompletedTask;
        });

        EventuallyHasRows(0);
    }

    [Test]
    public async Task A_cache_can_be_disposed_in_the_middle_of_a_sweep()
    {
        Use(options => options.ExpiredRemovalInterval = Interval);
        await Cache.SetAsync("key", [1], Expires.After(TimeSpan.FromMinutes(1)));
        Time.Advance(Interval);

        Assert.That(async () => await Node.DisposeAsync(), Throws.Nothing);
        Assert.That(Node.Logs.At(LogLevel.Warning), Is.Empty);
    }

    /// <summary>A sweep is spread out in time: the wait advances the clock.</summary>
    private void EventuallyHasRows(int count) => Assert.That(
        () =>
        {
            Time.Advance(TimeSpan.FromSeconds(1));
            return Table.CountWithoutSweepRow();
        },
        Is.EqualTo(count).After(60).Seconds.PollEvery(1).MilliSeconds);
}

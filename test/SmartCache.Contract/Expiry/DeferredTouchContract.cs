namespace SmartCache.Contract.Expiry;

/// <summary>Touches wait in memory and are written in batches. An expiry never moves backwards, and a dead row stays dead.</summary>
public abstract class DeferredTouchContract<TEngine>(CallStyle style) : StyledContract<TEngine>(style)
    where TEngine : TestEngine, new()
{
    private const long WindowMs = 1_200_000;

    private static readonly TimeSpan Window = TimeSpan.FromMilliseconds(WindowMs);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    /// <summary>A tenth of the window, at most a minute.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    [Test]
    public async Task A_touch_within_the_interval_is_written_when_the_interval_ends()
    {
        var stored = Time.Milliseconds;
        await Cache.SetAsync("key", [1], Expires.Sliding(Window));
        Time.Advance(Second * 10);
        var access = Time.Milliseconds;
        await Cache.GetAsync("key");

        Time.Advance(Second * 48);
        await PassAFlushAsync();
        Assert.That(ExpiresAt("key"), Is.EqualTo(stored + WindowMs));
        Time.Advance(Second * 2);
        EventuallyExpiresAt("key", access + WindowMs);
    }

    [Test]
    public async Task A_touch_after_the_interval_is_written_with_the_next_flush()
    {
        await Cache.SetAsync("key", [1], Expires.Sliding(Window));
        Time.Advance(Interval * 3);
        var access = Time.Milliseconds;
        await Cache.GetAsync("key");
        Time.Advance(Second);

        EventuallyExpiresAt("key", access + WindowMs);
    }

    [Test]
    public async Task A_value_that_one_node_reads_in_time_is_found_by_another_after_the_flush_delay()
    {
        var other = NewNode();
        await Cache.SetAsync("key", [1], Expires.Sliding(Window));
        Time.Advance(Window - TimeSpan.FromMilliseconds(1));
        Assert.That(await Cache.GetAsync("key"), Is.Not.Null);
        Time.Advance(TimeSpan.Zero);
        EventuallyExpiresAt("key", Time.Milliseconds + WindowMs);
        Time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.That(await other.Cache.GetAsync("key"), Is.Not.Null);
    }

    [Test]
    public async Task Another_node_sees_an_expiry_late_by_the_flush_delay_at_most()
    {
        await Cache.SetAsync("key", [1], Expires.Sliding(Window));
        var tolerance = (long)(Interval + Second).TotalMilliseconds;
        for (var access = 0; access < 300; access++)
        {
            Time.Advance(Second * 7);
            await Cache.GetAsync("key");
            Assert.That(() => ExpiresAt("key"), Is.GreaterThanOrEqualTo(Time.Milliseconds + WindowMs - tolerance).After(5).Seconds.PollEvery(5).MilliSeconds);
        }
    }

    [Test]
    public async Task A_touch_in_time_counts_even_if_its_flush_comes_after_the_expiry()
    {
        await Cache.SetAsync("key", [1], Expires.Sliding(Window));
        var clock = TestTime.New();
        await using var slow = NewNode(time: clock);
        clock.Advance(TimeSpan.FromMinutes(10));
        await slow.Cache.RefreshAsync("key");
        Time.Advance(Window + Second);
        Assert.That(await NewNode().Cache.GetAsync("key"), Is.Null, "nobody else knows yet");
        await slow.Inner.FlushAsync();

        Assert.That(ExpiresAt("key"), Is.EqualTo(clock.Milliseconds + WindowMs));
        Assert.That(await Cache.GetAsync("key"), Is.Not.Null);
    }

    [Test]
    public async Task A_touch_after_the_expiry_revives_nothing()
    {
        await Cache.SetAsync("key", [1], Expires.Sliding(Window));
        var before = ExpiresAt("key");
        Time.Advance(Window);
        await using var other = NewNode();
        await other.Cache.RefreshAsync("key");
        await other.Inner.FlushAsync();

        Assert.That(ExpiresAt("key"), Is.EqualTo(before));
        Assert.That(await other.Cache.GetAsync("key"), Is.Null);
    }

    [Test]
    public async Task A_node_whose_clock_is_behind_moves_no_expiry_backwards()
    {
        var behind = TestTime.New();
        var late = NewNode(time: behind);
        Time.Advance(TimeSpan.FromMinutes(10));
        await Cache.SetAsync("key", [1], Expires.Sliding(Window));
        var before = ExpiresAt("key");
        behind.Advance(TimeSpan.FromMinutes(8));
        await late.Cache.GetAsync("key");
        await late.Cache.RefreshAsync("key");
        await late.Inner.FlushAsync();

        Assert.That(ExpiresAt("key"), Is.EqualTo(before));
    }

    [Test]
    public async Task A_touch_does_not_change_a_row_that_was_replaced_with_another_rule(
        [Values] bool byAnotherNode, [Values("a shorter window", "no window", "an end")] string rule)
    {
        await Cache.SetAsync("key", [1], Expires.Sliding(TimeSpan.FromHours(10)));
        Time.Advance(TimeSpan.FromMinutes(2));
        await Cache.GetAsync("key");
        await (byAnotherNode ? NewNode() : Node).Cache.SetAsync("key", [2], rule switch
        {
            "a shorter window" => Expires.Sliding(Window),
            "no window" => Expires.After(Second),
            _ => Expires.SlidingUntil(Window, Window),
        });
        var before = ExpiresAt("key");
        await Node.Inner.FlushAsync();

        Assert.That(ExpiresAt("key"), Is.EqualTo(before));
    }

    [Test]
    public async Task A_touch_stops_at_the_absolute_expiration()
    {
        await Cache.SetAsync("key", [1], Expires.SlidingUntil(Window, Window * 1.5));
        var absolute = Time.Milliseconds + (WindowMs * 3 / 2);
        Time.Advance(Window * 0.9);
        await Cache.GetAsync("key");
        await Node.Inner.FlushAsync();

        Assert.That(ExpiresAt("key"), Is.EqualTo(absolute));
    }

    [Test]
    public async Task A_removal_drops_earlier_touches()
    {
        await Cache.SetAsync("key", [1], Expires.Sliding(Window));
        Time.Advance(TimeSpan.FromMinutes(2));
        await Cache.GetAsync("key");
        await Cache.RemoveAsync("key");
        var behind = NewNode(time: TestTime.New());
        await behind.Cache.SetAsync("key", [2], Expires.Sliding(Window));
        var before = ExpiresAt("key");
        await Node.Inner.FlushAsync();

        Assert.That(ExpiresAt("key"), Is.EqualTo(before));
    }

    [Test]
    public async Task Disposal_writes_the_touches_that_wait([Values] CallStyle style)
    {
        await Cache.SetAsync("key", [1], Expires.Sliding(Window));
        Time.Advance(Second * 10);
        await Cache.GetAsync("key");
        await new StyledCache(Node.Inner, style).CloseAsync();

        Assert.That(ExpiresAt("key"), Is.EqualTo(Time.Milliseconds + WindowMs));
    }

    [Test]
    public async Task A_flood_of_missing_keys_creates_no_row_and_displaces_no_known_key()
    {
        await Cache.SetAsync("key", [1], Expires.Sliding(Window));
        Time.Advance(TimeSpan.FromMinutes(5));
        for (var number = 0; number < 20_000; number++)
            await Cache.RefreshAsync($"no such key {number}");

        await Cache.GetAsync("key");
        await Node.Inner.FlushAsync();

        Assert.That(Table.Count(), Is.EqualTo(1));
        Assert.That(ExpiresAt("key"), Is.EqualTo(Time.Milliseconds + WindowMs));
    }

    [Test]
    public async Task Thousands_of_rows_are_flushed_each_with_its_own_last_touch()
    {
        var keys = Enumerable.Range(0, 1_200).Select(number => $"key {number}").ToList();
        foreach (var key in keys)
            await Cache.SetAsync(key, [1], Expires.Sliding(Window));

        Time.Advance(TimeSpan.FromSeconds(3));
        var first = Time.Milliseconds;
        foreach (var key in keys)
        {
            await Cache.GetAsync(key);
            Time.Advance(TimeSpan.FromMilliseconds(10));
        }

        await Node.Inner.FlushAsync();
        var expected = keys.Select((_, number) => first + (number * 10) + WindowMs);
        Assert.That(keys.Select(ExpiresAt), Is.EqualTo(expected));
    }

    [Test]
    public async Task A_flush_that_fails_is_repeated()
    {
        await Cache.SetAsync("key", [1], Expires.Sliding(Window));
        Time.Advance(TimeSpan.FromMinutes(5));
        await Cache.GetAsync("key");
        var access = Time.Milliseconds;
        await WithoutTheTableAsync(() =>
        {
            Time.Advance(Second);
            Assert.That(() => Node.Logs.At(LogLevel.Warning), Has.Some.Contains("wait").After(5).Seconds.PollEvery(5).MilliSeconds);
            return Task.CompletedTask;
        });
        Time.Advance(TimeSpan.FromMinutes(2));

        EventuallyExpiresAt("key", access + WindowMs);
    }

    private long ExpiresAt(string key) => Table.Row(key).ExpiresAt;

    /// <summary>Advances the clock by a second and waits for the flush that is due, by a key that every flush writes.</summary>
    private async Task PassAFlushAsync()
    {
        var flag = $"flag {Time.Milliseconds}";
        await NewNode(time: TestTime.New()).Cache.SetAsync(flag, [1], Expires.Sliding(Window));
        await Cache.RefreshAsync(flag);
        var expiry = Time.Milliseconds + WindowMs;
        Time.Advance(Second);
        EventuallyExpiresAt(flag, expiry);
    }

    /// <summary>A flush in the background takes real time, but none of the test's.</summary>
    private void EventuallyExpiresAt(string key, long moment) =>
        Assert.That(() => ExpiresAt(key), Is.EqualTo(moment).After(5).Seconds.PollEvery(5).MilliSeconds);
}

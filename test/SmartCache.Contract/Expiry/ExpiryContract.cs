namespace SmartCache.Contract.Expiry;

/// <summary>When a value expires: on one node to the millisecond, whether touches are written at once or later.</summary>
public abstract class ExpiryContract<TEngine>(CallStyle style) : StyledContract<TEngine>(style)
    where TEngine : TestEngine, new()
{
    private static readonly TimeSpan Millisecond = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Test]
    public async Task An_expiration_holds_to_the_millisecond(
        [Values("absolute", "relative to now", "absolute before the window ends", "by default", "by an option")] string kind, [Values] RefreshMode mode)
    {
        Use(options =>
        {
            options.RefreshMode = mode;
            options.DefaultSlidingExpiration = kind == "by an option" ? Minute : options.DefaultSlidingExpiration;
        });
        await SetTwinsAsync(() => kind switch
        {
            "absolute" => Expires.At(Time.GetUtcNow() + Minute),
            "relative to now" => Expires.After(Minute),
            "absolute before the window ends" => Expires.SlidingUntil(TimeSpan.FromHours(1), Minute),
            _ => Expires.ByDefault,
        });

        await TheTwinsLiveForAsync(kind == "by default" ? TimeSpan.FromMinutes(20) : Minute);
    }

    [Test]
    public async Task A_sliding_window_begins_anew_with_every_touch([Values] bool reads, [Values] RefreshMode mode)
    {
        Use(options => options.RefreshMode = mode);
        await Cache.SetAsync("key", [1], Expires.Sliding(Minute));
        for (var access = 0; access < 5; access++)
        {
            Time.Advance(Minute - Millisecond);
            if (reads)
                Assert.That(await Cache.GetAsync("key"), Is.Not.Null);
            else
                await Cache.RefreshAsync("key");
        }

        Time.Advance(Minute - Millisecond);
        Assert.That(await Cache.GetAsync("key"), Is.Not.Null);
        Time.Advance(Minute);
        Assert.That(await Cache.GetAsync("key"), Is.Null);
    }

    [Test]
    public async Task A_sliding_window_never_passes_the_absolute_expiration([Values] RefreshMode mode)
    {
        Use(options => options.RefreshMode = mode);
        await Cache.SetAsync("key", [1], Expires.SlidingUntil(Minute, Minute * 2.5));
        foreach (var step in new[] { 0.9, 0.9, 0.6 })
        {
            Time.Advance(Minute * step);
            Assert.That(await Cache.GetAsync("key"), Is.Not.Null);
        }

        Time.Advance(Minute * 0.1 - Millisecond);
        Assert.That(await Cache.GetAsync("key"), Is.Not.Null);
        Time.Advance(Millisecond);
        Assert.That(await Cache.GetAsync("key"), Is.Null);
    }

    [Test]
    public async Task The_row_says_in_UTC_milliseconds_when_it_expires_and_by_which_rule()
    {
        var now = Time.Milliseconds;
        await Cache.SetAsync("sliding", [1], Expires.Sliding(Minute));
        await Cache.SetAsync("absolute", [1], Expires.At(Time.GetUtcNow().AddMinutes(2).ToOffset(TimeSpan.FromHours(5))));
        await Cache.SetAsync("both", [1], Expires.SlidingUntil(Minute, Minute * 3));
        await Cache.SetAsync("default", [1], Expires.ByDefault);

        Assert.That(Rule("sliding"), Is.EqualTo((now + 60_000, 60_000L, (long?)null)));
        Assert.That(Rule("absolute"), Is.EqualTo((now + 120_000, (long?)null, now + 120_000)));
        Assert.That(Rule("both"), Is.EqualTo((now + 60_000, 60_000L, now + 180_000)));
        Assert.That(Rule("default"), Is.EqualTo((now + 1_200_000, 1_200_000L, (long?)null)));
    }

    [Test]
    public async Task A_window_below_a_millisecond_is_one()
    {
        await SetTwinsAsync(() => Expires.Sliding(TimeSpan.FromTicks(1)));

        Assert.That(Table.Row("key").SlidingMs, Is.EqualTo(1));
        await TheTwinsLiveForAsync(Millisecond);
    }

    [Test]
    public async Task The_longest_expirations_are_allowed()
    {
        await Cache.SetAsync("window", [1], Expires.Sliding(TimeSpan.MaxValue));
        await Cache.SetAsync("moment", [1], Expires.At(DateTimeOffset.MaxValue));
        await Cache.SetAsync("span", [1], Expires.After(TimeSpan.MaxValue));
        var aCenturyLater = NewNode(time: new FakeTimeProvider(Time.GetUtcNow().AddYears(100))).Cache;

        Assert.That(await aCenturyLater.GetAsync("window"), Is.Not.Null);
        Assert.That(await aCenturyLater.GetAsync("moment"), Is.Not.Null);
        Assert.That(await aCenturyLater.GetAsync("span"), Is.Not.Null);
    }

    [Test]
    public async Task An_expired_value_is_not_returned_though_its_row_is_still_there()
    {
        await Cache.SetAsync("key", [1], Expires.After(Minute));
        Time.Advance(Minute);

        Assert.That(await Cache.GetAsync("key"), Is.Null);
        Assert.That(await NewNode().Cache.GetAsync("key"), Is.Null);
        Assert.That(Table.Count(), Is.EqualTo(1));
    }

    [Test]
    public async Task No_touch_revives_an_expired_value([Values] RefreshMode mode)
    {
        Use(options => options.RefreshMode = mode);
        await Cache.SetAsync("key", [1], Expires.Sliding(Minute));
        var before = Table.Row("key");
        Time.Advance(Minute);
        await Cache.RefreshAsync("key");
        await Cache.GetAsync("key");
        await Node.Inner.FlushAsync();

        Assert.That(await Cache.GetAsync("key"), Is.Null);
        Assert.That(Table.Row("key").ExpiresAt, Is.EqualTo(before.ExpiresAt));
    }

    [Test]
    public async Task A_write_over_an_expired_value_begins_a_new_row()
    {
        await Cache.SetAsync("key", [1], Expires.After(Minute));
        Time.Advance(Minute);
        await SetTwinsAsync(() => Expires.After(Minute), value: 2);

        Assert.That(Table.Row("key"), Has.Property(nameof(RawRow.CreatedAt)).EqualTo(Time.Milliseconds));
        await TheTwinsLiveForAsync(Minute);
    }

    [Test]
    public async Task A_write_replaces_the_rule_as_well_as_the_value([Values] bool shortensTheWindow)
    {
        await Cache.SetAsync("key", [1], shortensTheWindow ? Expires.Sliding(TimeSpan.FromHours(1)) : Expires.SlidingUntil(Minute, Minute * 5));
        Time.Advance(Minute / 2);
        await Cache.GetAsync("key");
        await SetTwinsAsync(() => shortensTheWindow ? Expires.Sliding(Minute) : Expires.After(Minute * 2), value: 2);
        await Node.Inner.FlushAsync();

        var now = Time.Milliseconds;
        Assert.That(Rule("key"), Is.EqualTo(shortensTheWindow ? (now + 60_000, 60_000L, (long?)null) : (now + 120_000, (long?)null, now + 120_000)));
        await TheTwinsLiveForAsync(shortensTheWindow ? Minute : Minute * 2);
    }

    private (long ExpiresAt, long? SlidingMs, long? AbsoluteAt) Rule(string key)
    {
        var row = Table.Row(key);
        return (row.ExpiresAt, row.SlidingMs, row.AbsoluteAt);
    }

    /// <summary>Writes two keys alike, since looking whether a value still lives may prolong its life.</summary>
    private async Task SetTwinsAsync(Func<DistributedCacheEntryOptions> expires, byte value = 1)
    {
        await Cache.SetAsync("key", [value], expires());
        await Cache.SetAsync("twin", [value], expires());
    }

    private async Task TheTwinsLiveForAsync(TimeSpan life)
    {
        Time.Advance(life - Millisecond);
        Assert.That(await Cache.GetAsync("twin"), Is.Not.Null, "alive in its last millisecond");
        Time.Advance(Millisecond);
        Assert.That(await Cache.GetAsync("key"), Is.Null, "gone a millisecond later");
    }
}

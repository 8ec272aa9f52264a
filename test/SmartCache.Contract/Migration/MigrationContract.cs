namespace SmartCache.Contract.Migration;

/// <summary>What is migrated from a peer's table, and when.</summary>
[StyleVariants(differ: true)]
public abstract class MigrationContract<TEngine, TPeer>(CallStyle style) : LegacyTableContract<TEngine, TPeer>(style)
    where TEngine : TestEngine, new()
    where TPeer : PeerTable, new()
{
    [TestCase(4)]
    [TestCase(0)]
    public async Task A_value_is_migrated_when_it_is_asked_for(int size)
    {
        Legacy.Put("key", Value[..size], Soon);

        Assert.That(await Cache.GetAsync("key"), Is.EqualTo(Value[..size]));
        Assert.That(Legacy.Count(), Is.Zero);
        var row = Table.Row("key");
        Assert.That((row.Value, row.Format), Is.EqualTo((Value[..size], 0L)));
        Assert.That((row.CreatedAt, row.UpdatedAt), Is.EqualTo((Time.Milliseconds, Time.Milliseconds)));
        Assert.That(await Cache.GetAsync("key"), Is.EqualTo(Value[..size]));
    }

    [Test]
    public async Task A_sliding_window_is_kept()
    {
        Legacy.Put("key", Value, Soon, sliding: TimeSpan.FromMinutes(20));
        await Cache.GetAsync("key");

        var row = Table.Row("key");
        Assert.That((row.ExpiresAt, row.SlidingMs, row.AbsoluteAt), Is.EqualTo((Soon.ToUnixTimeMilliseconds(), (long?)1_200_000, (long?)null)));
        await Node.Inner.FlushAsync();
        Assert.That(Table.Row("key").ExpiresAt, Is.EqualTo(Time.Milliseconds + 1_200_000), "asking for it was a touch");
    }

    [Test]
    public async Task An_expiry_without_a_window_is_kept()
    {
        Legacy.Put("key", Value, Soon, absolute: Peer.HasAbsolute ? Soon : null);
        await Cache.GetAsync("key");
        await Node.Inner.FlushAsync();

        var row = Table.Row("key");
        var end = Soon.ToUnixTimeMilliseconds();
        Assert.That((row.ExpiresAt, row.SlidingMs, row.AbsoluteAt), Is.EqualTo((end, (long?)null, Peer.HasAbsolute ? end : (long?)null)));
        Time.Advance(TimeSpan.FromMinutes(5));
        Assert.That(await Cache.GetAsync("key"), Is.Null);
    }

    /// <summary>A peer without a column for it does not keep the absolute expiration of an entry with a window.</summary>
    [Test]
    public async Task A_window_slides_no_further_than_the_absolute_expiration_that_the_peer_kept()
    {
        var end = Time.GetUtcNow().AddMinutes(8);
        Legacy.Put("key", Value, Soon, TimeSpan.FromMinutes(20), end);
        await Cache.GetAsync("key");
        Assert.That(Table.Row("key").ExpiresAt, Is.EqualTo(Soon.ToUnixTimeMilliseconds()));
        await Node.Inner.FlushAsync();

        var (row, absolute) = (Table.Row("key"), Peer.HasAbsolute ? end.ToUnixTimeMilliseconds() : default(long?));
        Assert.That((row.ExpiresAt, row.SlidingMs, row.AbsoluteAt), Is.EqualTo((absolute ?? Time.Milliseconds + 1_200_000, (long?)1_200_000, absolute)));
    }

    [Test]
    public async Task An_expiry_past_the_absolute_one_that_a_peer_may_have_written_is_cut_and_kept_to_the_millisecond()
    {
        var expires = Soon.AddTicks(7_891_234 - (Soon.Ticks % TimeSpan.TicksPerSecond));
        Legacy.Put("exact", Value, expires);
        Legacy.Put("late", Value, expires.AddHours(1), TimeSpan.FromHours(2), absolute: expires);
        await Cache.GetAsync("exact");
        await Cache.GetAsync("late");

        Assert.That(Table.Row("exact").ExpiresAt, Is.EqualTo(expires.ToUnixTimeMilliseconds()));
        Assert.That(Table.Row("late").ExpiresAt, Is.EqualTo((Peer.HasAbsolute ? expires : expires.AddHours(1)).ToUnixTimeMilliseconds()));
    }

    [Test]
    public async Task A_row_without_an_expiry_means_what_it_meant_to_the_peer()
    {
        if (Peer.NullNeverExpires is not { } never)
        {
            Assert.That(() => Legacy.Put("key", Value, expires: null), Throws.InstanceOf<DbException>(), "the peer's rows all have an expiry");
            return;
        }

        Legacy.Put("key", Value, expires: null);

        Assert.That(await Cache.GetAsync("key"), never ? Is.EqualTo(Value) : Is.Null);
        Time.Advance(TimeSpan.FromHours(1));
        Assert.That(await Cache.GetAsync("key"), never ? Is.EqualTo(Value) : Is.Null);
        Assert.That(Legacy.Count(), Is.EqualTo(never ? 0 : 1));
    }

    [Test]
    public async Task A_legacy_row_that_has_expired_counts_as_absent_and_is_left_alone()
    {
        Legacy.Put("key", Value, Time.GetUtcNow(), sliding: TimeSpan.FromMinutes(20));

        Assert.That(await Cache.GetAsync("key"), Is.Null);
        await Cache.RefreshAsync("key");
        await Node.Inner.FlushAsync();
        Assert.That(await Cache.GetAsync("key"), Is.Null);
        Assert.That((Legacy.Count(), Table.Count()), Is.EqualTo((1, 0)));
    }

    [Test]
    public async Task A_row_of_the_cache_comes_before_a_legacy_row_even_if_it_has_expired([Values] bool hasExpired)
    {
        await NewNode(static options => options.LegacyTable = null).Cache.SetAsync("key", [1], For(TimeSpan.FromMinutes(1)));
        Time.Advance(TimeSpan.FromMinutes(hasExpired ? 1 : 0));
        Legacy.Put("key", Value, Soon);

        Assert.That(await Cache.GetAsync("key"), Is.EqualTo(hasExpired ? null : new byte[] { 1 }));
        Assert.That((Legacy.Count(), Table.Row("key").Value), Is.EqualTo((1, new byte[] { 1 })));
    }

    [Test]
    public async Task A_refresh_keeps_a_row_alive_that_nobody_has_asked_for_yet([Values] RefreshMode mode)
    {
        Use(options => options.RefreshMode = mode);
        Legacy.Put("key", Value, Soon, sliding: TimeSpan.FromMinutes(20));
        Time.Advance(TimeSpan.FromMinutes(4));
        await Cache.RefreshAsync("key");
        await (mode == RefreshMode.Deferred ? Node.Inner.FlushAsync() : Task.CompletedTask);

        Assert.That(Legacy.Count(), Is.Zero);
        Assert.That(Table.Row("key").ExpiresAt, Is.EqualTo(Time.Milliseconds + 1_200_000));
        Time.Advance(TimeSpan.FromMinutes(19));
        Assert.That(await Cache.GetAsync("key"), Is.EqualTo(Value));
    }

    [Test]
    public async Task A_legacy_value_that_is_too_large_stays_where_it_is_and_is_reported()
    {
        Use(static options => options.MaxValueSize = 3);
        Legacy.Put("key", Value, Soon);

        Assert.That(() => Cache.GetAsync("key"), Throws.TypeOf<CacheValueTooLargeException>());
        Assert.That((Legacy.Count(), Table.Count()), Is.EqualTo((1, 0)));
        Legacy.Put("small", [1], Soon);
        Assert.That(await Cache.GetAsync("small"), Is.EqualTo(new byte[] { 1 }), "the connection is as good as new");
    }

    [Test]
    public async Task A_row_that_cannot_be_migrated_does_not_keep_other_touches_from_being_written()
    {
        Use(static options => options.MaxValueSize = 3);
        Legacy.Put("large", Value, Soon, sliding: TimeSpan.FromMinutes(20));
        Legacy.Put("small", [1], Soon, sliding: TimeSpan.FromMinutes(20));
        await Cache.RefreshAsync("large");
        await Cache.RefreshAsync("small");
        await Node.Inner.FlushAsync();

        Assert.That(Table.Row("small").ExpiresAt, Is.EqualTo(Time.Milliseconds + 1_200_000));
        Assert.That(Legacy.Has("large"), Is.True);
    }

    [Test]
    public async Task Without_the_option_no_legacy_row_is_seen_or_changed()
    {
        Use(static options => options.LegacyTable = null);
        Legacy.Put("key", Value, Soon, sliding: TimeSpan.FromMinutes(20));

        Assert.That(await Cache.GetAsync("key"), Is.Null);
        await Cache.RefreshAsync("key");
        await Node.Inner.FlushAsync();
        await Cache.SetAsync("key", [1], new());
        await Cache.RemoveAsync("key");
        Assert.That((Legacy.Count(), Table.Count()), Is.EqualTo((1, 0)));
    }
}

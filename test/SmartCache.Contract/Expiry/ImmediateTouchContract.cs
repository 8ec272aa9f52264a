namespace SmartCache.Contract.Expiry;

/// <summary>Touches can be written at once, for those who read the table with other programs or stop nodes hard.</summary>
[StyleVariants(differ: true)]
public abstract class ImmediateTouchContract<TEngine>(CallStyle style) : StyledContract<TEngine>(style)
    where TEngine : TestEngine, new()
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(20);

    protected override void Configure(SmartCacheOptions options) => options.RefreshMode = RefreshMode.Immediate;

    [Test]
    public async Task A_read_or_a_refresh_is_written_at_once([Values] bool reads)
    {
        await Cache.SetAsync("key", [1], Expires.Sliding(Window));
        Time.Advance(TimeSpan.FromSeconds(1));
        await (reads ? Cache.GetAsync("key") : Cache.RefreshAsync("key"));

        Assert.That(Table.Row("key").ExpiresAt, Is.EqualTo(Time.Milliseconds + 1_200_000));
    }

    [Test]
    public async Task No_touch_moves_an_expiry_backwards()
    {
        var behind = NewNode(time: TestTime.New());
        Time.Advance(TimeSpan.FromMinutes(10));
        await Cache.SetAsync("key", [1], Expires.Sliding(Window));
        var before = Table.Row("key").ExpiresAt;
        await behind.Cache.GetAsync("key");
        await behind.Cache.RefreshAsync("key");

        Assert.That(Table.Row("key").ExpiresAt, Is.EqualTo(before));
    }

    [Test]
    public async Task A_touch_stops_at_the_absolute_expiration()
    {
        await Cache.SetAsync("key", [1], Expires.SlidingUntil(Window, TimeSpan.FromMinutes(25)));
        var end = Time.Milliseconds + 1_500_000;
        Time.Advance(TimeSpan.FromMinutes(15));
        await Cache.RefreshAsync("key");

        Assert.That(Table.Row("key").ExpiresAt, Is.EqualTo(end));
    }
}

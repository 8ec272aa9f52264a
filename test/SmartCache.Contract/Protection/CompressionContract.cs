namespace SmartCache.Contract.Protection;

/// <summary>Values from a size on are compressed, and each form is read whatever the setting says.</summary>
[NewestRelease]
public abstract class CompressionContract<TEngine>(CallStyle style) : StyledContract<TEngine>(style)
    where TEngine : TestEngine, new()
{
    private const int Threshold = 1_000;
    private const int Compressed = 32;
    private const int Session = 1;
    private const int SessionJson = 2;
    private const int Protected = 16;

    private static readonly string Long = string.Concat(Enumerable.Repeat("a long entry ", 200));

    [TestCase(Threshold - 1, 0)]
    [TestCase(Threshold, Compressed)]
    [TestCase(1_000_000, Compressed)]
    public async Task A_value_is_compressed_from_the_threshold_on(int size, int format)
    {
        var value = Enumerable.Repeat((byte)7, size).ToArray();
        await Cache.SetAsync("page", value, Expires.ByDefault);

        Assert.That(Table.Row("page").Format, Is.EqualTo(format));
        Assert.That(Table.Row("page").Value, format == 0 ? Has.Length.EqualTo(size) : Has.Length.LessThan(size / 10));
        Assert.That(await Cache.GetAsync("page"), Is.EqualTo(value));
        Assert.That(await WithoutOption().Cache.GetAsync("page"), Is.EqualTo(value));
    }

    [Test]
    public async Task A_value_that_would_not_become_smaller_stays_as_it_is()
    {
        var value = new byte[5_000];
        new Random(1).NextBytes(value);
        await Cache.SetAsync("page", value, Expires.ByDefault);

        Assert.That(Table.Row("page").Format, Is.Zero);
        Assert.That(Table.Row("page").Value, Is.EqualTo(value));
    }

    [TestCase(PayloadFormat.Binary, false, Session)]
    [TestCase(PayloadFormat.Json, false, SessionJson)]
    [TestCase(PayloadFormat.Binary, true, Session | Protected)]
    public async Task A_session_is_compressed_and_merges_with_one_that_is_not(PayloadFormat format, bool encrypts, int stored)
    {
        Use(options => (options.PayloadFormat, options.ProtectPayload) = (format, encrypts));
        var other = NewNode(options => (options.CompressionThreshold, options.PayloadFormat, options.ProtectPayload) = (null, format, encrypts));
        var key = SimulatedRequest.NewKey();
        await SimulatedRequest.SaveAsync(Node, key, "long", Long);
        Assert.That(Table.Row(key).Format, Is.EqualTo(stored | Compressed));
        Assert.That(Table.Row(key).Value, Has.Length.LessThan(Long.Length / 2));

        var slow = new SimulatedRequest(Node, key);
        await slow.SetAsync("slow", "1");
        await SimulatedRequest.SaveAsync(other, key, "quick", "2");
        Assert.That(Table.Row(key).Format, Is.EqualTo(stored));
        await slow.EndAsync();

        Assert.That(Table.Row(key).Format, Is.EqualTo(stored | Compressed));
        var entries = SessionBytes.Text((await other.Cache.GetAsync(key))!);
        Assert.That(entries, Is.EqualTo($"long={Long} quick=2 slow=1"));
    }

    [Test]
    public async Task A_session_that_did_not_change_is_not_written()
    {
        var key = SimulatedRequest.NewKey();
        await SimulatedRequest.SaveAsync(WithoutOption(), key, "long", Long);
        var before = Table.Row(key);
        await SimulatedRequest.SaveAsync(Node, key, "long", Long);

        Assert.That((Table.Row(key).Version, Table.Row(key).Format), Is.EqualTo((before.Version, before.Format)));
    }

    [TestCase(new byte[] { 1, 2, 3 })]
    [TestCase(new byte[] { 0, 0, 8, 0, 1, 2, 3, 4 })]
    [TestCase(new byte[] { 255, 255, 255, 255, 1, 2, 3, 4 })]
    public async Task Bytes_that_cannot_be_decompressed_are_an_error_and_no_session_overwrites_them(byte[] damaged)
    {
        var key = SimulatedRequest.NewKey();
        var request = new SimulatedRequest(Node, key);
        await request.SetAsync("mine", "1");
        await SimulatedRequest.SaveAsync(Node, key, "long", Long);
        Table.Tamper(key, "value", damaged);

        Assert.That(() => Cache.GetAsync(key), Throws.TypeOf<InvalidDataException>().With.Message.Not.Contains(key));
        Assert.That(Node.Logs.At(LogLevel.Warning), Has.Some.Contains("cannot be decompressed"));
        Assert.That(request.EndAsync, Throws.TypeOf<InvalidDataException>());
        Assert.That(Table.Row(key).Value, Is.EqualTo(damaged));
        await Cache.SetAsync(key, [1], Expires.ByDefault);
        Assert.That(await Cache.GetAsync(key), Is.EqualTo(new byte[] { 1 }));
    }

    [Test]
    public async Task The_size_limit_is_one_on_the_uncompressed_value()
    {
        Use(static options => options.MaxValueSize = 2_000);
        await Cache.SetAsync("page", new byte[2_000], Expires.ByDefault);

        Assert.That(await Cache.GetAsync("page"), Has.Length.EqualTo(2_000));
        Assert.That(() => Cache.SetAsync("page", new byte[2_001], Expires.ByDefault), Throws.TypeOf<CacheValueTooLargeException>());
    }

    protected override void Configure(SmartCacheOptions options) => options.CompressionThreshold = Threshold;

    private Node WithoutOption() => NewNode(static options => options.CompressionThreshold = null);
}

namespace SmartCache.Contract.Values;

/// <summary>The plain contract of a distributed cache: any bytes under a key, the last writer wins.</summary>
[StyleVariants(differ: true)]
public abstract class ValueContract<TEngine>(CallStyle style) : StyledContract<TEngine>(style)
    where TEngine : TestEngine, new()
{
    [TestCase(0)]
    [TestCase(1)]
    [TestCase(255)]
    [TestCase(65_536)]
    [TestCase(1_000_003)]
    [TestCase(5 * 1024 * 1024)]
    public async Task A_value_comes_back_as_it_was_written(int size)
    {
        var value = new byte[size];
        new Random(size).NextBytes(value);
        await Cache.SetAsync("key", value, Expires.ByDefault);

        // As sequences: NUnit takes seconds to compare millions of bytes one by one.
        var read = await Cache.GetAsync("key");
        Assert.That(read?.SequenceEqual(value), Is.True, "through the cache");
        Assert.That(Table.Row("key").Value.SequenceEqual(value), Is.True, "in the row");
    }

    [Test]
    public async Task A_key_that_was_never_written_gives_nothing_and_gets_no_row()
    {
        Assert.That(await Cache.GetAsync("key"), Is.Null);
        await Cache.RefreshAsync("key");
        await Node.Inner.FlushAsync();
        Assert.That(Table.Count(), Is.Zero);
    }

    [Test]
    public async Task A_value_written_over_another_takes_its_place_under_a_new_version()
    {
        var first = Time.Milliseconds;
        await Cache.SetAsync("key", [1, 2, 3], Expires.ByDefault);
        var version = Table.Row("key").Version;
        Time.Advance(TimeSpan.FromSeconds(7));
        await Cache.SetAsync("key", [1, 2, 3], Expires.ByDefault);
        Assert.That(Table.Row("key").Version, Is.Not.EqualTo(version), "the same value again");
        await Cache.SetAsync("key", [4], Expires.ByDefault);

        Assert.That(await Cache.GetAsync("key"), Is.EqualTo(new byte[] { 4 }));
        Assert.That(Table.Count(), Is.EqualTo(1));
        Assert.That((Table.Row("key").CreatedAt, Table.Row("key").UpdatedAt), Is.EqualTo((first, first + 7_000)));
    }

    [Test]
    public async Task What_one_node_writes_another_reads()
    {
        await Cache.SetAsync("key", [1], Expires.ByDefault);

        Assert.That(await NewNode().Cache.GetAsync("key"), Is.EqualTo(new byte[] { 1 }));
    }

    [Test]
    public async Task A_removed_value_is_gone_and_can_be_removed_or_written_again()
    {
        await Cache.SetAsync("key", [1], Expires.ByDefault);
        await Cache.SetAsync("other", [2], Expires.ByDefault);
        await Cache.RemoveAsync("key");
        Assert.That(await Cache.GetAsync("key"), Is.Null);
        Assert.That(Table.Find("key"), Is.Null);
        Assert.That(await Cache.GetAsync("other"), Is.EqualTo(new byte[] { 2 }));

        Assert.That(() => Cache.RemoveAsync("key"), Throws.Nothing);
        Assert.That(Table.Count(), Is.EqualTo(1));
        await Cache.SetAsync("key", [3], Expires.ByDefault);
        Assert.That(await Cache.GetAsync("key"), Is.EqualTo(new byte[] { 3 }));
    }

    [Test]
    public async Task Reading_leaves_the_version_alone()
    {
        await Cache.SetAsync("key", [1], Expires.ByDefault);
        var before = Table.Row("key");
        Time.Advance(TimeSpan.FromMinutes(5));
        await Cache.GetAsync("key");
        await Cache.RefreshAsync("key");
        await Node.Inner.FlushAsync();

        Assert.That((Table.Row("key").Version, Table.Row("key").UpdatedAt), Is.EqualTo((before.Version, before.UpdatedAt)));
    }

    [Test]
    public async Task The_caller_may_change_the_arrays_it_passed_and_was_given()
    {
        var value = new byte[] { 1, 2, 3 };
        await Cache.SetAsync("key", value, Expires.ByDefault);
        value[0] = 9;
        var given = await Cache.GetAsync("key");
        Assert.That(given, Is.EqualTo(new byte[] { 1, 2, 3 }));
        given![0] = 9;
        Assert.That(await Cache.GetAsync("key"), Is.EqualTo(new byte[] { 1, 2, 3 }));
    }
}

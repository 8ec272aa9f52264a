using System.Security.Cryptography;

namespace SmartCache.Contract.KeyHash;

/// <summary>Plain values under a hash of their key, and what becomes of those that were written under the key itself.</summary>
[StyleVariants(differ: true)]
public abstract class HashedValueContract<TEngine>(CallStyle style) : StyledContract<TEngine>(style)
    where TEngine : TestEngine, new()
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(20);

    private RawTable Hashed => Table.UnderHashes;

    [Test]
    public async Task The_table_holds_the_hash_and_its_crc_and_nothing_of_the_key()
    {
        await Cache.SetAsync("key", [1], Expires.ByDefault);

        var stored = Table.Keys().Single();
        Assert.That(stored, Is.EqualTo((byte[])[0xFF, .. SHA256.HashData("key"u8)]));
        Assert.That(Table.Ask($"SELECT {Engine.Quote("key_crc32")} FROM {{0}}"), Is.EqualTo(Collisions.Crc(stored)));
        Assert.That(await Cache.GetAsync("key"), Is.EqualTo(new byte[] { 1 }));
    }

    [TestCase("k")]
    [TestCase("☃")]
    public async Task A_key_may_be_as_long_as_ever(string character)
    {
        var key = string.Concat(Enumerable.Repeat(character, 1024 / Encoding.UTF8.GetByteCount(character)));
        await Cache.SetAsync(key, [1], Expires.ByDefault);

        Assert.That(await Cache.GetAsync(key), Is.EqualTo(new byte[] { 1 }));
        Assert.That(await Cache.GetAsync(key[1..]), Is.Null);
    }

    [Test]
    public async Task An_unhashed_value_is_found_and_the_next_write_gives_it_the_hash_and_keeps_other_columns()
    {
        var own = NewTable();
        await using var before = new Node(Engine, own.Name, Time, CallStyle.Asynchronous);
        await using var after = new Node(Engine, own.Name, Time, CallStyle.Asynchronous, Configure);
        await before.Cache.SetAsync("page", [1], Expires.ByDefault);
        own.Alter("ALTER TABLE {0} ADD note VARCHAR(20) DEFAULT 'new'");
        own.Run("UPDATE {0} SET note = 'mine'");
        var created = own.Row("page").CreatedAt;
        Time.Advance(TimeSpan.FromMinutes(1));
        Assert.That(await after.Cache.GetAsync("page"), Is.EqualTo(new byte[] { 1 }));
        await after.Cache.SetAsync("page", [2], Expires.ByDefault);

        var row = own.UnderHashes.Row("page");
        Assert.That((row.Value, row.CreatedAt, row.UpdatedAt), Is.EqualTo((new byte[] { 2 }, created, Time.Milliseconds)));
        Assert.That((own.Count(), own.Ask("SELECT COUNT(*) FROM {0} WHERE note = 'mine'")), Is.EqualTo((1, 1L)));
        Assert.That(await after.Cache.GetAsync("page"), Is.EqualTo(new byte[] { 2 }));
    }

    [Test]
    public async Task An_expired_unhashed_value_begins_a_new_life()
    {
        await UnhashedNode().Cache.SetAsync("page", [1], Expires.After(TimeSpan.FromMinutes(1)));
        Time.Advance(TimeSpan.FromMinutes(1));
        Assert.That(await Cache.GetAsync("page"), Is.Null);
        await Cache.SetAsync("page", [2], Expires.ByDefault);

        Assert.That((Hashed.Row("page").CreatedAt, Table.Count()), Is.EqualTo((Time.Milliseconds, 1)));
    }

    [Test]
    public async Task Writes_that_meet_over_an_unhashed_value_leave_one_row()
    {
        var nodes = new[] { Node, NewNode() };
        var before = UnhashedNode();
        for (var round = 0; round < 10; round++)
        {
            var key = $"page {round}";
            await before.Cache.SetAsync(key, [255], Expires.ByDefault);
            await TogetherAsync(4, number => nodes[number % 2].Cache.SetAsync(key, [(byte)number], Expires.ByDefault));

            Assert.That(Hashed.Row(key).Value.Single(), Is.LessThan(4));
            Assert.That(Table.Count(), Is.EqualTo(round + 1));
        }
    }

    [Test]
    public async Task A_removal_removes_the_row_under_the_hash_or_the_plain_key()
    {
        await UnhashedNode().Cache.SetAsync("old", [1], Expires.ByDefault);
        await Cache.SetAsync("new", [1], Expires.ByDefault);
        await Cache.SetAsync("other", [1], Expires.ByDefault);
        await Cache.RemoveAsync("old");
        await Cache.RemoveAsync("new");
        await Cache.RemoveAsync("nobody's");

        Assert.That((Table.Count(), Hashed.Find("other") is null), Is.EqualTo((1, false)));
    }

    [TestCase(RefreshMode.Deferred, true)]
    [TestCase(RefreshMode.Deferred, false)]
    [TestCase(RefreshMode.Immediate, false)]
    public async Task Touches_reach_the_row_under_the_hash_or_the_plain_key(RefreshMode refresh, bool isSeen)
    {
        Use(options => options.RefreshMode = refresh);
        var old = Enumerable.Range(0, 20).Select(number => $"old {number}").ToList();
        var hashed = Enumerable.Range(0, 20).Select(number => $"new {number}").ToList();
        foreach (var (node, keys) in new[] { (UnhashedNode(), old), (NewNode(), hashed) })
        {
            foreach (var key in keys)
                await node.Cache.SetAsync(key, [1], Expires.Sliding(Window));
        }

        Time.Advance(TimeSpan.FromMinutes(10));
        foreach (var key in (IEnumerable<string>)[.. old, .. hashed, "nobody's"])
        {
            if (isSeen)
                await Cache.GetAsync(key);
            else
                await Cache.RefreshAsync(key);
        }

        await Node.Inner.FlushAsync();
        var moved = Time.Milliseconds + (long)Window.TotalMilliseconds;
        Assert.That(old.Select(key => Table.Row(key).ExpiresAt), Has.All.EqualTo(moved));
        Assert.That(hashed.Select(key => Hashed.Row(key).ExpiresAt), Has.All.EqualTo(moved));
    }

    /// <summary>A row that this node has not seen gets a rhythm once it was flushed: the next touch waits for its interval.</summary>
    [Test]
    public async Task A_touch_of_an_unseen_row_learns_its_window_under_the_hash_or_the_plain_key([Values] bool isHashed)
    {
        await (isHashed ? NewNode() : UnhashedNode()).Cache.SetAsync("key", [1], Expires.Sliding(Window));
        var rows = isHashed ? Hashed : Table;
        Time.Advance(TimeSpan.FromMinutes(10));
        await Cache.RefreshAsync("key");
        var flushed = Time.Milliseconds + (long)Window.TotalMilliseconds;
        Time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(() => rows.Row("key").ExpiresAt, Is.EqualTo(flushed).After(10).Seconds.PollEvery(5).MilliSeconds);
        Time.Advance(TimeSpan.FromSeconds(29));
        await Cache.RefreshAsync("key");
        Time.Advance(TimeSpan.FromSeconds(2));
        Assert.That(rows.Row("key").ExpiresAt, Is.EqualTo(flushed), "inside the interval it waits");
        await Node.Inner.FlushAsync();

        Assert.That(rows.Row("key").ExpiresAt, Is.EqualTo(flushed + 30_000));
    }

    [Test]
    public async Task Expired_rows_are_removed_under_the_hash_and_the_plain_key()
    {
        await UnhashedNode().Cache.SetAsync("old", [1], Expires.After(TimeSpan.FromMinutes(1)));
        await Cache.SetAsync("new", [1], Expires.After(TimeSpan.FromMinutes(1)));
        await Cache.SetAsync("live", [1], Expires.After(TimeSpan.FromHours(2)));
        Time.Advance(TimeSpan.FromHours(1));

        Assert.That(await Node.Inner.RemoveExpiredAsync(), Is.EqualTo(2));
        Assert.That(Hashed.Find("live"), Is.Not.Null);
    }

    [Test]
    public async Task Unhashed_keys_with_the_same_crc_are_told_apart()
    {
        var keys = Collisions.Group(3);
        await UnhashedNode().Cache.SetAsync(keys[0], [0], Expires.ByDefault);
        await UnhashedNode().Cache.SetAsync(keys[1], [1], Expires.ByDefault);
        await Cache.SetAsync(keys[1], [2], Expires.ByDefault);

        Assert.That(await Cache.GetAsync(keys[0]), Is.EqualTo(new byte[] { 0 }));
        Assert.That(await Cache.GetAsync(keys[1]), Is.EqualTo(new byte[] { 2 }));
        Assert.That(await Cache.GetAsync(keys[2]), Is.Null);
        Assert.That(Table.Count(), Is.EqualTo(2));
    }

    /// <summary>An attacker who has read the table sends what it holds as a key.</summary>
    [Test]
    public async Task No_content_of_the_table_finds_the_row_if_it_is_sent_as_a_key([Values] bool isOn)
    {
        await Cache.SetAsync("key", [1], Expires.Sliding(Window));
        var before = Hashed.Row("key");
        var attacker = isOn ? Node : UnhashedNode();
        Time.Advance(TimeSpan.FromMinutes(1));
        foreach (var sent in Spellings(Table.Keys().Single()))
        {
            Assert.That(await attacker.Cache.GetAsync(sent), Is.Null, sent);
            await attacker.Cache.RefreshAsync(sent);
            await attacker.Cache.RemoveAsync(sent);
        }

        await attacker.Inner.FlushAsync();
        var after = Hashed.Row("key");
        Assert.That((after.Version, after.ExpiresAt, after.Value), Is.EqualTo((before.Version, before.ExpiresAt, before.Value)));
    }

    protected override void Configure(SmartCacheOptions options) => options.StoreKeyHash = true;

    /// <summary>The stored bytes, with and without their mark, in every spelling that a key can have.</summary>
    private static IEnumerable<string> Spellings(byte[] stored) =>
        from bytes in new[] { stored, stored[1..] }
        from text in new[]
        {
            Convert.ToHexString(bytes), Convert.ToHexStringLower(bytes), $"0x{Convert.ToHexStringLower(bytes)}", $@"\x{Convert.ToHexStringLower(bytes)}",
            Convert.ToBase64String(bytes), Encoding.Latin1.GetString(bytes), Encoding.UTF8.GetString(bytes),
        }
        select text;

    private Node UnhashedNode() => NewNode(static options => options.StoreKeyHash = false);
}

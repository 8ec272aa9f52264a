namespace SmartCache.Contract.Values;

/// <summary>Keys are compared byte by byte, whatever collation or padding the database is used to.</summary>
public abstract class KeyContract<TEngine>(CallStyle style) : StyledContract<TEngine>(style)
    where TEngine : TestEngine, new()
{
    private const int MaxBytes = 1024;
    private const int ManyCollisions = 1_100;

    [TestCase("key", "KEY", Description = "case")]
    [TestCase("resume", "résumé", Description = "accents")]
    [TestCase("key", "key ", Description = "a trailing blank")]
    [TestCase("key", " key", Description = "a leading blank")]
    [TestCase("key", "key\0", Description = "a trailing NUL")]
    [TestCase("key 108 Sj3c", "key 108 Sj3c\0", Description = "a trailing NUL that does not change the CRC")]
    [TestCase("a\0b", "a\0c", Description = "behind a NUL")]
    [TestCase("é", "e\u0301", Description = "Unicode normal forms")]
    [TestCase("straße", "strasse", Description = "what collations expand")]
    [TestCase("😀", "😁", Description = "astral characters")]
    [TestCase("1", "01", Description = "numbers")]
    [TestCase("100%", "100_", Description = "wildcards")]
    [TestCase("it's", "it\"s", Description = "quotes")]
    [TestCase("back\\slash", "back\\\\slash", Description = "escapes")]
    public async Task Keys_that_differ_in_any_byte_are_different_keys(string one, string other)
    {
        await Cache.SetAsync(one, [1], Expires.ByDefault);
        await Cache.SetAsync(other, [2], Expires.ByDefault);

        Assert.That(await Cache.GetAsync(one), Is.EqualTo(new byte[] { 1 }));
        Assert.That(await Cache.GetAsync(other), Is.EqualTo(new byte[] { 2 }));
        Assert.That(Table.Row(one).Value, Is.EqualTo(new byte[] { 1 }));
        Assert.That(Table.Count(), Is.EqualTo(2));
    }

    [Test]
    public async Task Keys_with_the_same_crc_have_rows_of_their_own()
    {
        var keys = Collisions.Group(3);
        foreach (var (key, number) in keys.Zip(Enumerable.Range(1, keys.Count)))
            await Cache.SetAsync(key, [(byte)number], Expires.ByDefault);

        await Cache.RemoveAsync(keys[1]);

        AssertCollide(keys[0], keys[2]);
        Assert.That(await Cache.GetAsync(keys[0]), Is.EqualTo(new byte[] { 1 }));
        Assert.That(await Cache.GetAsync(keys[1]), Is.Null);
        Assert.That(await Cache.GetAsync(keys[2]), Is.EqualTo(new byte[] { 3 }));
    }

    [Test]
    public async Task A_touch_of_a_key_leaves_the_row_of_a_colliding_one_alone()
    {
        var keys = Collisions.Group(2);
        await Cache.SetAsync(keys[0], [1], Expires.ByDefault);
        await Cache.SetAsync(keys[1], [2], Expires.ByDefault);
        var before = Table.Row(keys[1]);
        Time.Advance(TimeSpan.FromMinutes(5));
        await Cache.RefreshAsync(keys[0]);
        await Node.Inner.FlushAsync();

        Assert.That(Table.Row(keys[0]).ExpiresAt, Is.GreaterThan(before.ExpiresAt));
        Assert.That(Table.Row(keys[1]).ExpiresAt, Is.EqualTo(before.ExpiresAt));
    }

    // More than one statement of a flush, or of a sweep, takes.
    [Test]
    public async Task A_thousand_keys_with_one_crc_are_told_apart_by_every_statement()
    {
        var keys = Collisions.Group(ManyCollisions);
        for (var i = 0; i < keys.Count; i++)
            await Cache.SetAsync(keys[i], BitConverter.GetBytes(i), Expires.ByDefault);

        AssertCollide([.. keys]);
        Assert.That(Table.Count(), Is.EqualTo(keys.Count));

        Time.Advance(TimeSpan.FromMinutes(10));
        await ForEachAsync(keys, Cache.RefreshAsync, static i => i % 2 == 0);
        await Node.Inner.FlushAsync();
        await ForEachAsync(keys, Cache.RemoveAsync, static i => i % 10 == 0);
        await ForEachAsync(keys, SaveSessionAsync, static i => i % 100 == 10);
        Time.Advance(TimeSpan.FromMinutes(15.5));
        Assert.That(await Node.Inner.RemoveExpiredAsync(), Is.EqualTo(keys.Count / 2), "those that were not refreshed");

        for (var i = 0; i < keys.Count; i++)
        {
            var isSession = i % 100 == 10;
            var isLeft = isSession || (i % 2 == 0 && i % 10 != 0);
            Assert.That(await Cache.GetAsync(keys[i]), !isLeft ? Is.Null : isSession ? Has.Length.GreaterThan(20) : Is.EqualTo(BitConverter.GetBytes(i)), $"key {i}");
            Assert.That(!isSession || Table.Entries(keys[i]) == $"key={keys[i]} more={keys[i]}", $"session {i}");
        }
    }

    [Test]
    public async Task Keys_with_every_byte_that_UTF8_has_are_told_apart()
    {
        var codes = Enumerable.Range(0, 0xC0)
            .Concat(Enumerable.Range(3, 29).Select(static lead => lead << 6))
            .Concat(Enumerable.Range(0, 16).Select(static lead => Math.Max(lead << 12, 0x800)))
            .Concat(Enumerable.Range(0, 5).Select(static lead => Math.Max(lead << 18, 0x10000)));
        var keys = codes.Select(static code => $"k{char.ConvertFromUtf32(code)}k").ToList();
        Assert.That(keys.SelectMany(Encoding.UTF8.GetBytes).Distinct().Count(), Is.EqualTo(256 - 13), "all but those that UTF-8 never has");

        for (var i = 0; i < keys.Count; i++)
            await Cache.SetAsync(keys[i], [(byte)i, 1], Expires.ByDefault);

        Assert.That(Table.Count(), Is.EqualTo(keys.Count));
        for (var i = 0; i < keys.Count; i++)
            Assert.That(await Cache.GetAsync(keys[i]), Is.EqualTo(new byte[] { (byte)i, 1 }), $"key {i}");
    }

    [Test]
    public async Task The_crc_in_the_row_is_the_one_other_programs_compute()
    {
        // The check value of CRC-32/ISO-HDLC, the one of zlib and of MySQL's CRC32().
        Assert.That(Collisions.Crc("123456789"u8.ToArray()), Is.EqualTo(0xCBF43926));
        await Cache.SetAsync("123456789", [1], Expires.ByDefault);

        Assert.That(Table.Ask($"SELECT {Engine.Quote("key_crc32")} FROM {{0}}"), Is.EqualTo(Collisions.Crc(Engine.KeyBytes("123456789"))));
    }

    [TestCase("k")]
    [TestCase("é")]
    [TestCase("€")]
    public async Task A_key_may_have_1024_bytes_and_no_more(string character)
    {
        var characters = MaxBytes / Encoding.UTF8.GetByteCount(character);
        var longest = string.Concat(Enumerable.Repeat(character, characters)).PadRight(characters + (MaxBytes % Encoding.UTF8.GetByteCount(character)));
        await Cache.SetAsync(longest, [1], Expires.ByDefault);

        Assert.That(await Cache.GetAsync(longest), Is.EqualTo(new byte[] { 1 }));
        Assert.That(() => Cache.SetAsync(longest + "k", [1], Expires.ByDefault), Throws.ArgumentException);
        Assert.That(() => Cache.GetAsync(longest + "k"), Throws.ArgumentException);
    }

    [Test]
    public async Task The_longest_keys_are_told_apart_by_their_last_byte()
    {
        var stem = new string('k', MaxBytes - 1);
        await Cache.SetAsync(stem + "1", [1], Expires.ByDefault);
        await Cache.SetAsync(stem + "2", [2], Expires.ByDefault);

        Assert.That(await Cache.GetAsync(stem + "1"), Is.EqualTo(new byte[] { 1 }));
        Assert.That(await Cache.GetAsync(stem + "2"), Is.EqualTo(new byte[] { 2 }));
    }

    private static async Task ForEachAsync(IReadOnlyList<string> keys, Func<string, CancellationToken, Task> what, Func<int, bool> isMeant)
    {
        foreach (var i in Enumerable.Range(0, keys.Count).Where(isMeant))
            await what(keys[i], CancellationToken.None);
    }

    private async Task SaveSessionAsync(string key, CancellationToken cancellationToken)
    {
        foreach (var name in new[] { "key", "more" })
            await SimulatedRequest.SaveAsync(Node, key, name, key);
    }

    /// <summary>The table's rows are those of the keys, which have one crc. Under hashes they have their own; what collides there is looked for elsewhere.</summary>
    private void AssertCollide(params string[] keys)
    {
        var crcs = keys.Select(key => Collisions.Crc(Engine.KeyBytes(key))).Distinct().Count();
        Assert.That(Table.Ask($"SELECT COUNT(DISTINCT {Engine.Quote("key_crc32")}) FROM {{0}}"), Is.EqualTo(crcs), "the keys do collide");
    }
}

using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace SmartCache.Contract.Protection;

/// <summary>Encrypted sessions are merged, cannot be read in another row, and are never overwritten by a request that cannot read them.</summary>
[NewestRelease]
public abstract class ProtectedSessionContract<TEngine>(CallStyle style, ConcurrencyMode mode) : SessionContract<TEngine>(style, mode)
    where TEngine : TestEngine, new()
{
    private const int Session = 1;
    private const int ProtectedOpaque = 16;
    private const int ProtectedSession = 17;

    private readonly EphemeralDataProtectionProvider _otherKeyRing = new();

    [Test]
    public async Task The_row_shows_nothing_of_the_session_and_a_save_that_changes_nothing_writes_nothing()
    {
        await SaveAsync(("colour", "turquoise"));
        var row = Table.Row(Key);
        Assert.That(row.Format, Is.EqualTo(ProtectedSession));
        Assert.That(Encoding.Latin1.GetString(row.Value), Does.Not.Contain("colour").And.Not.Contain("turquoise"));
        Assert.That(await EntriesAsync(), Is.EqualTo("colour=turquoise"));

        await SaveAsync(("colour", "turquoise"));
        Assert.That((Table.Row(Key).Version, Table.Row(Key).Value), Is.EqualTo((row.Version, row.Value)));
    }

    [Test]
    public async Task Requests_merge_what_is_encrypted()
    {
        await PlayAsync("theirs: a=1; mine: load; theirs: b=2; mine: c=3", others: NewNode());

        Assert.That(await EntriesAsync(), Is.EqualTo("a=1 b=2 c=3"));
    }

    [TestCase(PayloadFormat.Binary, "cart", "3", "user=ann cart=3")]
    [TestCase(PayloadFormat.Json, "cart", "3", "user=ann cart=3")]
    [TestCase(PayloadFormat.Binary, "user", "ann", "user=ann", Description = "even if it changes nothing")]
    public async Task A_session_in_the_clear_is_read_and_encrypted_by_its_next_save(PayloadFormat format, string name, string value, string after)
    {
        await SaveInTheClearAsync(format);
        var before = Table.Row(Key);
        await RequestAsync(async request => Assert.That(await request.GetAsync("user"), Is.EqualTo("ann")));
        Assert.That(Table.Row(Key).Version, Is.EqualTo(before.Version), "a request that only reads changes nothing");
        await SaveAsync((name, value));

        Assert.That((Table.Row(Key).Format, Table.Row(Key).CreatedAt), Is.EqualTo((ProtectedSession, before.CreatedAt)));
        Assert.That(await EntriesAsync(), Is.EqualTo(after));
    }

    [Test]
    public async Task A_request_that_loaded_a_session_in_the_clear_merges_with_it()
    {
        await SaveInTheClearAsync();
        await PlayAsync("mine: load; theirs: b=2; mine: c=3", others: NewNode(static options => options.ProtectPayload = false));

        Assert.That(Table.Row(Key).Format, Is.EqualTo(ProtectedSession));
        Assert.That(await EntriesAsync(), Is.EqualTo("user=ann b=2 c=3"));
    }

    [Test]
    public async Task If_encryption_is_switched_off_sessions_are_read_and_saved_in_the_clear_when_they_change()
    {
        await SaveAsync(("a", "1"));
        var off = NewNode(static options => options.ProtectPayload = false);
        await RequestAsync(request => request.SetAsync("a", "1"), off);
        Assert.That(Table.Row(Key).Format, Is.EqualTo(ProtectedSession));
        await RequestAsync(request => request.SetAsync("b", "2"), off);

        Assert.That((Table.Row(Key).Format, Table.Entries(Key)), Is.EqualTo((Session, "a=1 b=2")));
    }

    [Test]
    public async Task If_encryption_is_required_a_session_in_the_clear_is_ignored_and_replaced([Values] bool readsFirst)
    {
        await SaveInTheClearAsync();
        var strict = NewNode(static options => options.RequireProtectedPayload = true);
        if (readsFirst)
        {
            await RequestAsync(async request => Assert.That(await request.GetAsync("user"), Is.Null), strict);
            Assert.That(Table.Row(Key).Format, Is.EqualTo(Session));
        }

        await RequestAsync(request => request.SetAsync("cart", "3"), strict);

        Assert.That(Table.Row(Key).Format, Is.EqualTo(ProtectedSession));
        Assert.That(await EntriesAsync(), Is.EqualTo("cart=3"));
        Assert.That(strict.Logs.At(LogLevel.Warning), Has.Some.Contains("is not encrypted").And.None.Contains(Key));
    }

    [Test]
    public async Task If_encryption_is_required_a_session_written_in_the_clear_meanwhile_is_not_merged()
    {
        var strict = NewNode(static options => options.RequireProtectedPayload = true);
        await RequestAsync(request => request.SetAsync("user", "ann"), strict);
        var slow = await LoadedAsync(strict);
        Table.Remove(Key);
        await RequestAsync(request => request.SetAsync("role", "admin"), NewNode(static options => options.ProtectPayload = false));
        await slow.SetAsync("cart", "3");
        await slow.EndAsync();

        Assert.That(await EntriesAsync(), Is.EqualTo("user=ann cart=3"));
    }

    [Test]
    public async Task Encryption_works_with_hashed_keys()
    {
        await SaveAsync(("a", "1"));
        await RequestAsync(request => request.SetAsync("b", "2"), NewNode(static options => options.StoreKeyHash = true));

        Assert.That((Table.Count(), Table.UnderHashes.Row(Key).Format), Is.EqualTo((1, ProtectedSession)));
        await RequestAsync(
            async request => Assert.That((await request.GetAsync("a"), await request.GetAsync("b")), Is.EqualTo(("1", "2"))),
            NewNode(static options => options.StoreKeyHash = true));
    }

    [Test]
    public async Task The_value_of_another_row_is_an_error()
    {
        await SaveAsync(("user", "ann"));
        var stolen = Table.Row(Key).Value;
        var own = SimulatedRequest.NewKey();
        await SimulatedRequest.SaveAsync(Node, own, "user", "eve");
        Table.Tamper(own, "value", stolen);

        Assert.That(() => Cache.GetAsync(own), Throws.TypeOf<CryptographicException>().With.Message.Not.Contains(own));
        Assert.That(await EntriesAsync(), Is.EqualTo("user=ann"));
    }

    [TestCase("a byte")]
    [TestCase("cut short")]
    [TestCase("empty")]
    [TestCase("another format")]
    public async Task A_value_that_somebody_changed_is_an_error(string change)
    {
        await SaveAsync(("user", "ann"));
        var value = Table.Row(Key).Value;
        value[^1] ^= 1;
        Table.Tamper(Key, change == "another format" ? "format" : "value", change switch
        {
            "a byte" => value,
            "cut short" => value[..^10],
            "empty" => Array.Empty<byte>(),
            _ => ProtectedOpaque,
        });

        Assert.That(() => Cache.GetAsync(Key), Throws.TypeOf<CryptographicException>());
    }

    [Test]
    public async Task Without_its_key_a_session_is_an_error_that_shows_no_secret_and_is_not_overwritten([Values] bool hadNoRow)
    {
        var without = NewNode(keyRing: _otherKeyRing);
        var request = Begin(without);
        if (hadNoRow)
            await request.LoadAsync();

        await SaveAsync(("user", "alfonsine"));
        var before = Table.Row(Key);
        if (hadNoRow)
        {
            await request.SetAsync("user", "mallory");
            Assert.That(request.EndAsync, Throws.TypeOf<CryptographicException>());
        }
        else
        {
            Assert.That(() => request.SetAsync("user", "mallory"), Throws.Exception, "it could not be loaded");
            await request.EndAsync();
        }

        var warnings = without.Logs.At(LogLevel.Warning);
        Assert.That(warnings, Has.Some.Contains("cannot be decrypted").And.None.Contains(Key).And.None.Contains("alfonsine").And.None.Contains("mallory"));
        Assert.That((Table.Row(Key).Version, Table.Row(Key).Value), Is.EqualTo((before.Version, before.Value)));
        Assert.That(await EntriesAsync(), Is.EqualTo("user=alfonsine"), "where the key is, nothing is lost");
    }

    [Test]
    public async Task Without_its_key_a_session_that_has_expired_is_as_good_as_none()
    {
        await SaveAsync(("user", "ann"));
        Time.Advance(TimeSpan.FromMinutes(20));
        var without = NewNode(keyRing: _otherKeyRing);
        await RequestAsync(request => request.SetAsync("user", "bob"), without);
        await RequestAsync(async request => Assert.That(await request.GetAsync("user"), Is.EqualTo("bob")), without);

        Assert.That((Table.Count(), Table.Row(Key).CreatedAt), Is.EqualTo((1, Time.Milliseconds)));
    }

    [Test]
    public async Task Without_its_key_a_session_can_be_removed([Values] bool abandons)
    {
        await SaveAsync(("user", "ann"));
        var without = NewNode(keyRing: _otherKeyRing);
        await (abandons ? RequestAsync(AbandonAsync, without) : without.Cache.RemoveAsync(Key));

        Assert.That(Table.Count(), Is.Zero);
    }

    protected override void Configure(SmartCacheOptions options)
    {
        base.Configure(options);
        options.ProtectPayload = true;
    }

    private Task SaveInTheClearAsync(PayloadFormat format = PayloadFormat.Binary) => RequestAsync(
        request => request.SetAsync("user", "ann"),
        NewNode(options => (options.ProtectPayload, options.PayloadFormat) = (false, format)));

    private async Task<string> EntriesAsync()
    {
        var entries = "";
        await RequestAsync(
            async request =>
            {
                var session = await request.LoadAsync();
                entries = string.Join(' ', session.Keys.Select(name => $"{name}={Encoding.UTF8.GetString(session.Get(name)!)}"));
            },
            NewNode());
        return entries;
    }
}

using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace SmartCache.Contract.Protection;

/// <summary>Any other values encrypted at rest, and what the app has to have for that.</summary>
[NewestRelease]
public abstract class ProtectedValueContract<TEngine>(CallStyle style) : StyledContract<TEngine>(style)
    where TEngine : TestEngine, new()
{
    private const int Opaque = 0;
    private const int ProtectedOpaque = 16;

    [TestCase("")]
    [TestCase("turquoise")]
    public async Task A_value_is_encrypted_and_comes_back_as_it_was(string text)
    {
        var value = Encoding.UTF8.GetBytes(text);
        await Cache.SetAsync("page", value, Expires.ByDefault);

        var row = Table.Row("page");
        Assert.That(row.Format, Is.EqualTo(ProtectedOpaque));
        Assert.That(row.Value, Has.Length.GreaterThan(value.Length + 50));
        Assert.That(Encoding.Latin1.GetString(row.Value), Does.Not.Contain("turquoise"));
        Assert.That(await Cache.GetAsync("page"), Is.EqualTo(value));
    }

    [Test]
    public async Task A_value_in_the_clear_is_read_and_encrypted_by_its_next_write()
    {
        await NewNode(static options => options.ProtectPayload = false).Cache.SetAsync("page", [1], Expires.ByDefault);
        Assert.That(await Cache.GetAsync("page"), Is.EqualTo(new byte[] { 1 }));
        Assert.That(Table.Row("page").Format, Is.EqualTo(Opaque));
        await Cache.SetAsync("page", [1], Expires.ByDefault);

        Assert.That(Table.Row("page").Format, Is.EqualTo(ProtectedOpaque));
        Assert.That(await Cache.GetAsync("page"), Is.EqualTo(new byte[] { 1 }));
    }

    [Test]
    public async Task If_encryption_is_required_a_value_in_the_clear_is_ignored_until_it_is_set()
    {
        await NewNode(static options => options.ProtectPayload = false).Cache.SetAsync("page", [1], Expires.ByDefault);
        Use(static options => options.RequireProtectedPayload = true);
        Assert.That(await Cache.GetAsync("page"), Is.Null);
        await Cache.SetAsync("page", [2], Expires.ByDefault);

        Assert.That(await Cache.GetAsync("page"), Is.EqualTo(new byte[] { 2 }));
    }

    [Test]
    public async Task The_size_limit_is_one_on_the_unencrypted_value()
    {
        Use(static options => options.MaxValueSize = 100);
        await Cache.SetAsync("page", new byte[100], Expires.ByDefault);

        Assert.That(await Cache.GetAsync("page"), Has.Length.EqualTo(100));
        Assert.That(() => Cache.SetAsync("page", new byte[101], Expires.ByDefault), Throws.TypeOf<CacheValueTooLargeException>());
    }

    [Test]
    public async Task Without_its_key_a_value_is_an_error_until_it_is_set_anew()
    {
        await Cache.SetAsync("page 5ec2e7a0", [1], Expires.ByDefault);
        var without = NewNode(keyRing: new EphemeralDataProtectionProvider());

        Assert.That(() => without.Cache.GetAsync("page 5ec2e7a0"), Throws.TypeOf<CryptographicException>().With.Message.Not.Contains("5ec2e7a0"));
        Assert.That(without.Logs.At(LogLevel.Warning), Has.Some.Contains("cannot be decrypted").And.None.Contains("5ec2e7a0"));
        await without.Cache.SetAsync("page 5ec2e7a0", [2], Expires.ByDefault);
        Assert.That(await without.Cache.GetAsync("page 5ec2e7a0"), Is.EqualTo(new byte[] { 2 }));
    }

    [Test]
    public async Task A_touch_needs_no_key()
    {
        await Cache.SetAsync("page", [1], Expires.Sliding(TimeSpan.FromMinutes(20)));
        Time.Advance(TimeSpan.FromMinutes(10));
        var without = NewNode(keyRing: new EphemeralDataProtectionProvider());
        await without.Cache.RefreshAsync("page");
        await without.Inner.FlushAsync();

        Assert.That(Table.Row("page").ExpiresAt, Is.EqualTo(Time.Milliseconds + 1_200_000));
    }

    [Test]
    public void Without_Data_Protection_the_option_is_named()
    {
        using var services = Engine.AddCache(new ServiceCollection(), Table.Name, Configure).BuildServiceProvider();

        Assert.That(
            () => services.GetRequiredService<IDistributedCache>(),
            Throws.TypeOf<OptionsValidationException>().With.Message.Contains($"Options.{nameof(SmartCacheOptions.ProtectPayload)} ").And.Message.Contains("AddDataProtection"));
    }

    [Test]
    public void Sessions_bring_Data_Protection_along([Values] bool isFirst)
    {
        var services = new ServiceCollection();
        Action addCache = () => Engine.AddCache(services, Table.Name, Configure);
        Action addSession = () => services.AddSession();
        foreach (var add in isFirst ? new[] { addSession, addCache } : [addCache, addSession])
            add();

        using var provider = services.BuildServiceProvider();

        Assert.That(() => provider.GetRequiredService<IDistributedCache>(), Throws.Nothing);
    }

    [Test]
    public async Task A_cache_without_Data_Protection_says_so_where_it_meets_what_is_encrypted()
    {
        await Cache.SetAsync("page", [1], Expires.ByDefault);
        await using var services = Engine.AddCache(new ServiceCollection().AddSingleton<TimeProvider>(Time), Table.Name).BuildServiceProvider();

        Assert.That(
            () => services.GetRequiredService<IDistributedCache>().GetAsync("page"),
            Throws.InvalidOperationException.With.Message.Contains("AddDataProtection"));
    }

    protected override void Configure(SmartCacheOptions options) => options.ProtectPayload = true;
}

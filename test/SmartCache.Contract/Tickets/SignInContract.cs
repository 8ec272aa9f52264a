using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.DataProtection;

namespace SmartCache.Contract.Tickets;

/// <summary>A sign-in as the stock cookie authentication makes it, over several nodes.</summary>
public abstract class SignInContract<TEngine> : TicketContract<TEngine>
    where TEngine : TestEngine, new()
{
    private const int TicketFormat = 19;

    [Test]
    public async Task A_sign_in_counts_on_every_node_until_the_sign_out([Values] bool hashesKeys, [Values] bool encryptsSessions)
    {
        void Configure(SmartCacheOptions options) => (options.StoreKeyHash, options.ProtectPayload) = (hashesKeys, encryptsSessions);
        var (here, there) = (await StartAsync(Configure), await StartAsync(Configure));
        var browser = here.NewBrowser();
        await SignInAsync(browser);
        Assert.That((await AskAsync(browser), await AskAsync(On(there, browser))), Is.EqualTo(("alice", "alice")));

        var rows = hashesKeys ? Table.UnderHashes : Table;
        var row = rows.Row(KeyOf(browser));
        Assert.That((row.Format, rows.Owner(KeyOf(browser))), Is.EqualTo((TicketFormat, "alice")));
        Assert.That(Table.Keys().Single(), Has.Length.EqualTo(hashesKeys ? 33 : KeyOf(browser).Length));
        Assert.That((await ListAsync(there)).Single(), Has.Property(nameof(SessionInfo.Kind)).EqualTo(SessionKind.Ticket));

        var stolen = On(there, browser);
        await browser.RunAsync(static context => context.SignOutAsync());
        Assert.That((browser[CookieName], await AskAsync(stolen), Table.Count()), Is.EqualTo(((string?)null, (string?)null, 0)));
    }

    [Test]
    public async Task The_key_is_random_and_no_session_can_have_it()
    {
        var app = await StartAsync();
        var keys = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            var browser = app.NewBrowser();
            await SignInAsync(browser);
            keys.Add(KeyOf(browser));
        }

        Assert.That(keys, Is.Unique.And.All.Matches("^SmartCache\\.Ticket:[-_0-9A-Za-z]{43}$"));
        Assert.That(await app.Cache.GetAsync(keys[0]), Is.Null, "a ticket is no value");
    }

    [Test]
    public async Task A_ticket_is_encrypted_whatever_the_options_say([Values] bool encryptsSessions)
    {
        var keyRing = new EphemeralDataProtectionProvider();
        var app = await StartAsync(options => options.ProtectPayload = encryptsSessions, services: services => services.AddSingleton<IDataProtectionProvider>(keyRing));
        var browser = app.NewBrowser();
        await SignInAsync(browser);
        await browser.RunAsync(static context => context.Session.SetString("user", "alice"));

        Assert.That(await AskAsync(browser), Is.EqualTo("alice"));
        var sizes = Table.List($"SELECT {Engine.Quote("format")} FROM {{0}} ORDER BY 1");
        Assert.That(sizes, Is.EqualTo(new[] { encryptsSessions ? "17" : "1", "19" }));
        Assert.That((await ListAsync(app)).Single().Size, Is.GreaterThan(200));
    }

    [Test]
    public async Task A_ticket_that_cannot_be_decrypted_is_an_error_and_stays()
    {
        ExpectsErrors = true;
        var keyRing = new EphemeralDataProtectionProvider();
        var app = await StartAsync(services: services => services.AddSingleton<IDataProtectionProvider>(keyRing));
        var browser = app.NewBrowser();
        await SignInAsync(browser);
        Table.Run($"UPDATE {{0}} SET {Engine.Quote("format")} = 17");
        using (var response = await browser.SendAsync(static _ => Task.CompletedTask))
            Assert.That((int)response.StatusCode, Is.EqualTo(500), "its format was changed");

        Table.Run($"UPDATE {{0}} SET {Engine.Quote("format")} = 3");
        using (var response = await browser.SendAsync(static _ => Task.CompletedTask))
            Assert.That((int)response.StatusCode, Is.EqualTo(500), "it says that it is not encrypted");

        Table.Run($"UPDATE {{0}} SET {Engine.Quote("format")} = 19");
        Assert.That(await AskAsync(browser), Is.EqualTo("alice"));
    }

    [Test]
    public async Task A_ticket_that_is_too_large_is_refused()
    {
        ExpectsErrors = true;
        var app = await StartAsync(static options => options.MaxValueSize = 1_000);
        var browser = app.NewBrowser();

        Assert.That(() => SignInAsync(browser, "alice", new(new Dictionary<string, string?> { ["token"] = new('x', 1_000) })), Throws.TypeOf<CacheValueTooLargeException>());
        Assert.That((browser[CookieName], Table.Count()), Is.EqualTo(((string?)null, 0)));
    }

    [Test]
    public async Task What_is_stored_with_the_ticket_comes_back_unchanged()
    {
        var app = await StartAsync();
        var browser = app.NewBrowser();
        var issued = Time.GetUtcNow();
        await SignInAsync(browser, "alice", new(new Dictionary<string, string?> { [".Token.access_token"] = "secret", ["empty"] = null }) { IsPersistent = true });
        var result = await browser.RunAsync(static context => context.AuthenticateAsync());

        Assert.That(result.Properties?.GetTokenValue("access_token"), Is.EqualTo("secret"));
        Assert.That(result.Properties!.IsPersistent, Is.True);
        Assert.That(result.Properties.IssuedUtc, Is.EqualTo(issued).Within(TimeSpan.FromSeconds(1)));
        Assert.That(result.Properties.ExpiresUtc - result.Properties.IssuedUtc, Is.EqualTo(Window));
    }

    [Test]
    public async Task The_owner_is_what_the_delegate_says([Values("bob", null)] string? owner)
    {
        var app = await StartAsync(tickets: options => options.Owner = _ => owner);
        var browser = app.NewBrowser();
        await SignInAsync(browser);

        Assert.That((Table.Owner(KeyOf(browser)), await AskAsync(browser)), Is.EqualTo((owner, "alice")));
        Assert.That(await app.Services.GetRequiredService<ISessionDirectory>().CountAllAsync(), Is.EqualTo(1));
    }

    [Test]
    public async Task An_owner_that_cannot_be_stored_is_an_error_that_names_the_option()
    {
        ExpectsErrors = true;
        var app = await StartAsync(tickets: static options => options.Owner = static _ => "");

        Assert.That(() => SignInAsync(app.NewBrowser()), Throws.InvalidOperationException.With.Message.Contains("SmartTicketStoreOptions.Owner"));
        Assert.That(Table.Count(), Is.Zero);
    }

    [Test]
    public async Task Tickets_of_some_schemes_and_in_a_cache_of_their_own()
    {
        var sessions = NewTable();
        var app = await StartAsync(
            services =>
            {
                Engine.AddCache(services, sessions.Name, static options => options.ExpiredRemovalInterval = null);
                Engine.AddCache(services, Table.Name, static options => options.ExpiredRemovalInterval = null, "tickets");
            },
            SignIns.With(
                new WebSetUp(),
                tickets: static options =>
                {
                    options.CacheName = "tickets";
                    options.Schemes.Add("kept");
                },
                services: static services => services.AddAuthentication().AddCookie("kept").AddCookie("other")));
        var browser = app.NewBrowser();
        await browser.RunAsync(static context => context.Session.SetString("a", "1"));
        foreach (var scheme in new[] { "kept", "other", CookieAuthenticationDefaults.AuthenticationScheme })
            await browser.RunAsync(context => context.SignInAsync(scheme, SignIns.User(scheme)));

        Assert.That((Table.Count(), sessions.Entries(browser.Key)), Is.EqualTo((1, "a=1")));
        Assert.That((await app.Services.GetRequiredKeyedService<ISessionDirectory>("tickets").ListAsync("kept").ToListAsync()), Has.Count.EqualTo(1));
        foreach (var scheme in new[] { "kept", "other" })
            Assert.That((await browser.RunAsync(context => context.AuthenticateAsync(scheme))).Principal!.Claims.Single().Value, Is.EqualTo(scheme));
    }

    [Test]
    public void What_cannot_work_is_an_error_at_the_start_that_names_the_option()
    {
        AssertFails("CacheName is null", static services => { });
        AssertFails("CacheName is 'pages'", services => Engine.AddCache(services, Table.Name), static options => options.CacheName = "pages");
        AssertFails("Schemes contains 'Cookie'", services => Engine.AddCache(services, Table.Name), static options => options.Schemes.Add("Cookie"));
        AssertFails("Owner is null", services => Engine.AddCache(services, Table.Name), static options => options.Owner = null!);

        void AssertFails(string message, Action<IServiceCollection> addCache, Action<SmartTicketStoreOptions>? tickets = null) => Assert.That(
            () => StartAsync(addCache, SignIns.With(new WebSetUp(), tickets: tickets)),
            Throws.TypeOf<OptionsValidationException>().With.Message.Contains($"SmartTicketStoreOptions.{message}"));
    }

    [Test]
    public async Task A_store_of_the_apps_own_is_not_replaced_in_silence()
    {
        ExpectsErrors = true;
        var app = await StartAsync(cookie: static options => options.SessionStore = new NoStore());

        using var response = await app.NewBrowser().SendAsync(static _ => Task.CompletedTask);
        Assert.That((int)response.StatusCode, Is.EqualTo(500));
        Assert.That(() => app.Services.GetRequiredService<IOptionsMonitor<CookieAuthenticationOptions>>().Get(CookieAuthenticationDefaults.AuthenticationScheme),
            Throws.TypeOf<OptionsValidationException>().With.Message.Contains("SessionStore").And.Message.Contains("SmartTicketStoreOptions.Schemes"));
    }

    /// <summary>The browser with the same cookie, at another node.</summary>
    private static Browser On(WebApp node, Browser browser)
    {
        var other = node.NewBrowser();
        other[CookieName] = browser[CookieName];
        return other;
    }

    private sealed class NoStore : ITicketStore
    {
        public Task<string> StoreAsync(AuthenticationTicket ticket) => throw new NotSupportedException();

        public Task RenewAsync(string key, AuthenticationTicket ticket) => throw new NotSupportedException();

        public Task<AuthenticationTicket?> RetrieveAsync(string key) => throw new NotSupportedException();

        public Task RemoveAsync(string key) => throw new NotSupportedException();
    }
}

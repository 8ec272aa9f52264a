using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;

namespace SmartCache.Contract.Tickets;

/// <summary>A ticket that was ended stays ended, and a sign-in over it is a new one.</summary>
public abstract class EndedTicketContract<TEngine> : TicketContract<TEngine>
    where TEngine : TestEngine, new()
{
    /// <summary>What a slow request does with its ticket at its end.</summary>
    public enum Renewal
    {
        None,
        Sliding,
        ReplacedPrincipal,
    }

    [Test]
    public async Task Sign_out_everywhere_ends_sessions_and_tickets_in_the_middle_of_slow_requests_on_another_node([Values] Renewal renewal, [Values] bool hashesKeys)
    {
        void Configure(SmartCacheOptions options) => (options.StoreKeyHash, options.Owner) = (hashesKeys, static context => context.User.FindFirst(ClaimTypes.NameIdentifier)?.Value);
        var (here, there) = (await StartAsync(Configure, Renews), await StartAsync(Configure, Renews));
        var (phone, laptop) = (there.NewBrowser(), here.NewBrowser());
        foreach (var browser in new[] { phone, laptop })
        {
            await SignInAsync(browser);
            await browser.RunAsync(static context => context.Session.SetString("a", "1"));
        }

        if (renewal != Renewal.None)
            Time.Advance((Window / 2) + TimeSpan.FromSeconds(1));

        var slow = await phone.BeginSlowAsync(static context => context.Session.SetString("b", "2"));
        var kinds = await laptop.RunAsync(async context =>
        {
            await context.Session.LoadAsync();
            var listed = await ListAsync(context.RequestServices);
            await context.RequestServices.GetRequiredService<ISessionDirectory>().EndAllAsync("alice", exceptCurrent: true);
            return listed;
        });
        await slow.EndAsync();
        await here.SmartCache.FlushAsync();
        await there.SmartCache.FlushAsync();

        Assert.That(kinds.Select(static info => info.Kind), Has.Exactly(2).EqualTo(SessionKind.Session));
        Assert.That(kinds.Count(static info => info.Kind == SessionKind.Ticket), Is.EqualTo(2));
        Assert.That(kinds.Single(static info => info is { Kind: SessionKind.Ticket, IsCurrent: true }), Is.Not.Null);
        Assert.That((await AskAsync(phone), await AskAsync(laptop)), Is.EqualTo(((string?)null, "alice")));
        Assert.That((await ListAsync(here)).Select(static info => info.Kind), Is.EquivalentTo([SessionKind.Session, SessionKind.Ticket]));

        void Renews(CookieAuthenticationOptions options) => options.Events.OnValidatePrincipal = context =>
        {
            if (renewal == Renewal.ReplacedPrincipal && Time.GetUtcNow() - context.Properties.IssuedUtc > Window / 2)
            {
                context.ReplacePrincipal(SignIns.User("alice", new Claim("checked", "again")));
                context.ShouldRenew = true;
            }

            return Task.CompletedTask;
        };
    }

    [Test]
    public async Task Everything_of_a_user_ends_by_one_call()
    {
        var app = await StartAsync(static options => options.Owner = static context => context.User.FindFirst(ClaimTypes.NameIdentifier)?.Value);
        var (alice, bob) = (app.NewBrowser(), app.NewBrowser());
        foreach (var (browser, user) in new[] { (alice, "alice"), (bob, "bob") })
        {
            await SignInAsync(browser, user);
            await browser.RunAsync(static context => context.Session.SetString("a", "1"));
        }

        var directory = app.Services.GetRequiredService<ISessionDirectory>();
        Assert.That((await directory.CountAsync("alice"), await directory.CountAllAsync()), Is.EqualTo((2, 4)));
        Assert.That(await directory.EndAllAsync("alice"), Is.EqualTo(2));
        Assert.That((await AskAsync(alice), await AskAsync(bob), Table.Count()), Is.EqualTo(((string?)null, "bob", 2)));
    }

    [Test]
    public async Task One_ticket_ends_by_its_reference_and_only_for_its_owner()
    {
        var app = await StartAsync();
        var (phone, laptop) = (app.NewBrowser(), app.NewBrowser());
        await SignInAsync(phone);
        await SignInAsync(laptop);
        var reference = await laptop.RunAsync(async context => (await ListAsync(context.RequestServices)).Single(static info => !info.IsCurrent).Reference);
        var directory = app.Services.GetRequiredService<ISessionDirectory>();

        Assert.That((await directory.EndAsync("bob", reference), await directory.EndAsync("alice", reference)), Is.EqualTo((false, true)));
        Assert.That((await AskAsync(phone), await AskAsync(laptop)), Is.EqualTo(((string?)null, "alice")));
    }

    [Test]
    public async Task A_sign_in_is_current_in_its_own_request()
    {
        var app = await StartAsync();
        var (old, browser) = (app.NewBrowser(), app.NewBrowser());
        await SignInAsync(old);
        await browser.RunAsync(async context =>
        {
            await context.SignInAsync(SignIns.User("alice"));
            await context.RequestServices.GetRequiredService<ISessionDirectory>().EndAllAsync("alice", exceptCurrent: true);
        });

        Assert.That((await AskAsync(old), await AskAsync(browser)), Is.EqualTo(((string?)null, "alice")));
    }

    [Test]
    public async Task The_same_user_who_signs_in_again_keeps_the_ticket([Values] bool hashesKeys)
    {
        var app = await StartAsync(options => options.StoreKeyHash = hashesKeys);
        var browser = app.NewBrowser();
        await SignInAsync(browser);
        var key = KeyOf(browser);
        await browser.RunAsync(static context => context.SignInAsync(SignIns.User("alice", new Claim("role", "admin"))));

        Assert.That((KeyOf(browser), Table.Count()), Is.EqualTo((key, 1)));
        Assert.That(await browser.RunAsync(static context => context.User.FindFirst("role")?.Value), Is.EqualTo("admin"));
    }

    /// <summary>Someone may have given the browser the cookie of a sign-in of their own.</summary>
    [Test]
    public async Task A_sign_in_over_another_users_ticket_gets_a_key_of_its_own_and_ends_the_other()
    {
        var app = await StartAsync();
        var (mallory, browser) = (app.NewBrowser(), app.NewBrowser());
        await SignInAsync(mallory, "mallory");
        browser[CookieName] = mallory[CookieName];
        await SignInAsync(browser);

        Assert.That(KeyOf(browser), Is.Not.EqualTo(KeyOf(mallory)));
        Assert.That((await AskAsync(browser), await AskAsync(mallory), Table.Count()), Is.EqualTo(("alice", (string?)null, 1)));
    }

    /// <summary>As after a new password: what a thief knows must not become the new sign-in.</summary>
    [Test]
    public async Task A_sign_in_over_an_ended_ticket_gets_a_key_of_its_own([Values] bool signsOut)
    {
        var app = await StartAsync();
        var (browser, thief) = (app.NewBrowser(), app.NewBrowser());
        await SignInAsync(browser);
        thief[CookieName] = browser[CookieName];
        await browser.RunAsync(async context =>
        {
            if (signsOut)
                await context.SignOutAsync();
            else
                await context.RequestServices.GetRequiredService<ISessionDirectory>().EndAllAsync("alice");

            await context.SignInAsync(SignIns.User("alice"));
            await context.SignInAsync(SignIns.User("alice", new Claim("role", "admin")));
        });

        Assert.That((await AskAsync(browser), await AskAsync(thief), Table.Count()), Is.EqualTo(("alice", (string?)null, 1)));
        Assert.That(await browser.RunAsync(static context => context.User.FindFirst("role")?.Value), Is.EqualTo("admin"));
        await browser.RunAsync(static context => context.SignOutAsync());
        Assert.That(Table.Count(), Is.Zero);
    }

    [Test]
    public async Task A_sign_in_that_is_taken_back_in_the_same_request_leaves_nothing()
    {
        var app = await StartAsync();
        var browser = app.NewBrowser();
        await SignInAsync(browser, "bob");
        await browser.RunAsync(static async context =>
        {
            await context.SignInAsync(SignIns.User("alice"));
            await context.SignOutAsync();
        });

        Assert.That((browser[CookieName], Table.Count()), Is.EqualTo(((string?)null, 0)));
    }

    [Test]
    public async Task A_renewal_outside_a_request_brings_nothing_back([Values] bool changes)
    {
        var app = await StartAsync();
        var browser = app.NewBrowser();
        await SignInAsync(browser);
        var store = app.Services.GetRequiredService<IOptionsMonitor<CookieAuthenticationOptions>>().Get(CookieAuthenticationDefaults.AuthenticationScheme).SessionStore!;
        var ticket = (await store.RetrieveAsync(KeyOf(browser)))!;
        if (changes)
            ticket.Properties.Items["a"] = "1";

        Time.Advance(TimeSpan.FromMinutes(10));
        await store.RenewAsync(KeyOf(browser), ticket);
        Assert.That((await store.RetrieveAsync(KeyOf(browser)))!.Properties.Items.ContainsKey("a"), Is.EqualTo(changes));
        await store.RemoveAsync(KeyOf(browser));
        await store.RenewAsync(KeyOf(browser), ticket);

        Assert.That((await store.RetrieveAsync(KeyOf(browser)), Table.Count()), Is.EqualTo(((AuthenticationTicket?)null, 0)));
    }
}

using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;

namespace SmartCache.Contract.Tickets;

/// <summary>A ticket lives as long as the cookie's options say. Its renewals are touches.</summary>
public abstract class TicketExpiryContract<TEngine> : TicketContract<TEngine>
    where TEngine : TestEngine, new()
{
    [Test]
    public async Task A_ticket_that_does_not_slide_expires_for_good([Values] bool byProperty)
    {
        var app = await StartAsync(cookie: options => options.SlidingExpiration = byProperty);
        var browser = app.NewBrowser();
        await SignInAsync(browser, properties: new() { AllowRefresh = byProperty ? false : null });
        var row = Table.Row(KeyOf(browser));
        Assert.That((row.SlidingMs, row.AbsoluteAt), Is.EqualTo(((long?)null, row.ExpiresAt)));
        Assert.That(row.ExpiresAt, Is.EqualTo((Time.Milliseconds / 1_000 * 1_000) + (long)Window.TotalMilliseconds));

        Time.Advance(Window - TimeSpan.FromSeconds(2));
        Assert.That(await AskAsync(browser), Is.EqualTo("alice"));
        await app.SmartCache.FlushAsync();
        Assert.That(Table.Row(KeyOf(browser)), Is.EqualTo(row).Using<RawRow>(static (one, other) => one.ExpiresAt == other.ExpiresAt && one.Version == other.Version));
        Time.Advance(TimeSpan.FromSeconds(2));
        Assert.That(await AskAsync(browser), Is.Null);
        Assert.That(await ListAsync(app), Is.Empty);
        Time.Advance(TimeSpan.FromMinutes(6));
        Assert.That((await app.SmartCache.RemoveExpiredAsync(), Table.CountWithoutSweepRow()), Is.EqualTo((1, 0)));
    }

    [Test]
    public async Task A_renewal_moves_the_expiry_on_every_node_and_leaves_the_value([Values] RefreshMode mode)
    {
        var (here, there) = (await StartAsync(options => options.RefreshMode = mode), await StartAsync(options => options.RefreshMode = mode));
        var (browser, other) = (here.NewBrowser(), there.NewBrowser());
        await SignInAsync(browser);
        other[CookieName] = browser[CookieName];
        var before = Table.Row(KeyOf(browser));
        Time.Advance((Window / 2) + TimeSpan.FromSeconds(1));
        Assert.That(await AskAsync(browser), Is.EqualTo("alice"));
        await here.SmartCache.FlushAsync();

        var after = Table.Row(KeyOf(browser));
        Assert.That((after.Version, after.UpdatedAt, after.CreatedAt), Is.EqualTo((before.Version, before.UpdatedAt, before.CreatedAt)));
        Assert.That(after.ExpiresAt, Is.EqualTo((Time.Milliseconds / 1_000 * 1_000) + (long)Window.TotalMilliseconds));
        for (var i = 0; i < 3; i++)
        {
            Time.Advance((Window / 2) + TimeSpan.FromSeconds(1));
            Assert.That(await AskAsync(i % 2 == 0 ? other : browser), Is.EqualTo("alice"), $"{i}");
            await here.SmartCache.FlushAsync();
            await there.SmartCache.FlushAsync();
        }

        Time.Advance(Window);
        Assert.That((await AskAsync(browser), await AskAsync(other)), Is.EqualTo(((string?)null, (string?)null)));
    }

    [Test]
    public async Task This_node_knows_of_a_renewal_at_once_and_does_not_renew_again()
    {
        var app = await StartAsync();
        var browser = app.NewBrowser();
        await SignInAsync(browser);
        Time.Advance((Window / 2) + TimeSpan.FromSeconds(1));
        var renewed = await RenewsAsync(browser);
        var times = await browser.RunAsync(static context => context.AuthenticateAsync());

        Assert.That((renewed, await RenewsAsync(browser)), Is.EqualTo((true, false)));
        Assert.That(times.Properties!.IssuedUtc, Is.EqualTo(Time.GetUtcNow()).Within(TimeSpan.FromSeconds(1)));
        Assert.That(times.Properties.ExpiresUtc - times.Properties.IssuedUtc, Is.EqualTo(Window));
        var info = (await ListAsync(app)).Single();
        Assert.That((info.LastSeenAt, info.ExpiresAt), Is.EqualTo((times.Properties.IssuedUtc, times.Properties.ExpiresUtc)));
    }

    [Test]
    public async Task A_read_extends_nothing()
    {
        var app = await StartAsync();
        var browser = app.NewBrowser();
        await SignInAsync(browser);
        var before = Table.Row(KeyOf(browser)).ExpiresAt;
        for (var i = 0; i < 5; i++)
        {
            Time.Advance(Window / 12);
            Assert.That(await AskAsync(browser), Is.EqualTo("alice"));
        }

        await app.SmartCache.FlushAsync();
        Assert.That(Table.Row(KeyOf(browser)).ExpiresAt, Is.EqualTo(before));
    }

    [Test]
    public async Task Renewals_at_once_move_the_expiry_once()
    {
        var app = await StartAsync();
        var browser = app.NewBrowser();
        await SignInAsync(browser);
        var before = Table.Row(KeyOf(browser));
        Time.Advance((Window / 2) + TimeSpan.FromSeconds(1));
        var meeting = new Meeting(8);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => browser.RunAsync(_ => meeting.ArriveAsync())));
        await app.SmartCache.FlushAsync();

        var after = Table.Row(KeyOf(browser));
        Assert.That((after.Version, after.ExpiresAt), Is.EqualTo((before.Version, (Time.Milliseconds / 1_000 * 1_000) + (long)Window.TotalMilliseconds)));
        Assert.That(await AskAsync(browser), Is.EqualTo("alice"));
    }

    [Test]
    public async Task A_renewal_that_does_not_know_a_replaced_principal_keeps_it()
    {
        var replaces = false;
        var app = await StartAsync(cookie: options => options.Events.OnValidatePrincipal = context =>
        {
            if (replaces && context.Request.Query.Count == 0)
            {
                replaces = false;
                context.ReplacePrincipal(SignIns.User("alice", new Claim("role", "admin")));
                context.ShouldRenew = true;
            }

            return Task.CompletedTask;
        });
        var browser = app.NewBrowser();
        await SignInAsync(browser);
        Time.Advance((Window / 2) + TimeSpan.FromSeconds(1));
        var slow = await browser.BeginSlowAsync(static _ => { });
        replaces = true;
        await AskAsync(browser);
        await slow.EndAsync();
        await app.SmartCache.FlushAsync();

        Assert.That(await browser.RunAsync(static context => context.User.FindFirst("role")?.Value), Is.EqualTo("admin"));
    }

    private static async Task<bool> RenewsAsync(Browser browser)
    {
        using var response = await browser.SendAsync(static _ => Task.CompletedTask);
        return response.Headers.Contains("Set-Cookie");
    }
}

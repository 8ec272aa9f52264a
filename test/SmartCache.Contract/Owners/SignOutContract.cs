namespace SmartCache.Contract.Owners;

/// <summary>The page of a user's devices, as browsers see it.</summary>
public abstract class SignOutContract<TEngine> : WebContract<TEngine>
    where TEngine : TestEngine, new()
{
    [Test]
    public async Task Sign_out_everywhere_ends_sessions_in_the_middle_of_slow_requests_on_another_node([Values] bool writes)
    {
        var (here, there) = (await StartAsync(SetUp), await StartAsync(SetUp));
        var (phone, laptop, late) = (there.NewBrowserWithKey(), here.NewBrowserWithKey(), there.NewBrowserWithKey());
        foreach (var browser in new[] { phone, laptop, late })
            await browser.RunAsync(context => context.Session.SetString("a", "1"));

        var changing = await phone.BeginSlowAsync(async context =>
        {
            context.Session.SetString("b", "2");
            await (writes ? context.Response.WriteAsync("text") : Task.CompletedTask);
        });
        var reading = await late.BeginSlowAsync(async context => await (writes ? context.Response.WriteAsync("text") : Task.CompletedTask));
        var ended = await laptop.RunAsync(static context => context.RequestServices.GetRequiredService<ISessionDirectory>().EndAllAsync("alice", exceptCurrent: true));
        await changing.EndAsync();
        await reading.EndAsync();
        await here.SmartCache.FlushAsync();
        await there.SmartCache.FlushAsync();

        Assert.That(ended, Is.EqualTo(2));
        Assert.That((Table.Count(), Table.Entries(laptop.Key)), Is.EqualTo((1, "a=1")));
    }

    [Test]
    public async Task A_session_that_a_request_ends_for_itself_stays_ended([Values] bool writes, [Values] bool changes)
    {
        var app = await StartAsync(SetUp);
        var browser = app.NewBrowserWithKey();
        await browser.RunAsync(context => context.Session.SetString("a", "1"));
        await browser.RunAsync(async context =>
        {
            var directory = context.RequestServices.GetRequiredService<ISessionDirectory>();
            var current = await directory.ListAsync("alice").SingleAsync(static session => session.IsCurrent);
            Assert.That(await directory.EndAsync("alice", current.Reference), Is.True);
            if (changes)
                context.Session.SetString("b", "2");

            await (writes ? context.Response.WriteAsync("text") : Task.CompletedTask);
        });

        Assert.That(Table.Count(), Is.Zero);
    }

    [Test]
    public async Task The_owner_is_stored_before_the_response_of_the_first_page_after_a_login()
    {
        string? user = null;
        var app = await StartAsync(new WebSetUp { Cache = options => options.Owner = _ => user });
        var browser = app.NewBrowserWithKey();
        await browser.RunAsync(context => context.Session.SetString("a", "1"));
        user = "alice";
        string? stored = null;
        await browser.RunAsync(async context =>
        {
            await context.Session.LoadAsync();
            await context.Response.WriteAsync("text");
            stored = Table.Owner(browser.Key);
        });

        Assert.That(stored, Is.EqualTo("alice"));
    }

    [Test]
    public async Task What_the_app_throws_when_it_is_asked_for_the_owner_makes_the_response_an_error([Values] bool writes, [Values] bool changes)
    {
        ExpectsErrors = true;
        var fails = false;
        var app = await StartAsync(new WebSetUp { Cache = options => options.Owner = _ => fails ? throw new TimeZoneNotFoundException() : null });
        var browser = app.NewBrowserWithKey();
        await browser.RunAsync(context => context.Session.SetString("a", "1"));
        fails = true;
        using var response = await browser.SendAsync(async context =>
        {
            await context.Session.LoadAsync();
            if (changes)
                context.Session.SetString("b", "2");

            await (writes ? context.Response.WriteAsync("text") : Task.CompletedTask);
        });

        Assert.That(response.StatusCode, Is.EqualTo(System.Net.HttpStatusCode.InternalServerError));
        Assert.That(Table.Entries(browser.Key), Is.EqualTo("a=1"));
    }

    private static WebSetUp SetUp => new() { Cache = static options => options.Owner = static _ => "alice" };
}

using Microsoft.AspNetCore.Authentication;

namespace SmartCache.Contract.Tickets;

/// <summary>What sign-ins cost, and that sessions beside them cost what they cost without.</summary>
public abstract class TicketStatementBudgetContract<TEngine> : StatementBudgetContract<TEngine>
    where TEngine : TestEngine, new()
{
    private static TimeSpan Window => SignIns.Window;

    [Test]
    public async Task A_request_without_a_sign_in_costs_nothing()
    {
        await RepeatAsync(() => App.NewBrowser().RunAsync(static _ => { }));

        AssertEachCost(roundTrips: 0);
    }

    [Test]
    public async Task A_sign_in_costs_one_insert_and_a_sign_out_one_select_and_one_delete()
    {
        await WarmUpTicketsAsync();
        var browsers = new Queue<Browser>();
        await RepeatAsync(async () => browsers.Enqueue(await NewSignInAsync()));
        AssertEachCost(roundTrips: 1, "INSERT");
        Begin();
        await RepeatAsync(() => browsers.Dequeue().RunAsync(static context => context.SignOutAsync()));

        AssertEachCost(roundTrips: 2, "SELECT", "DELETE");
        Assert.That(Table.Ask($"SELECT COUNT(*) FROM {{0}} WHERE {Engine.Quote("format")} = 19"), Is.Zero);
    }

    [Test]
    public async Task A_request_with_a_sign_in_costs_one_select([Values] bool writes)
    {
        await WarmUpTicketsAsync();
        var browser = await NewSignInAsync();
        Begin();
        await RepeatAsync(() => browser.RunAsync(context => writes ? context.Response.WriteAsync("text") : Task.CompletedTask));

        AssertEachCost(roundTrips: 1, "SELECT");
    }

    /// <summary>The touches of all go together later.</summary>
    [Test]
    public async Task A_request_that_renews_its_sign_in_costs_one_select_too()
    {
        var browsers = new Queue<Browser>();
        for (var i = 0; i < Requests; i++)
            browsers.Enqueue(await NewSignInAsync());

        Time.Advance((Window / 2) + TimeSpan.FromSeconds(1));
        await App.SmartCache.FlushAsync();
        var keys = browsers.Count;

        // The flush of the timer may have left another connection on top.
        await WarmUpTicketsAsync();
        await RepeatAsync(async () =>
        {
            using var response = await browsers.Dequeue().SendAsync(static _ => Task.CompletedTask);
            Assert.That(response.Headers.Contains("Set-Cookie"), "it renews");
        });

        AssertEachCost(roundTrips: 1, "SELECT");
        await App.SmartCache.FlushAsync();
        Assert.That(
            Table.Ask($"SELECT COUNT(*) FROM {{0}} WHERE {Engine.Quote("format")} = 19 AND {Engine.Quote("expires_at")} > {Time.Milliseconds + (Window - TimeSpan.FromSeconds(2)).TotalMilliseconds}"),
            Is.EqualTo(keys));
    }

    protected override WebSetUp Prepare(WebSetUp setUp) => SignIns.With(setUp);

    private async Task WarmUpTicketsAsync()
    {
        for (var i = 0; i < WarmUps; i++)
        {
            var browser = await NewSignInAsync();
            await browser.RunAsync(static _ => { });
            await browser.RunAsync(static context => context.SignOutAsync());
        }

        Begin();
    }

    private async Task<Browser> NewSignInAsync()
    {
        var browser = App.NewBrowser();
        await browser.RunAsync(static context => context.SignInAsync(SignIns.User("alice")));
        return browser;
    }
}

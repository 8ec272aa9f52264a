namespace SmartCache.Contract.Web;

/// <summary>Two processes on one database, with the requests of one session spread over both.</summary>
[NewestRelease]
public abstract class TwoNodesContract<TEngine> : WebContract<TEngine>
    where TEngine : TestEngine, new()
{
    private static readonly int Rounds = Race.RoundsOr(20);

    [PairsByDay]
    public async Task No_acknowledged_entry_is_lost([Values] SessionState state, [Values] ConcurrencyMode concurrency)
    {
        var here = Owned(await NodeApp.StartAsync(Engine, Engine.ConnectionString, Table.Name, concurrency));
        var there = Owned(await NodeProcess.StartAsync(Engine, Table.Name, concurrency));
        var browser = here.NewBrowserWithKey();

        using var meter = new MeterReading();
        var lost = new List<string>();
        for (var round = 0; round < Rounds; round++)
        {
            await PrepareAsync(browser, here.Address, state);
            lost.AddRange(await RunRoundAsync(browser, [here.Address, there.Address], round));
        }

        Assert.That(lost, Is.Empty);

        // Of the four requests that meet on this node at most one finds the session as it had loaded it.
        Assert.That(meter.Merged, Is.AtLeast(Rounds * 3));
    }

    private static async Task<IEnumerable<string>> RunRoundAsync(Browser browser, Uri[] nodes, int round)
    {
        var names = Enumerable.Range(0, Race.Requests).Select(number => $"round-{round}-entry-{number}").ToList();
        var perNode = Race.Requests / nodes.Length;
        await Task.WhenAll(names.Select(async (name, number) =>
        {
            using var response = await browser.GetAsync(new Uri(nodes[number % nodes.Length], $"/set/{name}/meeting/{browser.Key}-{round}/of/{perNode}"));
            response.EnsureSuccessStatusCode();
        }));
        return names.Except(await NamesAsync(browser, nodes[round % nodes.Length]));
    }

    private static async Task<string[]> NamesAsync(Browser browser, Uri node)
    {
        using var response = await browser.GetAsync(new Uri(node, "/names"));
        return (await response.Content.ReadAsStringAsync()).Split('\n');
    }

    private async Task PrepareAsync(Browser browser, Uri node, SessionState state)
    {
        Table.Remove(browser.Key);
        if (state != SessionState.New)
        {
            using var response = await browser.GetAsync(new Uri(node, "/set/before/meeting/alone/of/1"));
            response.EnsureSuccessStatusCode();
        }

        if (state == SessionState.Expired)
            Table.Tamper(browser.Key, "expires_at", DateTimeOffset.UnixEpoch.AddYears(50).ToUnixTimeMilliseconds());
    }
}

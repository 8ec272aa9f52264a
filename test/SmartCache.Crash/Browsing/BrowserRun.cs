using System.Diagnostics;

namespace SmartCache.Crash;

/// <summary>
/// Rounds of parallel requests of one session, seen from a browser. In each round the server is killed, or the app if there is no server.
/// What had a success as its answer must be in the database afterwards. The same requests go to an app without the commit before the
/// response.
/// </summary>
internal sealed class BrowserRun(SingleEngine engine) : IAsyncDisposable
{
    public const int Requests = 8;

    private const int LongestBeforeMs = 100;
    private const int LongestAfterMs = 40;
    private const int LatestKillMs = 160;

    /// <summary>Longer than most retries go on.</summary>
    private const int LongestAbsenceMs = 1_500;

    private const string Redirect = "redirect";

    private BrowsedProcess? _app;

    public static bool IsRedirect(Complaint complaint) => complaint.Entry.EndsWith(Redirect, StringComparison.Ordinal);

    public async Task<BrowserResult> RunAsync(string title, int rounds)
    {
        var begin = Stopwatch.GetTimestamp();
        var (on, off) = (new Browser(), new Browser());
        for (var round = 0; round < rounds; round++)
        {
            // What is chosen is the same in each run of the round. The moments at which it happens are not.
            var random = new Random(round);
            _app ??= await BrowsedProcess.StartAsync(engine);
            using var clients = _app.Connect(isHttp2: round % 2 == 1);
            var isNew = random.Next(2) == 0;
            var visits = Enumerable.Range(0, Requests).Select(number => Choose(random, $"{round}.{number}")).ToList();
            var (kill, absence) = (random.Next(LatestKillMs), TimeSpan.FromMilliseconds(random.Next(LongestAbsenceMs)));

            await BothAsync(clients, (browser, client) => browser.BeginAsync(client, $"{round}.begin", isNew));
            var visiting = BothAsync(clients, (browser, client) => browser.VisitAsync(client, visits));
            await Task.Delay(kill);
            await KillAsync();
            await Task.Delay(absence);
            await RestartAsync();
            await visiting;
        }

        return new BrowserResult(title, rounds, Stopwatch.GetElapsedTime(begin), await DecideAsync(on), await DecideAsync(off));

        Task BothAsync(BrowserClients clients, Func<Browser, HttpClient, Task> act) => Task.WhenAll(act(on, clients.On), act(off, clients.Off));
    }

    /// <summary>
    /// One round in which all answers have begun and none has ended when the server, or else the app, is killed. It is away until every
    /// request has ended.
    /// </summary>
    public async Task<Verdict> RunWithKillDuringAnswersAsync(bool isOn, bool isHttp2)
    {
        _app ??= await BrowsedProcess.StartAsync(engine);
        using var clients = _app.Connect(isHttp2);
        var (browser, client) = (new Browser(), isOn ? clients.On : clients.Off);
        var visits = Enumerable.Range(0, Requests).Select(static number => new Visit($"{number}", number, After: 2_000, Redirects: false)).ToList();

        await browser.BeginAsync(client, "begin", isNew: false);
        var visiting = browser.VisitAsync(client, visits);
        await browser.AllAnswered;
        await KillAsync();
        await visiting;
        await RestartAsync();

        return await DecideAsync(browser);
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
            await _app.DisposeAsync();
    }

    private static Visit Choose(Random random, string name)
    {
        var redirects = random.Next(2) == 0;
        return new Visit($"{name}.{(redirects ? Redirect : "page")}", random.Next(LongestBeforeMs), random.Next(LongestAfterMs), redirects);
    }

    private async Task KillAsync()
    {
        if (engine.Database.Server is { } server)
        {
            await server.KillAsync();
            return;
        }

        await _app!.DisposeAsync();
        _app = null;
    }

    private Task RestartAsync() => engine.Database.Server?.RestartAsync() ?? Task.CompletedTask;

    private async Task<Verdict> DecideAsync(Browser browser)
    {
        await using var connection = await engine.Database.OpenAsync();
        return browser.Decide(await Evidence.RowsAsync(connection));
    }
}

/// <summary>What a request does: how long it waits before it sets the entry, and then between the parts of the page.</summary>
internal sealed record Visit(string Entry, int Before, int After, bool Redirects);

/// <summary>The result of a run, with the option and without it.</summary>
internal sealed record BrowserResult(string Title, int Rounds, TimeSpan Duration, Verdict On, Verdict Off);

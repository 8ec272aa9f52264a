namespace SmartCache.Contract.Web;

/// <summary>Concurrent requests of one session. In every other round they meet after loading, so that all but one have lost the race.</summary>
public sealed class Race(WebApp app, LoadStyle style)
{
    public const int Requests = 8;

    private readonly Browser _browser = app.NewBrowserWithKey();

    /// <summary>How long a race is: the environment variable <c>SMARTCACHE_RACE_ROUNDS</c>, per combination, for a long run by hand.</summary>
    public static int RoundsOr(int rounds) =>
        Environment.GetEnvironmentVariable("SMARTCACHE_RACE_ROUNDS") is { Length: > 0 } set ? int.Parse(set, CultureInfo.InvariantCulture) : rounds;

    /// <returns>The entries that were acknowledged and are not there afterwards.</returns>
    public async Task<IReadOnlyList<string>> RunRoundAsync(int round, Func<Browser, Task> prepare)
    {
        await prepare(_browser);
        var names = Enumerable.Range(0, Requests).Select(number => $"round {round} entry {number}").ToList();
        var meeting = new Meeting(round % 2 == 0 ? Requests : 1);
        await Task.WhenAll(names.Select(name => _browser.RunAsync(context => SetAsync(context.Session, name, meeting))));
        var found = await _browser.RunAsync(context => context.Session.Keys.ToList());
        return [.. names.Except(found)];
    }

    private async Task SetAsync(ISession session, string name, Meeting meeting)
    {
        if (style == LoadStyle.LoadAsync)
            await session.LoadAsync();

        Assert.That(session.IsAvailable);
        await meeting.ArriveAsync();
        session.SetString(name, "here");
    }
}

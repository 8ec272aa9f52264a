namespace SmartCache.Contract.Web;

/// <summary>
/// Concurrent requests of one session, each of which sets an entry of its own. In every other round they meet after
/// loading, so that what they loaded is out of date for all but one; in the others they run as they come.
/// </summary>
public sealed class Race(WebApp app, LoadStyle style)
{
    public const int Requests = 8;

    private readonly Browser _browser = app.NewBrowserWithKey();

    /// <summary>How long a race is: the environment variable <c>SMARTCACHE_RACE_ROUNDS</c>, per combination, for a long run by hand.</summary>
    public static int RoundsOr(int rounds) =>
        Environment.GetEnvironmentVariable("SMARTCACHE_RACE_ROUNDS") is { Length: > 0 } set ? int.Parse(set, CultureInfo.InvariantCulture) : rounds;

    /// <param name="round">The round's number: entries are named after it.</param>
    /// <param name="prepare">Brings the session into the state it is to have at the start of the round.</param>
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
        {
            await session.LoadAsync();
        }

        Assert.That(session.IsAvailable);
        await meeting.ArriveAsync();
        session.SetString(name, "here");
    }
}

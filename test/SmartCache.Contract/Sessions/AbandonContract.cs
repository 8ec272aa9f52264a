namespace SmartCache.Contract.Sessions;

/// <summary>A logout that holds: at the commit the row goes, and nothing that is based on it brings it back.</summary>
public abstract class AbandonContract<TEngine>(CallStyle style, ConcurrencyMode mode) : SessionContract<TEngine>(style, mode)
    where TEngine : TestEngine, new()
{
    [SetUp]
    public Task LogIn() => SaveAsync(("user", "alice"));

    [Test]
    public async Task An_abandoned_session_is_gone_after_its_request([Values] SessionUse use, [Values] bool abandonsFirst, [LogLevels] LogLevel level)
    {
        Use(static _ => { }, level);
        await RequestAsync(async request =>
        {
            if (abandonsFirst)
            {
                request.Context.AbandonSession();
                await UseAsync(request, use);
            }
            else
            {
                await UseAsync(request, use);
                request.Context.AbandonSession();
            }

            Assert.That(Table.Entries(Key), Is.EqualTo("user=alice"), "it stays until the commit");
        });

        Assert.That(Table.Count(), Is.Zero);
    }

    [Test]
    public async Task Without_a_row_there_is_nothing_to_abandon_and_none_is_made([Values("", "load ", "a=1 ")] string use)
    {
        Table.Clear();
        await PlayAsync($"theirs: {use}abandon");

        Assert.That(Table.Count(), Is.Zero);
    }

    [TestCase("mine: load; theirs: abandon; mine: cart=1", TestName = "Requests that still run do not bring an abandoned session back")]
    [TestCase("mine: abandon; theirs: cart=1; mine: a=1", TestName = "What others saved before the commit does not rescue an abandoned session")]
    public async Task An_abandoned_session_stays_gone(string script)
    {
        await PlayAsync(script);
        await Node.Inner.FlushAsync();

        Assert.That(Table.Find(Key), Is.Null);
    }

    [Test]
    public async Task Abandoning_acts_once_and_leaves_a_session_alone_that_began_after_its_commit(
        [Values(SessionUse.Read, SessionUse.Changed)] SessionUse use, [Values] bool changesAgain, [LogLevels] LogLevel level)
    {
        Use(static _ => { }, level);
        var logout = await LoadedAsync();
        await UseAsync(logout, use);
        logout.Context.AbandonSession();
        await logout.CommitAsync();
        Assert.That(Table.Count(), Is.Zero, "the commit in mid-request removes it");
        await SaveAsync(("user", "bob"));
        var before = Table.Row(Key);
        if (changesAgain)
        {
            await logout.SetAsync("late", "1");
            await logout.CommitAsync();
        }

        await logout.EndAsync();

        Assert.That(Table.Entries(Key), Is.EqualTo("user=bob"));
        Assert.That(Table.Row(Key).Version, Is.EqualTo(before.Version));
    }

    [Test]
    public async Task A_session_that_a_request_commits_without_having_loaded_it_is_gone_after_the_request([Values] bool changesAfterwards, [LogLevels] LogLevel level)
    {
        Use(static _ => { }, level);
        await RequestAsync(async request =>
        {
            request.Context.AbandonSession();
            await request.CommitAsync();
            Assert.That(Table.Entries(Key), Is.EqualTo("user=alice"), "it looks like a refresh of any value of the app's own");
            await UseAsync(request, changesAfterwards ? SessionUse.Changed : SessionUse.Read);
        });

        Assert.That(Table.Count(), Is.Zero);
    }

    [Test]
    public async Task Abandoning_beats_whatever_else_a_request_asks_for(
        [Values("", "load ", "a=1 ")] string use, [Values("", " skip stay")] string skips, [Values("", " force")] string forces)
    {
        await PlayAsync($"theirs: {use}abandon{skips}{forces}");

        Assert.That(Table.Find(Key), Is.Null);
    }

    [Test]
    public async Task After_a_logout_the_next_request_begins_a_session_with_an_id_of_its_own()
    {
        var before = Table.Row(Key);
        await PlayAsync("theirs: abandon; theirs: load !user visitor=1; row: visitor=1");

        Assert.That(Table.Row(Key).SessionId, Is.Not.EqualTo(before.SessionId));
    }

    private static async Task UseAsync(SimulatedRequest request, SessionUse use)
    {
        await (use == SessionUse.Untouched ? Task.CompletedTask : request.LoadAsync());
        await (use == SessionUse.Changed ? request.SetAsync("visited", "cart") : Task.CompletedTask);
    }
}

namespace SmartCache.Contract.Sessions;

/// <summary>A request's touch to its session counts from the request's end, or after one interval in a long one.</summary>
public abstract class SessionTouchContract<TEngine>(CallStyle style, ConcurrencyMode mode) : SessionContract<TEngine>(style, mode)
    where TEngine : TestEngine, new()
{
    private const long WindowMs = 1_200_000;

    [Test]
    public async Task A_long_request_keeps_its_session_alive_once_it_has_run_for_an_interval()
    {
        await SaveAsync(("a", "1"));
        Time.Advance(TimeSpan.FromMinutes(10));
        var (before, touched) = (Table.Row(Key).ExpiresAt, Time.Milliseconds);
        await LoadedAsync();
        Time.Advance(TimeSpan.FromSeconds(50));
        Assert.That(Table.Row(Key).ExpiresAt, Is.EqualTo(before), "it may still say that it does not count");
        Time.Advance(TimeSpan.FromSeconds(12));

        Assert.That(() => Table.Row(Key).ExpiresAt, Is.EqualTo(touched + WindowMs).After(5).Seconds.PollEvery(5).MilliSeconds);
    }

    [Test]
    public async Task On_this_node_a_touch_counts_at_once()
    {
        await SaveAsync(("a", "1"));
        Time.Advance(TimeSpan.FromMinutes(19));
        await LoadedAsync();
        Time.Advance(TimeSpan.FromMinutes(19));

        Assert.That(await Cache.GetAsync(Key), Is.Not.Null);
    }

    [Test]
    public async Task The_end_of_a_request_is_a_touch_too([Values] RefreshMode mode)
    {
        Use(options => options.RefreshMode = mode);
        await SaveAsync(("a", "1"));
        Time.Advance(TimeSpan.FromSeconds(10));
        var request = await LoadedAsync();
        Time.Advance(TimeSpan.FromMinutes(5));
        await request.EndAsync();
        await (mode == RefreshMode.Deferred ? Node.Inner.FlushAsync() : Task.CompletedTask);

        Assert.That(Table.Row(Key).ExpiresAt, Is.EqualTo(Time.Milliseconds + WindowMs));
    }

    [Test]
    public async Task A_request_that_saves_nothing_of_what_it_changed_keeps_its_session_alive([Values] RefreshMode mode)
    {
        Use(options => options.RefreshMode = mode);
        await PlayAsync("theirs: a=1; mine: a=2 skip; clock: 5");
        await Node.Inner.FlushAsync();

        Assert.That(Table.Row(Key).ExpiresAt, Is.EqualTo(Time.Milliseconds + WindowMs));
    }

    [Test]
    public async Task A_commit_that_fails_leaves_its_touch_to_the_next_commit(
        [Values] RefreshMode mode, [Values("nothing", "the same again", "a change", "forced")] string stored)
    {
        Use(options => options.RefreshMode = mode);
        await SaveAsync(("a", "1"));
        Time.Advance(TimeSpan.FromMinutes(19));
        var request = await LoadedAsync();
        if (stored == "forced")
            request.Context.ForceSessionSave();
        else if (stored != "nothing")
            await request.SetAsync("a", stored == "a change" ? "2" : "1");

        await WithoutTheTableAsync(async () =>
        {
            try
            {
                await request.CommitAsync();
            }
            catch (DbException)
            {
                // Where there was something to do.
            }

            // It is not written behind the request's back either.
            Time.Advance(TimeSpan.FromMinutes(2));
        });
        await request.EndAsync();
        await Node.Inner.FlushAsync();

        Assert.That(Table.Row(Key).ExpiresAt, Is.EqualTo(Time.Milliseconds + WindowMs));
    }

    [Test]
    public async Task The_end_of_a_request_does_not_bring_back_a_session_that_died_meanwhile(
        [Values] RefreshMode mode, [Values("", "a=1", "force")] string steps)
    {
        Use(options => options.RefreshMode = mode);
        await PlayAsync($"theirs: a=1; mine: load {steps}; clock: 21");
        await Node.Inner.FlushAsync();

        Assert.That(Table.Row(Key).ExpiresAt, Is.LessThan(Time.Milliseconds));
    }
}

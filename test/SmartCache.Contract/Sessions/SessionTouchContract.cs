namespace SmartCache.Contract.Sessions;

/// <summary>A request's touch to its session counts from the request's end, or after one interval in a long one.</summary>
public abstract class SessionTouchContract<TEngine>(CallStyle style, ConcurrencyMode mode) : SessionContract<TEngine>(style, mode)
    where TEngine : TestEngine, new()
{
    private const long WindowMs = 1_200_000;

    [Test]
    public async Task A_long_request_keeps_its_session_alive_while_it_runs()
    {
        await SaveAsync(("a", "1"));
        Time.Advance(TimeSpan.FromMinutes(10));
        var access = Time.Milliseconds;
        await LoadedAsync();
        Time.Advance(TimeSpan.FromSeconds(62));

        Assert.That(() => Table.Row(Key).ExpiresAt, Is.EqualTo(access + WindowMs).After(5).Seconds.PollEvery(5).MilliSeconds);
    }

    [Test]
    public async Task A_touch_is_not_written_before_its_request_has_ended_or_run_for_an_interval()
    {
        await SaveAsync(("a", "1"));
        Time.Advance(TimeSpan.FromMinutes(10));
        var before = Table.Row(Key).ExpiresAt;
        await LoadedAsync();
        Time.Advance(TimeSpan.FromSeconds(50));

        Assert.That(Table.Row(Key).ExpiresAt, Is.EqualTo(before));
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
    public async Task The_end_of_a_request_is_a_touch_too()
    {
        await SaveAsync(("a", "1"));
        var request = await LoadedAsync();
        Time.Advance(TimeSpan.FromMinutes(5));
        await request.EndAsync();
        await Node.Inner.FlushAsync();

        Assert.That(Table.Row(Key).ExpiresAt, Is.EqualTo(Time.Milliseconds + WindowMs));
    }

    [Test]
    public async Task In_immediate_mode_the_touch_is_written_at_the_requests_end()
    {
        Use(options => options.RefreshMode = RefreshMode.Immediate);
        await SaveAsync(("a", "1"));
        Time.Advance(TimeSpan.FromSeconds(10));
        var request = await LoadedAsync();
        Time.Advance(TimeSpan.FromSeconds(5));
        await request.EndAsync();

        Assert.That(Table.Row(Key).ExpiresAt, Is.EqualTo(Time.Milliseconds + WindowMs));
    }

    [Test]
    public async Task A_request_that_saves_nothing_of_what_it_changed_keeps_its_session_alive([Values] RefreshMode mode)
    {
        Use(options => options.RefreshMode = mode);
        await SaveAsync(("a", "1"));
        var request = await LoadedAsync();
        await request.SetAsync("a", "2");
        request.Context.SkipSessionSave();
        Time.Advance(TimeSpan.FromMinutes(5));
        await request.EndAsync();
        await Node.Inner.FlushAsync();

        Assert.That(Table.Row(Key).ExpiresAt, Is.EqualTo(Time.Milliseconds + WindowMs));
    }

    [Test]
    public async Task A_commit_that_fails_does_not_take_its_touch_from_the_next(
        [Values] RefreshMode mode, [Values("nothing", "the same again", "a change", "forced")] string stored)
    {
        Use(options => options.RefreshMode = mode);
        await SaveAsync(("a", "1"));
        Time.Advance(TimeSpan.FromMinutes(19));
        var request = await LoadedAsync();
        if (stored == "forced")
        {
            request.Context.ForceSessionSave();
        }
        else if (stored != "nothing")
        {
            await request.SetAsync("a", stored == "a change" ? "2" : "1");
        }

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
        [Values] RefreshMode mode, [Values("nothing", "the same again", "forced")] string stored)
    {
        Use(options => options.RefreshMode = mode);
        await SaveAsync(("a", "1"));
        var request = await LoadedAsync();
        if (stored == "the same again")
        {
            await request.SetAsync("a", "1");
        }
        else if (stored == "forced")
        {
            request.Context.ForceSessionSave();
        }

        Time.Advance(TimeSpan.FromMinutes(21));
        await request.EndAsync();
        await Node.Inner.FlushAsync();

        Assert.That(Table.Row(Key).ExpiresAt, Is.LessThan(Time.Milliseconds));
    }
}

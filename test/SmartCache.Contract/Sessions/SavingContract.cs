namespace SmartCache.Contract.Sessions;

/// <summary>What is written, and when nothing is: the economy that Rails' fast_sessions was built for.</summary>
[SessionVariants(differ: true)]
public abstract class SavingContract<TEngine>(CallStyle style, ConcurrencyMode mode) : SessionContract<TEngine>(style, mode)
    where TEngine : TestEngine, new()
{
    [Test]
    public async Task Two_hundred_saves_of_an_unchanged_session_leave_the_row_as_it_is([LogLevels] LogLevel level)
    {
        Use(static _ => { }, level);
        await SaveAsync(("a", "1"), ("b", "2"));
        var before = Table.Row(Key);
        Time.Advance(TimeSpan.FromMinutes(1));
        for (var number = 0; number < 200; number++)
        {
            // Removed and set again: in memory another order, the same entries.
            await RequestAsync(async request =>
            {
                await request.RemoveAsync("a");
                await request.SetAsync("a", "1");
            });
        }

        var after = Table.Row(Key);
        Assert.That(after with { Value = before.Value, ExpiresAt = before.ExpiresAt }, Is.EqualTo(before));
        Assert.That(after.Value, Is.EqualTo(before.Value));
    }

    [Test]
    public async Task An_unchanged_save_leaves_alone_what_others_saved_meanwhile()
    {
        await SaveAsync(("a", "1"));
        var slow = await LoadedAsync();
        await SaveAsync(("a", "2"));
        var before = Table.Row(Key);
        await slow.SetAsync("a", "1");
        await slow.EndAsync();

        Assert.That((Table.Row(Key).Version, Table.Entries(Key)), Is.EqualTo((before.Version, "a=2")));
    }

    [Test]
    public async Task An_unchanged_save_with_another_window_writes_only_the_expiry()
    {
        await SaveAsync(("a", "1"));
        var before = Table.Row(Key);
        Time.Advance(TimeSpan.FromSeconds(5));
        var request = new SimulatedRequest(Node, Key, idleTimeout: TimeSpan.FromHours(2));
        await request.SetAsync("a", "1");
        await request.EndAsync();

        var expected = before with { ExpiresAt = Time.Milliseconds + 7_200_000, SlidingMs = 7_200_000 };
        Assert.That(Table.Row(Key) with { Value = before.Value }, Is.EqualTo(expected));
    }

    [Test]
    public async Task A_request_that_changes_nothing_keeps_its_session_alive_and_writes_no_value([Values("", "load", "a=1")] string steps)
    {
        await SaveAsync(("a", "1"));
        var before = Table.Row(Key);
        await PlayAsync($"clock: 3; theirs: {steps}");
        await Node.Inner.FlushAsync();

        var after = Table.Row(Key);
        Assert.That((after.Version, after.UpdatedAt, after.ExpiresAt), Is.EqualTo((before.Version, before.UpdatedAt, before.ExpiresAt + 180_000)));
    }

    [Test]
    public async Task A_new_session_that_ends_empty_gets_no_row([Values] bool changes, [LogLevels] LogLevel level)
    {
        Use(static _ => { }, level);
        await RequestAsync(async request =>
        {
            Assert.That((await request.LoadAsync()).Keys, Is.Empty);
            if (changes)
            {
                await request.SetAsync("a", "1");
                await request.RemoveAsync("a");
            }
        });

        Assert.That(Table.Count(), Is.Zero);
    }

    [Test]
    public async Task A_session_that_had_entries_and_was_emptied_is_written([LogLevels] LogLevel level)
    {
        Use(static _ => { }, level);
        await SaveAsync(("a", "1"));
        await RequestAsync(request => request.ClearAsync());

        Assert.That(Table.Entries(Key), Is.Empty);
    }

    [Test]
    public async Task A_row_is_created_once_and_updated_often()
    {
        var created = Time.Milliseconds;
        await PlayAsync("theirs: a=1; clock: 3; mine: load; theirs: b=2; clock: 4; mine: c=3");

        Assert.That((Table.Row(Key).CreatedAt, Table.Row(Key).UpdatedAt), Is.EqualTo((created, created + 420_000)));
    }

    [Test]
    public async Task A_changed_save_gives_the_row_a_new_version_and_a_whole_window([Values] RefreshMode refreshMode, [LogLevels] LogLevel level)
    {
        Use(options => options.RefreshMode = refreshMode, level);
        await SaveAsync(("a", "1"));
        var before = Table.Row(Key);
        Time.Advance(TimeSpan.FromMinutes(7));
        await SaveAsync(("a", "2"));

        Assert.That(Table.Row(Key).Version, Is.Not.EqualTo(before.Version));
        Assert.That(Table.Row(Key).ExpiresAt, Is.EqualTo(before.ExpiresAt + 420_000));
    }
}

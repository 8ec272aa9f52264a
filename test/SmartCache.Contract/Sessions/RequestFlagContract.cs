namespace SmartCache.Contract.Sessions;

/// <summary>What a request can ask for its session, after fast_sessions' skip and force. Nothing of it outlives the request.</summary>
[NewestRelease]
public abstract class RequestFlagContract<TEngine>(CallStyle style, ConcurrencyMode mode) : SessionContract<TEngine>(style, mode)
    where TEngine : TestEngine, new()
{
    [Test]
    public async Task A_skipped_save_writes_nothing([Values("skip a=2", "a=2 skip")] string steps, [Values] bool isNew, [LogLevels] LogLevel level)
    {
        var before = await BeginAsync(level, isNew);
        await PlayAsync($"theirs: {steps}");

        Assert.That(Table.Find(Key)?.Version, Is.EqualTo(before?.Version));
        Assert.That(Table.Entries(Key), Is.EqualTo(isNew ? null : "a=1"));
    }

    [TestCase("theirs: skip; theirs: a=2", "a=2", TestName = "A request to skip ends with its request")]
    [TestCase("theirs: a=2 force skip", "a=2", TestName = "Forcing beats skipping later")]
    [TestCase("theirs: a=2 skip force skip", "a=2", TestName = "Forcing beats skipping before")]
    [TestCase("mine: force; theirs: a=2 b=3; mine: a=1", "a=2 b=3", TestName = "A forced save never overwrites what others saved")]
    [TestCase("mine: force; theirs: remove", null, TestName = "A forced commit does not bring a removed session back")]
    [TestCase("mine: force; theirs: remove; mine: a=1", null, TestName = "A forced save of what was there does not bring a removed session back")]
    [TestCase("mine: force; theirs: remove; mine: a=2", null, TestName = "A forced save of a change does not bring a removed session back")]
    [TestCase("theirs: remove; theirs: force a=1 -a", "", TestName = "A forced save gives an empty new session a row")]
    [TestCase("theirs: remove; theirs: a=2 skip force", "a=2", TestName = "A forced save of a new session beats skipping")]
    public async Task A_request_gets_what_it_asks_for_its_session(string script, string? after)
    {
        foreach (var level in new[] { LogLevel.Warning, LogLevel.Information })
        {
            Table.Clear();
            await BeginAsync(level);
            await PlayAsync(script);

            Assert.That(Table.Entries(Key), Is.EqualTo(after), $"{level}");
        }
    }

    [Test]
    public async Task A_forced_save_is_written_though_nothing_changed([LogLevels] LogLevel level)
    {
        var before = (await BeginAsync(level))!;
        Time.Advance(TimeSpan.FromSeconds(5));
        await PlayAsync("theirs: force a=1");

        var row = Table.Row(Key);
        Assert.That(row.Version, Is.Not.EqualTo(before.Version));
        Assert.That((row.CreatedAt, row.UpdatedAt), Is.EqualTo((before.CreatedAt, before.UpdatedAt + 5_000)));
        Assert.That(row.Value, Is.EqualTo(before.Value));
    }

    [Test]
    public async Task Forcing_writes_the_expiry_of_an_untouched_session_at_once_and_creates_no_row(
        [Values("force", "force load")] string steps, [Values] bool isNew, [LogLevels] LogLevel level)
    {
        var before = await BeginAsync(level, isNew);
        Time.Advance(TimeSpan.FromSeconds(10));
        await PlayAsync($"theirs: {steps}");

        var after = Table.Find(Key);
        Assert.That(after is null ? null : after with { Value = before!.Value }, Is.EqualTo(before is null ? null : before with { ExpiresAt = before.ExpiresAt + 10_000 }));
    }

    [Test]
    public async Task A_request_may_ask_late_or_early_or_before_it_loads_not_to_keep_its_session_alive(
        [Values] RefreshMode refreshMode, [Values("stay load", "load stay", "load load stay", "stay")] string steps, [LogLevels] LogLevel level)
    {
        var before = (await BeginAsync(level, refreshMode: refreshMode))!;
        Time.Advance(TimeSpan.FromMinutes(5));
        await PlayAsync($"theirs: {steps}");
        await Node.Inner.FlushAsync();

        Assert.That(Table.Row(Key).ExpiresAt, Is.EqualTo(before.ExpiresAt));
    }

    // aspnet/Session 229: polling must not keep a session alive.
    [Test]
    public async Task A_session_that_is_only_polled_expires([Values] RefreshMode refreshMode, [Values("stay", "load stay")] string steps)
    {
        var before = (await BeginAsync(refreshMode: refreshMode))!;
        await PlayAsync(string.Concat(Enumerable.Repeat($"theirs: {steps}; clock: 1; ", 20)));
        await Node.Inner.FlushAsync();

        Assert.That(Table.Row(Key).ExpiresAt, Is.EqualTo(before.ExpiresAt));
        await RequestAsync(async request => Assert.That(await request.GetAsync("a"), Is.Null));
    }

    [TestCase(RefreshMode.Deferred, "clock: 9; theirs: load stay; clock: 1; theirs: load; clock: 5; theirs: load stay; clock: 10; theirs: load stay")]
    [TestCase(RefreshMode.Immediate, "clock: 9; theirs: load stay; clock: 1; theirs: load; clock: 5; theirs: load stay; clock: 10; theirs: load stay")]
    [TestCase(RefreshMode.Deferred, "clock: 9; early: stay; clock: 1; theirs: load; clock: 1; late: stay")]
    [TestCase(RefreshMode.Immediate, "clock: 9; early: stay; clock: 1; theirs: load; clock: 1; late: stay")]
    public async Task A_visit_counts_though_other_requests_poll_before_and_after_and_meanwhile(RefreshMode refreshMode, string script)
    {
        var before = (await BeginAsync(refreshMode: refreshMode))!;
        await PlayAsync(script);
        await Node.Inner.FlushAsync();

        Assert.That(Table.Row(Key).ExpiresAt, Is.EqualTo(before.ExpiresAt + 600_000));
        Assert.That(await Cache.GetAsync(Key), Is.Not.Null);
    }

    [Test]
    public async Task A_changed_save_of_a_request_that_does_not_refresh_keeps_the_expiry(
        [Values] RefreshMode refreshMode, [Values("stay a=2", "a=2 stay")] string steps, [LogLevels] LogLevel level)
    {
        var before = (await BeginAsync(level, refreshMode: refreshMode))!;
        Time.Advance(TimeSpan.FromMinutes(5));
        await PlayAsync($"theirs: {steps}");
        await Node.Inner.FlushAsync();

        Assert.That((Table.Entries(Key), Table.Row(Key).ExpiresAt), Is.EqualTo(("a=2", before.ExpiresAt)));
    }

    [Test]
    public async Task A_merged_save_of_a_request_that_does_not_refresh_keeps_the_expiry_others_gave()
    {
        var before = (await BeginAsync())!;
        await PlayAsync("mine: load stay; clock: 1; theirs: b=2; clock: 1; mine: c=3");
        await Node.Inner.FlushAsync();

        Assert.That((Table.Entries(Key), Table.Row(Key).ExpiresAt), Is.EqualTo(("a=1 b=2 c=3", before.ExpiresAt + 60_000)));
    }

    [Test]
    public async Task An_unchanged_save_of_a_request_that_does_not_refresh_writes_nothing([Values] RefreshMode refreshMode)
    {
        var before = (await BeginAsync(refreshMode: refreshMode))!;
        await PlayAsync("clock: 5; theirs: a=1 stay");
        await Node.Inner.FlushAsync();

        Assert.That(Table.Row(Key) with { Value = before.Value }, Is.EqualTo(before));
    }

    [Test]
    public async Task A_new_session_of_a_request_that_does_not_refresh_lives_for_a_whole_window()
    {
        await PlayAsync("theirs: stay a=1");

        Assert.That(Table.Row(Key).ExpiresAt, Is.EqualTo(Time.Milliseconds + 1_200_000));
    }

    /// <summary>Saves a session with the entry <c>a=1</c> unless it is to be a new one, and gives its row.</summary>
    private async Task<RawRow?> BeginAsync(LogLevel level = LogLevel.Warning, bool isNew = false, RefreshMode refreshMode = RefreshMode.Deferred)
    {
        Use(options => options.RefreshMode = refreshMode, level);
        await (isNew ? Task.CompletedTask : SaveAsync(("a", "1")));
        return Table.Find(Key);
    }
}

namespace SmartCache.Contract.Sessions;

/// <summary>Removal wins: a session that was removed while a request ran stays removed, and one begun anew under its key is left alone.</summary>
[SessionVariants(differ: true)]
public abstract class RemovalContract<TEngine>(CallStyle style, ConcurrencyMode mode) : SessionContract<TEngine>(style, mode)
    where TEngine : TestEngine, new()
{
    [Test]
    public async Task A_session_removed_while_a_request_runs_stays_removed_and_the_log_says_so([Values] LogoutStyle logout, [LogLevels] LogLevel level)
    {
        var slow = await BeginSlowAsync(level);
        using var meter = new MeterReading();
        await LogOutAsync(logout);
        await slow.SetAsync("b", "2");
        await slow.EndAsync();

        Assert.That(Table.Count(), Is.Zero);
        Assert.That(Node.Logs.At(LogLevel.Information), Has.One.Contains("discarded"));
        Assert.That(meter.Discarded, Is.EqualTo(1));
    }

    [Test]
    public async Task A_session_begun_anew_under_the_key_is_left_alone_also_if_a_save_was_discarded_before(
        [Values] LogoutStyle logout, [Values] bool commits, [LogLevels] LogLevel level)
    {
        var slow = await BeginSlowAsync(level);
        await LogOutAsync(logout);
        if (commits)
        {
            await slow.SetAsync("b", "2");
            await slow.CommitAsync();
        }

        await SaveAsync(("user", "bob"));
        var before = Table.Row(Key);
        await slow.SetAsync("user", "alice, renamed");
        await slow.SetAsync("cart", "alice's");
        await slow.EndAsync();

        Assert.That((Table.Entries(Key), Table.Row(Key).Version), Is.EqualTo(("user=bob", before.Version)));
    }

    [Test]
    public async Task With_the_policy_to_recreate_what_the_request_changed_begins_a_new_session([Values] LogoutStyle logout, [LogLevels] LogLevel level)
    {
        var slow = await BeginSlowAsync(level, RemovedSessionPolicy.Recreate);
        var old = Table.Row(Key).SessionId;
        await LogOutAsync(logout);
        await slow.SetAsync("b", "2");
        await slow.SetAsync("c", "3");
        await slow.EndAsync();

        Assert.That(Table.Entries(Key), Is.EqualTo("b=2 c=3"));
        Assert.That(Table.Row(Key).SessionId, Is.Not.EqualTo(old));
    }

    [TestCase("mine: b=2 commit; row: a=1 b=2; theirs: remove; mine: c=3 commit; row: none; mine: d=4", null, false, TestName = "A removal between two commits of a request ends its session")]
    [TestCase("mine: b=2 commit; row: a=1 b=2; theirs: remove; mine: c=3 commit; row: c=3; mine: d=4", "c=3 d=4", true, TestName = "With the policy to recreate a removal between two commits leaves what was set after it")]
    [TestCase("mine: load; theirs: remove; mine: b=2 commit; row: b=2; theirs: t=3; mine: c=4 !t", "b=2 t=3 c=4", true, TestName = "With the policy to recreate later commits of the request go on from there")]
    [TestCase("mine: load; theirs: remove; mine: a=1", null, true, TestName = "With the policy to recreate a request that changed nothing recreates nothing")]
    [TestCase("mine: load; yours: load; theirs: remove; yours: a=1", null, false, TestName = "A request that changed nothing does not bring a removed session back")]
    [TestCase("clock: 60; mine: load; theirs: b=2; mine: c=3", "b=2 c=3", false, TestName = "Two requests that find a session expired begin one between them")]
    [TestCase("mine: load; clock: 60; theirs: b=2; mine: c=3", "b=2", false, TestName = "A request that loaded a session alive leaves the one alone that replaced it after its expiry")]
    public async Task What_follows_a_removal_or_an_expiry(string script, string? after, bool recreates)
    {
        Use(options => options.RemovedDuringRequest = recreates ? RemovedSessionPolicy.Recreate : RemovedSessionPolicy.Discard);
        await PlayAsync($"theirs: a=1 b=1; {script}");
        await Node.Inner.FlushAsync();

        Assert.That(Table.Entries(Key), Is.EqualTo(after));
    }

    [TestCase(false, TestName = "A session removed by another program stays removed")]
    [TestCase(true, TestName = "A swept session counts as removed")]
    public async Task What_is_gone_stays_gone(bool isSwept)
    {
        var slow = await BeginSlowAsync();
        if (isSwept)
        {
            Time.Advance(TimeSpan.FromHours(1));
            Assert.That(await NewNode().Inner.RemoveExpiredAsync(), Is.EqualTo(1));
        }
        else
        {
            Table.Remove(Key);
        }

        await slow.SetAsync("b", "2");
        await slow.EndAsync();

        Assert.That(Table.Entries(Key), Is.Null);
    }

    [Test]
    public async Task A_removal_within_the_request_holds_against_its_own_saves([Values] bool removesFirst, [Values] bool isBegunAnew, [LogLevels] LogLevel level)
    {
        var request = await BeginSlowAsync(level);
        await (removesFirst ? Task.CompletedTask : request.SetAsync("b", "2"));
        await request.RunAsync(cache => cache.RemoveAsync(Key));
        await (isBegunAnew ? SaveAsync(("user", "bob")) : Task.CompletedTask);
        await (removesFirst ? request.SetAsync("b", "2") : Task.CompletedTask);
        await request.EndAsync();

        Assert.That(Table.Entries(Key), Is.EqualTo(isBegunAnew ? "user=bob" : null));
    }

    [Test]
    public async Task A_removal_before_the_session_was_loaded_leaves_none_to_load([LogLevels] LogLevel level)
    {
        Use(static _ => { }, level);
        await SaveAsync(("a", "1"));
        var old = Table.Row(Key).SessionId;
        await PlayAsync("theirs: remove b=2");

        Assert.That(Table.Entries(Key), Is.EqualTo("b=2"));
        Assert.That(Table.Row(Key).SessionId, Is.Not.EqualTo(old));
    }

    [Test]
    public async Task A_value_that_is_no_session_is_saved_after_its_removal_in_the_same_request([Values] bool reads)
    {
        await Cache.SetAsync("page", [1], Expires.ByDefault);
        await RequestAsync(request => request.RunAsync(async cache =>
        {
            await (reads ? cache.GetAsync("page") : Task.CompletedTask);
            await cache.RemoveAsync("page");
            Assert.That(await cache.GetAsync("page"), Is.Null);
            await cache.SetAsync("page", [2], Expires.ByDefault);
        }));

        Assert.That(Table.Row("page").Value, Is.EqualTo(new byte[] { 2 }));
    }

    [Test]
    public async Task A_session_that_expired_while_its_request_ran_is_revived_by_its_save([Values] RefreshMode refreshMode)
    {
        Use(options => options.RefreshMode = refreshMode);
        await SaveAsync(("a", "1"));
        var before = Table.Row(Key);
        var slow = await LoadedAsync();
        Time.Advance(TimeSpan.FromHours(1));
        Assert.That(await NewNode().Cache.GetAsync(Key), Is.Null, "it has expired");
        await slow.SetAsync("b", "2");
        await slow.EndAsync();

        Assert.That(Table.Entries(Key), Is.EqualTo("a=1 b=2"));
        Assert.That((Table.Row(Key).SessionId, Table.Row(Key).CreatedAt), Is.EqualTo((before.SessionId, before.CreatedAt)));
        Assert.That(await NewNode().Cache.GetAsync(Key), Is.Not.Null);
    }

    [Test]
    public async Task A_session_found_expired_is_replaced_whole()
    {
        await SaveAsync(("a", "1"));
        var old = Table.Row(Key).SessionId;
        await PlayAsync("clock: 60; theirs: b=2");

        var row = Table.Row(Key);
        Assert.That((row.Entries, row.CreatedAt), Is.EqualTo(("b=2", Time.Milliseconds)));
        Assert.That(row.SessionId, Is.Not.EqualTo(old));
    }

    [Test]
    public async Task A_session_found_expired_and_left_empty_is_not_written()
    {
        await SaveAsync(("a", "1"));
        var before = Table.Row(Key);
        await PlayAsync("clock: 60; theirs: b=2 -b");

        Assert.That(Table.Row(Key).Version, Is.EqualTo(before.Version));
        Assert.That(await Cache.GetAsync(Key), Is.Null);
    }

    /// <summary>A request that has loaded a session with the entries <c>a=1 b=1</c>, on a node set up so.</summary>
    private async Task<SimulatedRequest> BeginSlowAsync(LogLevel level = LogLevel.Warning, RemovedSessionPolicy policy = RemovedSessionPolicy.Discard)
    {
        Use(options => options.RemovedDuringRequest = policy, level);
        await SaveAsync(("a", "1"), ("b", "1"));
        return await LoadedAsync();
    }

    private async Task LogOutAsync(LogoutStyle logout)
    {
        await (logout switch
        {
            LogoutStyle.RemoveInARequest => RequestAsync(request => request.RunAsync(cache => cache.RemoveAsync(Key))),
            LogoutStyle.RemoveOutsideOfRequests => Cache.RemoveAsync(Key),
            LogoutStyle.Abandon => RequestAsync(AbandonAsync),
            _ => throw new ArgumentOutOfRangeException(nameof(logout), logout, null),
        });
        Assert.That(Table.Find(Key), Is.Null);
    }
}

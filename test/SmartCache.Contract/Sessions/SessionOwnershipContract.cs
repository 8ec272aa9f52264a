namespace SmartCache.Contract.Sessions;

/// <summary>An app's own values may have keys that look like a session's and bytes that look like a session: they stay its own.</summary>
public abstract class SessionOwnershipContract<TEngine>(CallStyle style, ConcurrencyMode mode) : SessionContract<TEngine>(style, mode)
    where TEngine : TestEngine, new()
{
    private readonly string _own = SimulatedRequest.NewKey();

    [Test]
    public async Task A_refresh_of_the_apps_own_value_does_not_abandon_the_session([Values] bool loads, [Values] bool reads, [Values] bool isMissing)
    {
        await SaveAsync(("user", "alice"));
        if (!isMissing)
            await Cache.SetAsync(_own, [1], Expires.ByDefault);

        await RequestAsync(async request =>
        {
            await (loads ? request.LoadAsync() : Task.CompletedTask);
            request.Context.AbandonSession();
            await request.RunAsync(async cache =>
            {
                await (reads ? cache.GetAsync(_own) : Task.CompletedTask);
                await cache.RefreshAsync(_own);
            });
            Assert.That(Table.Find(_own) is null, Is.EqualTo(isMissing));
        });

        Assert.That(Table.Find(_own) is null, Is.EqualTo(isMissing));
        Assert.That(Table.Find(Key), Is.Null);
    }

    [Test]
    public async Task A_save_of_the_apps_own_value_does_not_abandon_the_session()
    {
        await SaveAsync(("user", "alice"));
        await RequestAsync(async request =>
        {
            await request.LoadAsync();
            request.Context.AbandonSession();
            await request.RunAsync(cache => cache.SetAsync(_own, SessionBytes.Of(Guid.NewGuid(), ("copy", "1")), Expires.ByDefault));
        });

        Assert.That(Table.Entries(_own), Is.EqualTo("copy=1"));
        Assert.That(Table.Find(Key), Is.Null);
    }

    [Test]
    public async Task A_request_that_skips_saving_and_refreshing_its_session_still_saves_and_refreshes_the_apps_own_values(
        [Values] bool loads, [Values] bool reads, [Values] RefreshMode refreshMode)
    {
        Use(options => options.RefreshMode = refreshMode);
        await SaveAsync(("user", "alice"));
        await Cache.SetAsync(_own, [1], Expires.ByDefault);
        var before = Table.Row(Key).ExpiresAt;
        Time.Advance(TimeSpan.FromMinutes(15));
        await RequestAsync(async request =>
        {
            await (loads ? request.LoadAsync() : Task.CompletedTask);
            request.Context.SkipSessionRefresh();
            request.Context.SkipSessionSave();
            await request.RunAsync(async cache =>
            {
                await (reads ? cache.GetAsync(_own) : Task.CompletedTask);
                await cache.RefreshAsync(_own);
                await cache.SetAsync("copy", SessionBytes.Of(Guid.NewGuid(), ("a", "1")), Expires.ByDefault);
            });
        });
        await Node.Inner.FlushAsync();
        Assert.That((Table.Row(Key).ExpiresAt, Table.Row(_own).ExpiresAt), Is.EqualTo((before, Time.Milliseconds + 1_200_000)));
        Time.Advance(TimeSpan.FromMinutes(15));

        Assert.That(await Cache.GetAsync(_own), Is.Not.Null);
        Assert.That(Table.Entries("copy"), Is.EqualTo("a=1"));
    }

    [Test]
    public async Task A_request_that_found_a_value_missing_or_removed_it_can_keep_it_alive_once_it_is_there(
        [Values] bool removes, [Values] bool byAnother, [Values] RefreshMode refreshMode)
    {
        Use(options => options.RefreshMode = refreshMode);
        await RequestAsync(async request =>
        {
            await request.RunAsync(cache => removes ? cache.RemoveAsync("page") : cache.GetAsync("page"));
            await (byAnother ? Begin() : request).RunAsync(cache => cache.SetAsync("page", [1], Expires.ByDefault));
            Time.Advance(TimeSpan.FromMinutes(15));
            await request.RunAsync(cache => cache.RefreshAsync("page"));
            Time.Advance(TimeSpan.FromMinutes(15));
            await request.RunAsync(async cache => Assert.That(await cache.GetAsync("page"), Is.EqualTo(new byte[] { 1 })));
        });
    }

    [Test]
    public async Task A_payload_with_another_session_id_is_the_apps_own([Values] bool isEmpty)
    {
        await Cache.SetAsync(_own, SessionBytes.Of(Guid.NewGuid(), ("a", "1")), Expires.ByDefault);
        var value = isEmpty ? SessionBytes.Of(Guid.NewGuid()) : SessionBytes.Of(Guid.NewGuid(), ("b", "2"));
        var slow = Begin();
        await slow.RunAsync(cache => cache.GetAsync(_own));
        await Cache.SetAsync(_own, SessionBytes.Of(Guid.NewGuid(), ("c", "3")), Expires.ByDefault);
        await slow.RunAsync(cache => cache.SetAsync(_own, value, Expires.ByDefault));
        await slow.EndAsync();

        Assert.That(Table.Row(_own).Value, Is.EqualTo(value));
    }

    [Test]
    public async Task A_value_that_looks_like_an_empty_session_is_saved([Values] bool reads, [Values] bool looksLikeSessionKey, [Values] bool replaces)
    {
        var key = looksLikeSessionKey ? _own : "own";
        var value = SessionBytes.Of(Guid.NewGuid());
        if (replaces)
            await Cache.SetAsync(key, [1], Expires.ByDefault);

        await RequestAsync(request => request.RunAsync(async cache =>
        {
            await (reads ? cache.GetAsync(key) : Task.CompletedTask);
            await cache.SetAsync(key, value, Expires.ByDefault);
        }));

        Assert.That(await Cache.GetAsync(key), Is.EqualTo(value));
    }

    [Test]
    public async Task A_new_session_is_merged_however_many_other_keys_the_request_has_missed(
        [Values] bool looksLikeSessionKey, [Values] bool commitsEarly, [Values(LogLevel.Warning, LogLevel.Information)] LogLevel level)
    {
        Use(_ => { }, level);
        var slow = await LoadedAsync();
        await slow.RunAsync(async cache =>
        {
            for (var number = 0; number < 40; number++)
                await cache.GetAsync(looksLikeSessionKey ? SimulatedRequest.NewKey() : $"missing {number}");
        });
        await SaveAsync(("theirs", "1"));
        await slow.SetAsync("a", "2");
        await (commitsEarly ? slow.CommitAsync() : Task.CompletedTask);
        await SaveAsync(("more", "3"));
        await slow.SetAsync("b", "4");
        await slow.EndAsync();

        Assert.That(Table.Entries(Key), Is.EqualTo(commitsEarly ? "theirs=1 a=2 more=3 b=4" : "theirs=1 more=3 a=2 b=4"));
    }
}

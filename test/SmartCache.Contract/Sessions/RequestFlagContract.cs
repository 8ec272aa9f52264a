using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using SmartCache.Contract.Engines;
using SmartCache.Contract.Nodes;
using SmartCache.Contract.Requests;
using SmartCache.Contract.Rows;

namespace SmartCache.Contract.Sessions;

/// <summary>What a request can ask for its session, after fast_sessions' skip and force. Nothing of it outlives the request.</summary>
[NewestRelease]
public abstract class RequestFlagContract<TEngine>(CallStyle style, ConcurrencyMode mode) : SessionContract<TEngine>(style, mode)
    where TEngine : TestEngine, new()
{
    [Test]
    public async Task A_skipped_store_writes_nothing([Values] bool asksFirst, [Values] bool isNew, [LogLevels] LogLevel level)
    {
        var before = await BeginAsync(level, isNew);
        await RequestAsync(async request =>
        {
            if (asksFirst)
            {
                request.Context.SkipSessionSave();
            }

            await request.SetAsync("a", "2");
            request.Context.SkipSessionSave();
        });

        Assert.That(Table.Find(Key)?.Version, Is.EqualTo(before?.Version));
        Assert.That(Table.Entries(Key), Is.EqualTo(isNew ? null : "a=1"));
    }

    [Test]
    public async Task A_wish_to_skip_ends_with_its_request([LogLevels] LogLevel level)
    {
        await BeginAsync(level);
        await RequestAsync(request =>
        {
            request.Context.SkipSessionSave();
            return Task.CompletedTask;
        });
        await StoreAsync(("a", "2"));

        Assert.That(Table.Entries(Key), Is.EqualTo("a=2"));
    }

    [Test]
    public async Task Forcing_beats_skipping([Values] bool skipsFirst, [Values] bool isNew, [LogLevels] LogLevel level)
    {
        await BeginAsync(level, isNew);
        await RequestAsync(async request =>
        {
            await request.SetAsync("a", "2");
            if (skipsFirst)
            {
                request.Context.SkipSessionSave();
            }

            request.Context.ForceSessionSave();
            request.Context.SkipSessionSave();
        });

        Assert.That(Table.Entries(Key), Is.EqualTo("a=2"));
    }

    [Test]
    public async Task A_forced_store_is_written_though_nothing_changed([LogLevels] LogLevel level)
    {
        var before = (await BeginAsync(level))!;
        Time.Advance(TimeSpan.FromSeconds(5));
        await RequestAsync(async request =>
        {
            request.Context.ForceSessionSave();
            await request.SetAsync("a", "1");
        });

        var row = Table.Row(Key);
        Assert.That(row.Version, Is.Not.EqualTo(before.Version));
        Assert.That((row.CreatedAt, row.UpdatedAt), Is.EqualTo((before.CreatedAt, before.UpdatedAt + 5_000)));
        Assert.That(row.Value, Is.EqualTo(before.Value));
    }

    [Test]
    public async Task A_forced_store_never_overwrites_what_others_stored([LogLevels] LogLevel level)
    {
        await BeginAsync(level);
        var slow = await LoadedAsync();
        slow.Context.ForceSessionSave();
        await StoreAsync(("a", "2"), ("b", "3"));
        await slow.SetAsync("a", "1");
        await slow.EndAsync();

        Assert.That(Table.Entries(Key), Is.EqualTo("a=2 b=3"));
    }

    [Test]
    public async Task A_forced_store_does_not_bring_a_removed_session_back([Values("nothing", "the same again", "a change")] string stored, [LogLevels] LogLevel level)
    {
        await BeginAsync(level);
        var slow = await LoadedAsync();
        slow.Context.ForceSessionSave();
        await Cache.RemoveAsync(Key);
        await (stored == "nothing" ? Task.CompletedTask : slow.SetAsync("a", stored == "a change" ? "2" : "1"));
        await slow.EndAsync();

        Assert.That(Table.Count(), Is.Zero);
    }

    [Test]
    public async Task A_forced_store_gives_an_empty_new_session_a_row([LogLevels] LogLevel level)
    {
        await BeginAsync(level, isNew: true);
        await RequestAsync(async request =>
        {
            request.Context.ForceSessionSave();
            await request.SetAsync("a", "1");
            await request.RemoveAsync("a");
        });

        Assert.That(Table.Entries(Key), Is.Empty);
    }

    [Test]
    public async Task Forcing_writes_the_expiry_of_an_untouched_session_at_once_and_creates_no_row([Values] bool loads, [Values] bool isNew, [LogLevels] LogLevel level)
    {
        var before = await BeginAsync(level, isNew);
        Time.Advance(TimeSpan.FromSeconds(10));
        await RequestAsync(async request =>
        {
            request.Context.ForceSessionSave();
            await (loads ? request.LoadAsync() : Task.CompletedTask);
        });

        var after = Table.Find(Key);
        Assert.That(after is null ? null : after with { Value = before!.Value }, Is.EqualTo(before is null ? null : before with { ExpiresAt = before.ExpiresAt + 10_000 }));
    }

    [Test]
    public async Task A_request_may_ask_late_or_early_or_before_it_loads_not_to_keep_its_session_alive(
        [Values] RefreshMode refreshMode, [Values("before the read", "after the read", "late", "never read")] string when, [LogLevels] LogLevel level)
    {
        var before = (await BeginAsync(level, refreshMode: refreshMode))!;
        Time.Advance(TimeSpan.FromMinutes(5));
        await RequestAsync(request => PollAsync(request, when));
        await Node.Inner.FlushAsync();

        Assert.That(Table.Row(Key), Has.Property(nameof(RawRow.ExpiresAt)).EqualTo(before.ExpiresAt));
    }

    // aspnet/Session 229: polling must not keep a session alive.
    [Test]
    public async Task A_session_that_is_only_polled_expires([Values] RefreshMode refreshMode, [Values] bool reads)
    {
        var before = (await BeginAsync(refreshMode: refreshMode))!;
        for (var minute = 0; minute < 20; minute++)
        {
            await RequestAsync(async request =>
            {
                Assert.That(!reads || await request.GetAsync("a") == "1");
                request.Context.SkipSessionRefresh();
            });
            Time.Advance(TimeSpan.FromMinutes(1));
        }

        await Node.Inner.FlushAsync();
        Assert.That(Table.Row(Key).ExpiresAt, Is.EqualTo(before.ExpiresAt));
        await RequestAsync(async request => Assert.That(await request.GetAsync("a"), Is.Null));
    }

    [Test]
    public async Task A_changed_store_of_a_request_that_does_not_refresh_keeps_the_expiry(
        [Values] RefreshMode refreshMode, [Values] bool asksFirst, [LogLevels] LogLevel level)
    {
        var before = (await BeginAsync(level, refreshMode: refreshMode))!;
        Time.Advance(TimeSpan.FromMinutes(5));
        await RequestAsync(async request =>
        {
            if (asksFirst)
            {
                request.Context.SkipSessionRefresh();
            }

            await request.SetAsync("a", "2");
            request.Context.SkipSessionRefresh();
        });
        await Node.Inner.FlushAsync();

        Assert.That(Table.Entries(Key), Is.EqualTo("a=2"));
        Assert.That(Table.Row(Key).ExpiresAt, Is.EqualTo(before.ExpiresAt));
    }

    [Test]
    public async Task A_merged_store_of_a_request_that_does_not_refresh_keeps_the_expiry_others_gave()
    {
        await BeginAsync();
        var slow = await LoadedAsync();
        slow.Context.SkipSessionRefresh();
        Time.Advance(TimeSpan.FromSeconds(30));
        await StoreAsync(("b", "2"));
        var before = Table.Row(Key);
        Time.Advance(TimeSpan.FromSeconds(10));
        await slow.SetAsync("c", "3");
        await slow.EndAsync();
        await Node.Inner.FlushAsync();

        Assert.That(Table.Entries(Key), Is.EqualTo("a=1 b=2 c=3"));
        Assert.That(Table.Row(Key).ExpiresAt, Is.EqualTo(before.ExpiresAt));
    }

    [Test]
    public async Task An_unchanged_store_of_a_request_that_does_not_refresh_writes_nothing([Values] RefreshMode refreshMode)
    {
        var before = (await BeginAsync(refreshMode: refreshMode))!;
        Time.Advance(TimeSpan.FromMinutes(5));
        await RequestAsync(async request =>
        {
            await request.SetAsync("a", "1");
            request.Context.SkipSessionRefresh();
        });
        await Node.Inner.FlushAsync();

        Assert.That(Table.Row(Key) with { Value = before.Value }, Is.EqualTo(before));
    }

    [Test]
    public async Task A_new_session_of_a_request_that_does_not_refresh_lives_for_a_whole_window()
    {
        await RequestAsync(async request =>
        {
            request.Context.SkipSessionRefresh();
            await request.SetAsync("a", "1");
        });

        Assert.That(Table.Row(Key).ExpiresAt, Is.EqualTo(Time.Milliseconds + 1_200_000));
    }

    /// <summary>Stores a session with the entry <c>a=1</c> unless it is to be a new one, and gives its row.</summary>
    private async Task<RawRow?> BeginAsync(LogLevel level = LogLevel.Warning, bool isNew = false, RefreshMode refreshMode = RefreshMode.Deferred)
    {
        Use(options => options.RefreshMode = refreshMode, level);
        await (isNew ? Task.CompletedTask : StoreAsync(("a", "1")));
        return Table.Find(Key);
    }

    private static async Task PollAsync(SimulatedRequest request, string when)
    {
        if (when is "before the read" or "never read")
        {
            request.Context.SkipSessionRefresh();
        }

        await (when != "never read" ? request.GetAsync("a") : Task.CompletedTask);
        await (when == "late" ? request.GetAsync("b") : Task.CompletedTask);
        if (when is "after the read" or "late")
        {
            request.Context.SkipSessionRefresh();
        }
    }
}

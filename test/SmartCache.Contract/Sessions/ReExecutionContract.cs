using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using SmartCache.Contract.Engines;
using SmartCache.Contract.Nodes;

namespace SmartCache.Contract.Sessions;

/// <summary>
/// An error page runs the session middleware a second time in the same request, with a new session object and a
/// new load: what it loads is its base, and what befell the first run's session is no longer its affair.
/// </summary>
[NewestRelease]
public abstract class ReExecutionContract<TEngine>(CallStyle style, ConcurrencyMode mode) : SessionContract<TEngine>(style, mode)
    where TEngine : TestEngine, new()
{
    [Test]
    public async Task Both_runs_are_stored([Values(LogLevel.Warning, LogLevel.Information)] LogLevel level)
    {
        Use(_ => { }, level);
        await RequestAsync(async request =>
        {
            await request.SetAsync("a", "1");
            await request.ExecuteAnewAsync();
            Assert.That(await request.GetAsync("a"), Is.EqualTo("1"));
            await request.SetAsync("error", "2");
        });

        Assert.That(Table.Entries(Key), Is.EqualTo("a=1 error=2"));
    }

    [Test]
    public async Task The_second_run_may_remove_what_it_loaded_though_the_first_never_saw_it()
    {
        await StoreAsync(("a", "1"));
        var request = await LoadedAsync();
        await StoreAsync(("flash", "2"));
        await request.SetAsync("b", "3");
        await request.ExecuteAnewAsync();
        await request.RemoveAsync("flash");
        await request.EndAsync();

        Assert.That(Table.Entries(Key), Is.EqualTo("a=1 b=3"));
    }

    [Test]
    public async Task What_others_store_during_the_second_run_is_merged([Values(LogLevel.Warning, LogLevel.Information)] LogLevel level)
    {
        Use(_ => { }, level);
        await StoreAsync(("a", "1"));
        var request = await LoadedAsync();
        await request.ExecuteAnewAsync();
        await request.LoadAsync();
        await StoreAsync(("theirs", "2"));
        await request.SetAsync("error", "3");
        await request.EndAsync();

        Assert.That(Table.Entries(Key), Is.EqualTo("a=1 theirs=2 error=3"));
    }

    [Test]
    public async Task A_discard_in_the_first_run_is_forgotten_in_the_second()
    {
        await StoreAsync(("a", "1"));
        var request = await LoadedAsync();
        await Cache.RemoveAsync(Key);
        await request.SetAsync("b", "2");
        await request.ExecuteAnewAsync();
        Assert.That(Table.Find(Key), Is.Null, "the first run's store was discarded");
        await request.SetAsync("error", "3");
        await request.EndAsync();

        Assert.That(Table.Entries(Key), Is.EqualTo("error=3"));
    }

    [Test]
    public async Task A_removal_in_the_first_run_is_forgotten_in_the_second()
    {
        await StoreAsync(("a", "1"));
        var request = await LoadedAsync();
        await request.RunAsync(cache => cache.RemoveAsync(Key));
        await request.ExecuteAnewAsync();
        await request.SetAsync("error", "3");
        await request.EndAsync();

        Assert.That(Table.Entries(Key), Is.EqualTo("error=3"));
    }

    [Test]
    public async Task A_session_abandoned_in_the_first_run_may_be_begun_anew_in_the_second()
    {
        await StoreAsync(("user", "alice"));
        var request = await LoadedAsync();
        request.Context.AbandonSession();
        await request.ExecuteAnewAsync();
        Assert.That(Table.Find(Key), Is.Null);
        await request.SetAsync("error", "3");
        await request.EndAsync();

        Assert.That(Table.Entries(Key), Is.EqualTo("error=3"));
    }

    [Test]
    public async Task A_second_run_that_leaves_the_session_alone_changes_nothing()
    {
        await StoreAsync(("a", "1"));
        var request = await LoadedAsync();
        await request.SetAsync("b", "2");
        await request.ExecuteAnewAsync();
        var before = Table.Row(Key);
        await request.EndAsync();

        Assert.That(Table.Entries(Key), Is.EqualTo("a=1 b=2"));
        Assert.That(Table.Row(Key).Version, Is.EqualTo(before.Version));
    }
}

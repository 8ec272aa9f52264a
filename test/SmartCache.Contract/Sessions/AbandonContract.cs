using Microsoft.AspNetCore.Http;
using SmartCache.Contract.Engines;
using SmartCache.Contract.Nodes;

namespace SmartCache.Contract.Sessions;

/// <summary>A logout that holds: at the commit the row goes, and nothing that is based on it brings it back.</summary>
public abstract class AbandonContract<TEngine>(CallStyle style, ConcurrencyMode mode) : SessionContract<TEngine>(style, mode)
    where TEngine : TestEngine, new()
{
    [Test]
    public async Task An_abandoned_session_that_was_changed_is_deleted()
    {
        await StoreAsync(("user", "alice"));
        await RequestAsync(async request =>
        {
            await request.SetAsync("a", "1");
            request.Context.AbandonSession();
            await request.SetAsync("b", "2");
        });

        Assert.That(Table.Find(Key), Is.Null);
    }

    [Test]
    public async Task An_abandoned_session_that_was_only_read_is_deleted()
    {
        await StoreAsync(("user", "alice"));
        await RequestAsync(async request =>
        {
            await request.GetAsync("user");
            request.Context.AbandonSession();
        });

        Assert.That(Table.Find(Key), Is.Null);
    }

    [Test]
    public async Task An_abandoned_session_that_was_not_even_loaded_is_deleted()
    {
        await StoreAsync(("user", "alice"));
        await RequestAsync(request =>
        {
            request.Context.AbandonSession();
            return Task.CompletedTask;
        });

        Assert.That(Table.Find(Key), Is.Null);
    }

    [Test]
    public async Task An_abandoned_session_stays_until_the_commit()
    {
        await StoreAsync(("user", "alice"));
        var request = await LoadedAsync();
        request.Context.AbandonSession();
        Assert.That(Table.Entries(Key), Is.EqualTo("user=alice"));
        await request.EndAsync();

        Assert.That(Table.Find(Key), Is.Null);
    }

    [Test]
    public async Task A_new_session_that_is_abandoned_gets_no_row()
    {
        await RequestAsync(async request =>
        {
            await request.SetAsync("a", "1");
            request.Context.AbandonSession();
        });

        Assert.That(Table.Count(), Is.Zero);
    }

    [Test]
    public async Task Requests_that_still_run_do_not_bring_an_abandoned_session_back()
    {
        await StoreAsync(("user", "alice"));
        var slow = await LoadedAsync();
        await RequestAsync(logout =>
        {
            logout.Context.AbandonSession();
            return Task.CompletedTask;
        });
        await slow.SetAsync("cart", "1");
        await slow.EndAsync();
        await Node.Inner.FlushAsync();

        Assert.That(Table.Find(Key), Is.Null);
    }

    [Test]
    public async Task What_others_stored_before_the_commit_does_not_save_an_abandoned_session()
    {
        await StoreAsync(("user", "alice"));
        var logout = await LoadedAsync();
        logout.Context.AbandonSession();
        await StoreAsync(("cart", "1"));
        await logout.SetAsync("a", "1");
        await logout.EndAsync();

        Assert.That(Table.Find(Key), Is.Null);
    }

    [Test]
    public async Task Abandoning_acts_once_a_session_begun_meanwhile_is_left_alone()
    {
        await StoreAsync(("user", "alice"));
        var logout = await LoadedAsync();
        logout.Context.AbandonSession();
        await logout.CommitAsync();
        await StoreAsync(("user", "bob"));
        var before = Table.Row(Key);
        await logout.SetAsync("late", "1");
        await logout.CommitAsync();
        await logout.EndAsync();

        Assert.That(Table.Entries(Key), Is.EqualTo("user=bob"));
        Assert.That(Table.Row(Key).Version, Is.EqualTo(before.Version));
    }

    [Test]
    public async Task Abandoning_acts_once_though_the_request_changes_nothing_more()
    {
        await StoreAsync(("user", "alice"));
        var logout = await LoadedAsync();
        logout.Context.AbandonSession();
        await logout.CommitAsync();
        await StoreAsync(("user", "bob"));
        await logout.EndAsync();

        Assert.That(Table.Entries(Key), Is.EqualTo("user=bob"));
    }

    [Test]
    public async Task Abandoning_beats_the_wish_to_skip_or_to_force_the_store([Values] bool skips, [Values] bool forces)
    {
        await StoreAsync(("user", "alice"));
        await RequestAsync(async request =>
        {
            await request.SetAsync("a", "1");
            request.Context.AbandonSession();
            if (skips)
            {
                request.Context.SkipSessionSave();
            }

            if (forces)
            {
                request.Context.ForceSessionSave();
            }
        });

        Assert.That(Table.Find(Key), Is.Null);
    }

    [Test]
    public async Task An_abandoned_session_without_a_row_is_no_error()
    {
        Assert.That(
            () => RequestAsync(request =>
            {
                request.Context.AbandonSession();
                return Task.CompletedTask;
            }),
            Throws.Nothing);
        Assert.That(Table.Count(), Is.Zero);
    }

    [Test]
    public async Task After_a_logout_the_next_request_begins_afresh()
    {
        await StoreAsync(("user", "alice"));
        await RequestAsync(request =>
        {
            request.Context.AbandonSession();
            return Task.CompletedTask;
        });
        await RequestAsync(async request =>
        {
            Assert.That(await request.GetAsync("user"), Is.Null);
            await request.SetAsync("visitor", "1");
        });

        Assert.That(Table.Entries(Key), Is.EqualTo("visitor=1"));
    }
}

using Microsoft.Extensions.Logging;
using SmartCache.Contract.Engines;
using SmartCache.Contract.Nodes;
using SmartCache.Contract.Requests;
using SmartCache.Contract.Rows;
using SmartCache.Contract.Values;

namespace SmartCache.Contract.Sessions;

/// <summary>
/// An app may commit in the middle of a request and go on; the stock session reads once more before it stores when
/// the log level is Information. The session in memory never holds what a merge brought in.
/// </summary>
[SessionVariants(differ: true)]
public abstract class MidRequestCommitContract<TEngine>(CallStyle style, ConcurrencyMode mode) : SessionContract<TEngine>(style, mode)
    where TEngine : TestEngine, new()
{
    [Test]
    public async Task What_is_changed_before_and_after_commits_is_stored([LogLevels] LogLevel level)
    {
        Use(static _ => { }, level);
        var request = await LoadedAsync();
        await request.SetAsync("a", "1");
        await request.CommitAsync();
        Assert.That(Table.Entries(Key), Is.EqualTo("a=1"));
        await request.SetAsync("b", "1");
        await request.CommitAsync();
        await request.SetAsync("b", "2");
        await request.RemoveAsync("a");
        await request.SetAsync("c", "3");
        await request.EndAsync();

        Assert.That(Table.Entries(Key), Is.EqualTo("b=2 c=3"));
    }

    [Test]
    public async Task What_others_store_before_and_after_a_commit_is_kept([Values] bool isNew, [LogLevels] LogLevel level)
    {
        Use(static _ => { }, level);
        await (isNew ? Task.CompletedTask : StoreAsync(("a", "1")));
        var slow = await LoadedAsync();
        await StoreAsync(("theirs", "2"));
        await slow.SetAsync("b", "3");
        await slow.CommitAsync();
        Assert.That(await slow.GetAsync("theirs"), Is.Null, "it is not in memory");
        await StoreAsync(("theirs too", "4"));
        await slow.SetAsync("c", "5");
        await slow.EndAsync();

        Assert.That(Table.Entries(Key), Is.EqualTo((isNew ? "" : "a=1 ") + "theirs=2 b=3 theirs too=4 c=5"));
    }

    [Test]
    public async Task What_was_committed_and_left_alone_gives_way_to_what_others_do_later([Values] bool isNew, [Values] bool removes, [LogLevels] LogLevel level)
    {
        Use(static _ => { }, level);
        await (isNew ? Task.CompletedTask : StoreAsync(("a", "1")));
        var slow = await LoadedAsync();
        await slow.SetAsync("a", "2");
        await slow.CommitAsync();
        await RequestAsync(other => removes ? other.RemoveAsync("a") : other.SetAsync("a", "3"));
        await slow.SetAsync("b", "4");
        await slow.EndAsync();

        Assert.That(Table.Entries(Key), Is.EqualTo(removes ? "b=4" : "a=3 b=4"));
    }

    [Test]
    public async Task Commits_without_a_change_write_nothing([LogLevels] LogLevel level)
    {
        Use(static _ => { }, level);
        await StoreAsync(("a", "1"));
        var before = Table.Row(Key);
        var request = await LoadedAsync();
        await request.CommitAsync();
        await request.SetAsync("a", "1");
        await request.CommitAsync();
        await request.SetAsync("a", "2");
        await request.SetAsync("a", "1");
        await request.EndAsync();

        Assert.That(Table.Row(Key).Version, Is.EqualTo(before.Version));
    }

    [Test]
    public async Task An_entry_set_back_after_a_commit_is_a_change()
    {
        await StoreAsync(("a", "1"));
        var request = await LoadedAsync();
        await request.SetAsync("a", "2");
        await request.CommitAsync();
        await request.SetAsync("a", "1");
        await request.EndAsync();

        Assert.That(Table.Entries(Key), Is.EqualTo("a=1"));
    }

    [Test]
    public async Task A_removal_is_stored_though_the_row_did_not_have_the_entry_when_it_was_last_seen()
    {
        await StoreAsync(("b", "1"), ("d", "1"));
        var slow = await LoadedAsync();
        await RequestAsync(other => other.ClearAsync());
        await slow.SetAsync("a", "2");
        await slow.CommitAsync();
        Assert.That(Table.Entries(Key), Is.EqualTo("a=2"));
        await StoreAsync(("d", "3"));
        await slow.RemoveAsync("d");
        await slow.EndAsync();

        Assert.That(Table.Entries(Key), Is.EqualTo("a=2"));
    }

    [Test]
    public async Task A_change_is_stored_though_the_row_had_it_already_when_it_was_last_seen()
    {
        await StoreAsync(("a", "1"));
        var slow = await LoadedAsync();
        await slow.SetAsync("a", "2");
        await StoreAsync(("a", "2"));
        await slow.RunAsync(cache => cache.GetAsync(Key));
        await StoreAsync(("a", "3"));
        await slow.EndAsync();

        Assert.That(Table.Entries(Key), Is.EqualTo("a=2"));
    }

    [Test]
    public async Task Two_requests_may_commit_by_turns()
    {
        var one = await LoadedAsync();
        var other = await LoadedAsync();
        for (var turn = 0; turn < 5; turn++)
        {
            await one.SetAsync("one", $"{turn}");
            await one.CommitAsync();
            await other.SetAsync("other", $"{turn}");
            await other.CommitAsync();
        }

        await one.EndAsync();
        await other.EndAsync();
        Assert.That(Table.Entries(Key), Is.EqualTo("one=4 other=4"));
    }

    [Test]
    public async Task What_the_app_does_to_the_arrays_it_passes_changes_no_base()
    {
        await StoreAsync(("a", "1"));
        var request = Begin();
        await request.RunAsync(async cache =>
        {
            var payload = (await cache.GetAsync(Key))!;
            payload[^1] = (byte)'2';
            await cache.SetAsync(Key, payload, Expires.ByDefault);
            Assert.That(Table.Entries(Key), Is.EqualTo("a=2"), "the change of the array read is seen");

            payload[^1] = (byte)'3';
            await cache.SetAsync(Key, payload, Expires.ByDefault);
            Assert.That(Table.Entries(Key), Is.EqualTo("a=3"), "the change of the array stored is seen");
        });
        await request.EndAsync();
    }

    [Test]
    public async Task A_second_read_by_the_app_is_no_new_base()
    {
        await StoreAsync(("a", "1"));
        var slow = await LoadedAsync();
        await StoreAsync(("theirs", "2"));
        await slow.RunAsync(cache => cache.GetAsync(Key));
        await slow.SetAsync("b", "3");
        await slow.EndAsync();

        Assert.That(Table.Entries(Key), Is.EqualTo("a=1 theirs=2 b=3"));
    }

    [Test]
    public async Task The_session_keeps_its_id_from_commit_to_commit()
    {
        var request = await LoadedAsync();
        await request.SetAsync("a", "1");
        await request.CommitAsync();
        var id = Table.Row(Key).SessionId;
        await request.SetAsync("a", "2");
        await request.EndAsync();
        await StoreAsync(("a", "3"));

        Assert.That(Table.Row(Key), Has.Property(nameof(RawRow.SessionId)).EqualTo(id));
    }
}

using Microsoft.Extensions.Logging;
using SmartCache.Contract.Engines;
using SmartCache.Contract.Nodes;

namespace SmartCache.Contract.Sessions;

/// <summary>
/// What two requests of one session make of it together. The slow one has loaded it before the quick one stores, and
/// stores last. The rules are those of Rails' smart_session_store; its own test names follow in the comments.
/// </summary>
public abstract class MergeContract<TEngine>(CallStyle style, ConcurrencyMode mode) : SessionContract<TEngine>(style, mode)
    where TEngine : TestEngine, new()
{
    // Session created before.
    [Test]
    public async Task Entries_that_both_add_are_kept()
    {
        await StoreAsync(("a", "1"));
        var slow = await LoadedAsync();
        await StoreAsync(("b", "2"));
        await slow.SetAsync("c", "3");
        await slow.EndAsync();

        Assert.That(Table.Entries(Key), Is.EqualTo("a=1 b=2 c=3"));
    }

    // Session not created before; duplicate first insert.
    [Test]
    public async Task Two_first_stores_of_one_session_are_both_kept()
    {
        var slow = await LoadedAsync();
        await StoreAsync(("a", "1"));
        var id = Table.Row(Key).SessionId;
        await slow.SetAsync("b", "2");
        await slow.EndAsync();

        Assert.That(Table.Entries(Key), Is.EqualTo("a=1 b=2"));
        Assert.That(Table.Row(Key).SessionId, Is.EqualTo(id), "the session is the one that was there first");
    }

    // Key removal.
    [Test]
    public async Task An_entry_we_remove_is_gone_and_one_they_add_is_kept()
    {
        await StoreAsync(("a", "1"), ("b", "2"));
        var slow = await LoadedAsync();
        await StoreAsync(("c", "3"));
        await slow.RemoveAsync("a");
        await slow.EndAsync();

        Assert.That(Table.Entries(Key), Is.EqualTo("b=2 c=3"));
    }

    [Test]
    public async Task An_entry_they_removed_is_not_brought_back_by_our_having_loaded_it()
    {
        await StoreAsync(("a", "1"), ("b", "2"));
        var slow = await LoadedAsync();
        await RequestAsync(quick => quick.RemoveAsync("a"));
        await slow.SetAsync("c", "3");
        await slow.EndAsync();

        Assert.That(Table.Entries(Key), Is.EqualTo("b=2 c=3"));
    }

    [Test]
    public async Task An_entry_we_did_not_touch_keeps_the_value_they_gave_it()
    {
        await StoreAsync(("a", "1"), ("b", "1"));
        var slow = await LoadedAsync();
        await StoreAsync(("a", "2"));
        await slow.SetAsync("b", "3");
        await slow.EndAsync();

        Assert.That(Table.Entries(Key), Is.EqualTo("a=2 b=3"));
    }

    [Test]
    public async Task Our_removal_beats_their_change()
    {
        await StoreAsync(("a", "1"), ("b", "1"));
        var slow = await LoadedAsync();
        await StoreAsync(("a", "2"));
        await slow.RemoveAsync("a");
        await slow.EndAsync();

        Assert.That(Table.Entries(Key), Is.EqualTo("b=1"));
    }

    [Test]
    public async Task Our_change_brings_back_an_entry_they_removed()
    {
        await StoreAsync(("a", "1"), ("b", "1"));
        var slow = await LoadedAsync();
        await RequestAsync(quick => quick.RemoveAsync("a"));
        await slow.SetAsync("a", "2");
        await slow.EndAsync();

        Assert.That(Table.Entries(Key), Is.EqualTo("b=1 a=2"));
    }

    [Test]
    public async Task Of_two_changes_of_one_entry_the_later_store_wins_whole()
    {
        await StoreAsync(("a", "before"));
        var slow = await LoadedAsync();
        await StoreAsync(("a", "a much longer value than before"));
        await slow.SetAsync("a", "ours");
        await slow.EndAsync();

        Assert.That(Table.Entries(Key), Is.EqualTo("a=ours"));
    }

    [Test]
    public async Task Of_two_additions_of_one_entry_the_later_store_wins()
    {
        var slow = await LoadedAsync();
        await StoreAsync(("a", "theirs"));
        await slow.SetAsync("a", "ours");
        await slow.EndAsync();

        Assert.That(Table.Entries(Key), Is.EqualTo("a=ours"));
    }

    [Test]
    public async Task An_entry_both_remove_is_gone()
    {
        await StoreAsync(("a", "1"), ("b", "1"));
        var slow = await LoadedAsync();
        await RequestAsync(quick => quick.RemoveAsync("a"));
        await slow.RemoveAsync("a");
        await slow.EndAsync();

        Assert.That(Table.Entries(Key), Is.EqualTo("b=1"));
    }

    // The original compared serialised values: what was set to what it had been has not been changed.
    [Test]
    public async Task An_entry_we_set_to_the_value_it_had_is_not_a_change()
    {
        await StoreAsync(("a", "1"));
        var slow = await LoadedAsync();
        await StoreAsync(("a", "2"));
        await slow.SetAsync("a", "1");
        await slow.SetAsync("b", "3");
        await slow.EndAsync();

        Assert.That(Table.Entries(Key), Is.EqualTo("a=2 b=3"));
    }

    // Retry: the stored bytes are what was loaded, the version is not. The original once looped for ever here.
    [Test]
    public async Task A_row_whose_version_moved_on_though_its_data_is_the_same_is_stored_over()
    {
        await StoreAsync(("name", "fred"));
        var slow = await LoadedAsync();
        await StoreAsync(("name", "oldfred"));
        await StoreAsync(("name", "fred"));
        await slow.SetAsync("name", "bob");
        await slow.EndAsync();

        Assert.That(Table.Entries(Key), Is.EqualTo("name=bob"));
    }

    [Test]
    public async Task Any_number_of_requests_that_loaded_the_same_session_are_merged()
    {
        await StoreAsync(("base", "0"));
        var requests = new List<Requests.SimulatedRequest>();
        for (var number = 0; number < 12; number++)
        {
            requests.Add(await LoadedAsync());
        }

        foreach (var (request, number) in requests.Select((request, number) => (request, number)))
        {
            await request.SetAsync($"entry{number}", $"{number}");
            await request.EndAsync();
        }

        Assert.That(Table.Row(Key).Entries.Split(' '), Is.EqualTo(Enumerable.Range(0, 12).Select(number => $"entry{number}={number}").Prepend("base=0")));
    }

    [Test]
    public async Task Any_number_of_requests_that_begin_the_same_session_are_merged()
    {
        var requests = new List<Requests.SimulatedRequest>();
        for (var number = 0; number < 5; number++)
        {
            requests.Add(await LoadedAsync());
        }

        foreach (var (request, number) in requests.Select((request, number) => (request, number)))
        {
            await request.SetAsync($"entry{number}", $"{number}");
            await request.EndAsync();
        }

        Assert.That(Table.Entries(Key), Is.EqualTo("entry0=0 entry1=1 entry2=2 entry3=3 entry4=4"));
    }

    [Test]
    public async Task Requests_on_two_nodes_are_merged()
    {
        var other = NewNode();
        await StoreAsync(("a", "1"));
        var slow = await LoadedAsync(other);
        await StoreAsync(("b", "2"));
        await slow.SetAsync("c", "3");
        await slow.EndAsync();

        Assert.That(Table.Entries(Key), Is.EqualTo("a=1 b=2 c=3"));
    }

    [Test]
    public async Task The_row_keeps_its_order_and_new_entries_are_appended()
    {
        await StoreAsync(("a", "1"), ("b", "1"), ("c", "1"));
        var slow = await LoadedAsync();
        await StoreAsync(("z", "1"));
        await slow.SetAsync("y", "2");
        await slow.SetAsync("b", "2");
        await slow.EndAsync();

        Assert.That(Table.Entries(Key), Is.EqualTo("a=1 b=2 c=1 z=1 y=2"));
    }

    [Test]
    public async Task Clearing_removes_what_was_loaded_and_no_more()
    {
        await StoreAsync(("a", "1"), ("b", "1"));
        var slow = await LoadedAsync();
        await StoreAsync(("a", "2"), ("c", "3"));
        await slow.ClearAsync();
        await slow.EndAsync();

        Assert.That(Table.Entries(Key), Is.EqualTo("c=3"));
    }

    [Test]
    public async Task An_entry_changed_by_a_request_that_ends_after_a_clear_is_set_again()
    {
        await StoreAsync(("a", "1"), ("b", "1"));
        var slow = await LoadedAsync();
        await RequestAsync(quick => quick.ClearAsync());
        await slow.SetAsync("a", "2");
        await slow.EndAsync();

        Assert.That(Table.Entries(Key), Is.EqualTo("a=2"));
    }

    [Test]
    public async Task A_session_cleared_and_begun_anew_in_one_request_is_a_change_like_any_other()
    {
        await StoreAsync(("a", "1"), ("b", "1"));
        var id = Table.Row(Key).SessionId;
        await RequestAsync(async request =>
        {
            await request.ClearAsync();
            await request.SetAsync("b", "2");
        });

        Assert.That(Table.Entries(Key), Is.EqualTo("b=2"));
        Assert.That(Table.Row(Key).SessionId, Is.EqualTo(id));
    }

    // Full stack: set, get, nil, reset.
    [Test]
    public async Task A_session_is_set_and_read_and_emptied_and_set_again()
    {
        await StoreAsync(("a", "1"));
        await RequestAsync(async request => Assert.That(await request.GetAsync("a"), Is.EqualTo("1")));
        await RequestAsync(request => request.RemoveAsync("a"));
        await RequestAsync(async request => Assert.That(await request.GetAsync("a"), Is.Null));
        await StoreAsync(("a", "2"));
        await RequestAsync(async request => Assert.That(await request.GetAsync("a"), Is.EqualTo("2")));
    }

    // Dancer::Session::DBI: text must round-trip.
    [Test]
    public async Task Names_and_values_may_be_any_text()
    {
        await StoreAsync(("☃", "雪"), ("", "no name"), ("no value", ""), ("a b=c", "line\nbreak"));
        var slow = await LoadedAsync();
        await StoreAsync(("😀", "astral"));
        await slow.SetAsync("☃", "❄");
        await slow.EndAsync();

        Assert.That(
            Rows.SessionBytes.Entries(Table.Row(Key).Value),
            Is.EqualTo(new[] { ("☃", "❄"), ("", "no name"), ("no value", ""), ("a b=c", "line\nbreak"), ("😀", "astral") }));
    }

    [Test]
    public async Task Large_sessions_are_merged()
    {
        var filling = new string('x', 300_000);
        await StoreAsync(("large", filling));
        var slow = await LoadedAsync();
        await StoreAsync([.. Enumerable.Range(0, 500).Select(number => ($"theirs{number}", "1"))]);
        await slow.SetAsync("ours", filling);
        await slow.EndAsync();

        var entries = Rows.SessionBytes.Entries(Table.Row(Key).Value);
        Assert.That(entries, Has.Count.EqualTo(502));
        Assert.That(entries[0], Is.EqualTo(("large", filling)));
        Assert.That(entries[^1], Is.EqualTo(("ours", filling)));
    }

    [Test]
    public async Task An_entry_both_changed_is_named_in_the_log()
    {
        await StoreAsync(("cart", "1"), ("user", "1"));
        var slow = await LoadedAsync();
        await StoreAsync(("cart", "2"), ("user", "2"));
        await slow.SetAsync("cart", "3");
        await slow.EndAsync();

        Assert.That(Node.Logs.At(LogLevel.Debug), Has.One.Contains("cart"));
        Assert.That(Node.Logs.At(LogLevel.Debug), Has.None.Contains("user"));
    }

    [Test]
    public async Task Values_that_are_no_sessions_are_overwritten_in_a_request_too()
    {
        await Cache.SetAsync("page", [1], Values.Expires.ByDefault);
        var slow = Begin();
        await slow.RunAsync(cache => cache.GetAsync("page"));
        await Cache.SetAsync("page", [2], Values.Expires.ByDefault);
        await slow.RunAsync(cache => cache.SetAsync("page", [3], Values.Expires.ByDefault));
        await slow.EndAsync();

        Assert.That(Table.Row("page").Value, Is.EqualTo(new byte[] { 3 }));
    }

    [Test]
    public async Task Sessions_stored_outside_a_request_are_overwritten()
    {
        await StoreAsync(("a", "1"));
        var payload = Rows.SessionBytes.Of(Guid.NewGuid(), ("b", "2"));
        await Cache.SetAsync(Key, payload, Values.Expires.ByDefault);

        Assert.That(Table.Row(Key).Value, Is.EqualTo(payload));
    }
}

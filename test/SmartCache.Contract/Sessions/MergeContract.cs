namespace SmartCache.Contract.Sessions;

/// <summary>Two requests of one session. The slow one loads before the quick one saves, and saves last. No entry has a merge rule.</summary>
[SessionVariants(differ: true)]
public abstract class MergeContract<TEngine>(CallStyle style, ConcurrencyMode mode) : SessionContract<TEngine>(style, mode)
    where TEngine : TestEngine, new()
{
    [TestCase("a=1", "b=2", "c=3", "a=1 b=2 c=3", 0, TestName = "Entries that both add are kept")]
    [TestCase("", "a=1", "b=2", "a=1 b=2", 0, TestName = "Two first saves of one session are both kept")]
    [TestCase("a=1 b=2", "c=3", "-a", "b=2 c=3", 0, TestName = "An entry we remove is gone and one they add is kept")]
    [TestCase("a=1 b=2", "-a", "c=3", "b=2 c=3", 0, TestName = "An entry they removed stays removed though we had loaded it")]
    [TestCase("a=1 b=1", "a=2", "b=3", "a=2 b=3", 0, TestName = "An entry we did not touch keeps the value they gave it")]
    [TestCase("a=1 b=1", "a=2", "-a", "b=1", 1, TestName = "Our removal beats their change")]
    [TestCase("a=1 b=1", "-a", "a=2", "b=1 a=2", 1, TestName = "Our change brings back an entry they removed")]
    [TestCase("a=before", "a=a-much-longer-value-than-before", "a=ours", "a=ours", 1, TestName = "Of two changes of one entry the later save wins whole")]
    [TestCase("", "a=theirs", "a=ours", "a=ours", 1, TestName = "Of two additions of one entry the later save wins")]
    [TestCase("a=1 b=1", "-a", "-a", "b=1", 0, TestName = "An entry both remove is gone")]
    [TestCase("a=1", "a=2", "a=1 b=3", "a=2 b=3", 0, TestName = "An entry we set to the value it had is not a change")]
    [TestCase("name=fred", "name=oldfred;name=fred", "name=bob", "name=bob", 0, TestName = "A row whose version moved on though its data is the same is saved over")]
    [TestCase("a=1 b=1 c=1", "z=1", "y=2 b=2", "a=1 b=2 c=1 z=1 y=2", 0, TestName = "The row keeps its order and new entries are appended")]
    [TestCase("a=1 b=1", "a=2 c=3", "clear", "c=3", 1, TestName = "Clearing removes what was loaded and no more")]
    [TestCase("a=1 b=1", "clear", "a=2", "a=2", 1, TestName = "An entry changed by a request that ends after a clear is set again")]
    [TestCase("a=1", "a=2", "a=2", "a=2", 0, TestName = "The same change on both sides is no conflict")]
    [TestCase("user=ann", "clear", "visited=cart", "visited=cart", 0, TestName = "After a clear a slow request saves what it set and not the user")]
    public async Task A_merge_follows_the_rules(string before, string quick, string slow, string after, int conflicts)
    {
        foreach (var level in new[] { LogLevel.Warning, LogLevel.Information })
        {
            Table.Clear();
            Use(static _ => { }, level);
            await PlayAsync(before.Length == 0 ? "" : $"theirs: {before}");
            using var meter = new MeterReading();
            var id = before.Length == 0 ? default(Guid?) : Table.Row(Key).SessionId;
            await PlayAsync($"mine: load; {string.Join("; ", quick.Split(';').Select(static steps => $"theirs: {steps}"))}; mine: {slow}");

            Assert.That(Table.Entries(Key), Is.EqualTo(after), $"{level}");
            Assert.That(id, Is.Null.Or.EqualTo(Table.Row(Key).SessionId), "the session is the one that was there first");
            Assert.That(meter.Conflicts, Is.EqualTo(conflicts));
        }
    }

    [Test]
    public async Task Any_number_of_requests_that_loaded_the_same_session_are_merged([Values] bool isNew)
    {
        if (!isNew)
            await SaveAsync(("base", "0"));

        var id = isNew ? default(Guid?) : Table.Row(Key).SessionId;
        var requests = new List<SimulatedRequest>();
        for (var number = 0; number < 12; number++)
            requests.Add(await LoadedAsync());

        foreach (var (number, request) in requests.Index())
        {
            await request.SetAsync($"entry{number}", $"{number}");
            await request.EndAsync();
            id ??= Table.Row(Key).SessionId;
        }

        Assert.That(Table.Row(Key).SessionId, Is.EqualTo(id), "the first save gives the session its id");
        var entries = Enumerable.Range(0, 12).Select(number => $"entry{number}={number}");
        Assert.That(Table.Row(Key).Entries.Split(' '), Is.EqualTo(isNew ? entries : entries.Prepend("base=0")));
    }

    [Test]
    public async Task Requests_on_two_nodes_are_merged()
    {
        await PlayAsync("theirs: a=1; mine: load; theirs: b=2; mine: c=3", others: NewNode());

        Assert.That(Table.Entries(Key), Is.EqualTo("a=1 b=2 c=3"));
    }

    [Test]
    public async Task A_session_cleared_and_begun_anew_in_one_request_is_a_change_like_any_other([Values] bool commitsBetween, [LogLevels] LogLevel level)
    {
        Use(static _ => { }, level);
        await SaveAsync(("a", "1"), ("b", "1"));
        var before = Table.Row(Key);
        await RequestAsync(async request =>
        {
            await request.ClearAsync();
            await (commitsBetween ? request.CommitAsync() : Task.CompletedTask);
            await request.SetAsync("b", "2");
        });

        Assert.That(Table.Entries(Key), Is.EqualTo("b=2"));
        Assert.That((Table.Row(Key).SessionId, Table.Row(Key).CreatedAt), Is.EqualTo((before.SessionId, before.CreatedAt)));
    }

    [Test]
    public async Task A_session_is_set_and_read_and_emptied_and_set_again()
    {
        await SaveAsync(("a", "1"));
        await RequestAsync(async request => Assert.That(await request.GetAsync("a"), Is.EqualTo("1")));
        await RequestAsync(request => request.RemoveAsync("a"));
        await RequestAsync(async request => Assert.That(await request.GetAsync("a"), Is.Null));
        await SaveAsync(("a", "2"));
        await RequestAsync(async request => Assert.That(await request.GetAsync("a"), Is.EqualTo("2")));
    }

    [Test]
    public async Task Names_and_values_may_be_any_text()
    {
        await SaveAsync(("☃", "雪"), ("", "no name"), ("no value", ""), ("a b=c", "line\nbreak"));
        var slow = await LoadedAsync();
        await SaveAsync(("😀", "astral"));
        await slow.SetAsync("☃", "❄");
        await slow.EndAsync();

        Assert.That(
            SessionBytes.Entries(Table.Row(Key).Value),
            Is.EqualTo(new[] { ("☃", "❄"), ("", "no name"), ("no value", ""), ("a b=c", "line\nbreak"), ("😀", "astral") }));
    }

    [Test]
    public async Task Large_sessions_are_merged()
    {
        var filling = new string('x', 300_000);
        await SaveAsync(("large", filling));
        var slow = await LoadedAsync();
        await SaveAsync([.. Enumerable.Range(0, 500).Select(number => ($"theirs{number}", "1"))]);
        await slow.SetAsync("ours", filling);
        await slow.EndAsync();

        var entries = SessionBytes.Entries(Table.Row(Key).Value);
        Assert.That(entries, Has.Count.EqualTo(502));
        Assert.That(entries[0], Is.EqualTo(("large", filling)));
        Assert.That(entries[^1], Is.EqualTo(("ours", filling)));
    }

    [Test]
    public async Task An_entry_that_both_requests_changed_is_named_in_the_log()
    {
        await PlayAsync("theirs: cart=1 user=1; mine: load; theirs: cart=2 user=2; mine: cart=3");

        Assert.That(Node.Logs.At(LogLevel.Debug), Has.One.Contains("cart").And.None.Contains("user"));
    }

    [Test]
    public async Task Values_that_are_no_sessions_are_overwritten_in_a_request_too()
    {
        await Cache.SetAsync("page", [1], Expires.ByDefault);
        var slow = Begin();
        await slow.RunAsync(cache => cache.GetAsync("page"));
        await Cache.SetAsync("page", [2], Expires.ByDefault);
        await slow.RunAsync(async cache =>
        {
            Assert.That(await cache.GetAsync("page"), Is.EqualTo(new byte[] { 2 }));
            await cache.SetAsync("page", [3], Expires.ByDefault);
        });
        await slow.EndAsync();

        Assert.That(Table.Row("page").Value, Is.EqualTo(new byte[] { 3 }));
    }

    [Test]
    public async Task Sessions_saved_outside_a_request_are_overwritten()
    {
        await SaveAsync(("a", "1"));
        var payload = SessionBytes.Of(Guid.NewGuid(), ("b", "2"));
        await Cache.SetAsync(Key, payload, Expires.ByDefault);

        Assert.That(Table.Row(Key).Value, Is.EqualTo(payload));
    }
}

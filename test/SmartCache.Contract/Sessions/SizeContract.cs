namespace SmartCache.Contract.Sessions;

/// <summary>A value too large is refused whole, and only when it would have to be saved; nothing is ever truncated.</summary>
public abstract class SizeContract<TEngine>(CallStyle style, ConcurrencyMode mode) : SessionContract<TEngine>(style, mode)
    where TEngine : TestEngine, new()
{
    private const int Limit = 1_000;
    private const int Header = 20;
    private const int EntryOverhead = 7;

    protected override void Configure(SmartCacheOptions options)
    {
        base.Configure(options);
        options.MaxValueSize = Limit;
    }

    [Test]
    public async Task A_value_of_the_exact_size_is_saved()
    {
        await Cache.SetAsync("page", new byte[Limit], Expires.ByDefault);

        Assert.That(Table.Row("page").Value, Has.Length.EqualTo(Limit));
    }

    [Test]
    public async Task A_value_one_byte_larger_is_refused_and_what_was_there_stays()
    {
        await Cache.SetAsync("page", [1], Expires.ByDefault);

        var exception = Assert.ThrowsAsync<CacheValueTooLargeException>(() => Cache.SetAsync("page", new byte[Limit + 1], Expires.ByDefault));
        Assert.That(exception.Size, Is.EqualTo(Limit + 1));
        Assert.That(exception.Limit, Is.EqualTo(Limit));
        Assert.That(exception.Message, Does.Contain(exception.KeyHash).And.Contain("1001").And.Contain("1000").And.Not.Contain("page"));
        Assert.That(Table.Row("page").Value, Is.EqualTo(new byte[] { 1 }));
    }

    [Test]
    public async Task A_session_of_the_exact_size_is_saved()
    {
        await SaveAsync(("a", Filling(Limit)));

        Assert.That(Table.Row(Key).Value, Has.Length.EqualTo(Limit));
    }

    [Test]
    public async Task A_session_one_byte_larger_is_refused_and_what_was_there_stays()
    {
        await SaveAsync(("a", "1"));
        var request = await LoadedAsync();
        await request.SetAsync("a", Filling(Limit + 1));

        Assert.That(() => request.EndAsync(), Throws.TypeOf<CacheValueTooLargeException>().With.Property("Size").EqualTo(Limit + 1));
        Assert.That(Table.Entries(Key), Is.EqualTo("a=1"));
    }

    [Test]
    public async Task A_new_session_too_large_gets_no_row()
    {
        var request = await LoadedAsync();
        await request.SetAsync("a", Filling(Limit + 1));

        Assert.That(() => request.EndAsync(), Throws.TypeOf<CacheValueTooLargeException>());
        Assert.That(Table.Count(), Is.Zero);
    }

    [Test]
    public async Task A_merged_session_of_the_exact_size_is_saved()
    {
        var slow = await LoadedAsync();
        await SaveAsync(("a", Filling(Limit - 100)));
        await slow.SetAsync("b", new string('x', 100 - EntryOverhead));
        await slow.EndAsync();

        Assert.That(Table.Row(Key).Value, Has.Length.EqualTo(Limit));
    }

    [Test]
    public async Task A_merged_session_one_byte_larger_is_refused_and_theirs_stays()
    {
        var slow = await LoadedAsync();
        await SaveAsync(("a", Filling(Limit - 100)));
        var before = Table.Row(Key);
        await slow.SetAsync("b", new string('x', 101 - EntryOverhead));

        Assert.That(() => slow.EndAsync(), Throws.TypeOf<CacheValueTooLargeException>().With.Property("Size").EqualTo(Limit + 1));
        Assert.That(Table.Row(Key).Value, Is.EqualTo(before.Value));
    }

    [Test]
    public async Task A_session_too_large_is_refused_before_the_merge_could_make_it_smaller()
    {
        await SaveAsync(("a", Filling(Limit)));
        var slow = await LoadedAsync();
        await RequestAsync(quick => quick.RemoveAsync("a"));
        await slow.SetAsync("b", "1");

        Assert.That(() => slow.EndAsync(), Throws.TypeOf<CacheValueTooLargeException>());
        Assert.That(Table.Entries(Key), Is.Empty);
    }

    // fast_sessions raised its overflow error only when a save was due.
    [Test]
    public async Task A_session_too_large_that_need_not_be_saved_is_no_error()
    {
        await LargerOnAnotherNodeAsync();
        await RequestAsync(async request => await request.SetAsync("a", (await request.GetAsync("a"))!));
        await RequestAsync(async request =>
        {
            await request.SetAsync("a", "2");
            await request.SetAsync("b", Filling(Limit * 2));
            request.Context.SkipSessionSave();
        });

        Assert.That(Table.Row(Key).Value, Has.Length.EqualTo(Limit + 1));
    }

    [Test]
    public async Task A_session_too_large_is_still_read()
    {
        await LargerOnAnotherNodeAsync();

        await RequestAsync(async request => Assert.That(await request.GetAsync("a"), Is.Not.Null));
    }

    [Test]
    public async Task A_request_refused_may_make_its_session_smaller_and_commit_again()
    {
        var request = await LoadedAsync();
        await request.SetAsync("a", "1");
        await request.SetAsync("b", Filling(Limit));
        Assert.That(() => request.CommitAsync(), Throws.TypeOf<CacheValueTooLargeException>());
        await request.RemoveAsync("b");
        await request.EndAsync();

        Assert.That(Table.Entries(Key), Is.EqualTo("a=1"));
    }

    /// <summary>The value of one entry that makes a session so large.</summary>
    private static string Filling(int size) => new('x', size - Header - EntryOverhead);

    private async Task LargerOnAnotherNodeAsync()
    {
        var generous = NewNode(options => options.MaxValueSize = Limit * 2);
        await RequestAsync(request => request.SetAsync("a", Filling(Limit + 1)), generous);
    }
}

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
    public async Task A_value_of_the_exact_size_is_written_and_one_byte_larger_is_refused_and_leaves_it()
    {
        await Cache.SetAsync("page", new byte[Limit], Expires.ByDefault);

        var exception = Assert.ThrowsAsync<CacheValueTooLargeException>(() => Cache.SetAsync("page", new byte[Limit + 1], Expires.ByDefault));
        Assert.That((exception.Size, exception.Limit), Is.EqualTo((Limit + 1, Limit)));
        Assert.That(exception.Message, Does.Contain(exception.KeyHash).And.Contain("1001").And.Contain("1000").And.Not.Contain("page"));
        Assert.That(Table.Row("page").Value, Has.Length.EqualTo(Limit));
    }

    [Test]
    public async Task A_session_of_the_exact_size_is_saved_and_one_byte_larger_is_refused_and_leaves_it()
    {
        await SaveAsync(("a", Filling(Limit)));
        Assert.That(Table.Row(Key).Value, Has.Length.EqualTo(Limit));

        var request = await LoadedAsync();
        await request.SetAsync("a", Filling(Limit + 1));
        Assert.That(() => request.EndAsync(), Throws.TypeOf<CacheValueTooLargeException>().With.Property("Size").EqualTo(Limit + 1));
        Assert.That(Table.Row(Key).Value, Has.Length.EqualTo(Limit));
    }

    [Test]
    public async Task A_merged_session_of_the_exact_size_is_saved_and_one_byte_larger_is_refused_and_leaves_theirs([Values] bool isTooLarge)
    {
        var slow = await LoadedAsync();
        await SaveAsync(("a", Filling(Limit - 100)));
        var before = Table.Row(Key);
        await slow.SetAsync("b", new string('x', (isTooLarge ? 101 : 100) - EntryOverhead));

        Assert.That(() => slow.EndAsync(), isTooLarge ? Throws.TypeOf<CacheValueTooLargeException>().With.Property("Size").EqualTo(Limit + 1) : Throws.Nothing);
        Assert.That(Table.Row(Key).Value, isTooLarge ? Is.EqualTo(before.Value) : Has.Length.EqualTo(Limit));
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
    public async Task A_session_too_large_is_read_and_is_no_error_if_it_need_not_be_saved()
    {
        await LargerOnAnotherNodeAsync();
        await RequestAsync(async request =>
        {
            var value = await request.GetAsync("a");
            Assert.That(value, Is.Not.Null, "it is still read");
            await request.SetAsync("a", value!);
        });
        await RequestAsync(async request =>
        {
            await request.SetAsync("a", "2");
            await request.SetAsync("b", Filling(Limit * 2));
            request.Context.SkipSessionSave();
        });

        Assert.That(Table.Row(Key).Value, Has.Length.EqualTo(Limit + 1));
    }

    [Test]
    public async Task A_request_refused_may_make_its_session_smaller_and_commit_again()
    {
        var request = await LoadedAsync();
        await request.SetAsync("a", "1");
        await request.SetAsync("b", Filling(Limit));
        Assert.That(() => request.CommitAsync(), Throws.TypeOf<CacheValueTooLargeException>());
        Assert.That(Table.Count(), Is.Zero);
        await request.RemoveAsync("b");
        await request.EndAsync();

        Assert.That(Table.Entries(Key), Is.EqualTo("a=1"));
    }

    private static string Filling(int size) => new('x', size - Header - EntryOverhead);

    private async Task LargerOnAnotherNodeAsync()
    {
        var generous = NewNode(options => options.MaxValueSize = Limit * 2);
        await RequestAsync(request => request.SetAsync("a", Filling(Limit + 1)), generous);
    }
}

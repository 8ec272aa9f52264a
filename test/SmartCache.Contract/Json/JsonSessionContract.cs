namespace SmartCache.Contract.Json;

/// <summary>JSON and binary rows live side by side: each is read whatever the setting says, and changes its format when it is next written.</summary>
[NewestRelease]
public abstract class JsonSessionContract<TEngine>(CallStyle style, ConcurrencyMode mode) : SessionContract<TEngine>(style, mode)
    where TEngine : TestEngine, new()
{
    private const int Binary = 1;
    private const int Json = 2;

    protected override void Configure(SmartCacheOptions options)
    {
        base.Configure(options);
        options.PayloadFormat = PayloadFormat.Json;
    }

    [Test]
    public async Task A_changed_session_is_saved_in_the_configured_format()
    {
        var binary = NewBinaryNode();
        await RequestAsync(request => request.SetAsync("a", "1"), binary);
        Assert.That(Table.Row(Key).Format, Is.EqualTo(Binary));

        await RequestAsync(request => request.SetAsync("b", "2"));
        Assert.That(Table.Row(Key).Format, Is.EqualTo(Json));
        Assert.That(await EntriesAsync(), Is.EqualTo("a=1 b=2"));

        await RequestAsync(request => request.SetAsync("a", "3"), binary);
        Assert.That(Table.Row(Key).Format, Is.EqualTo(Binary));
        Assert.That(await EntriesAsync(), Is.EqualTo("a=3 b=2"));
    }

    [Test]
    public async Task A_session_that_did_not_change_is_not_converted([Values] bool toJson)
    {
        var (first, second) = toJson ? (NewBinaryNode(), Node) : (Node, NewBinaryNode());
        await RequestAsync(request => request.SetAsync("a", "1"), first);
        var before = Table.Row(Key);
        await RequestAsync(
            async request =>
            {
                Assert.That(await request.GetAsync("a"), Is.EqualTo("1"));
                await request.SetAsync("a", "1");
            },
            second);

        Assert.That(Table.Row(Key).Format, Is.EqualTo(before.Format));
        Assert.That(Table.Row(Key).Version, Is.EqualTo(before.Version));
        Assert.That(Table.Row(Key).Value, Is.EqualTo(before.Value));
    }

    [Test]
    public async Task Requests_of_both_formats_merge_and_begin_one_session_between_them([Values] bool slowIsJson, [Values] bool isNew)
    {
        await (isNew ? Task.CompletedTask : SaveAsync(("a", "1"), ("b", "☃")));
        var (slowNode, quickNode) = slowIsJson ? (Node, NewBinaryNode()) : (NewBinaryNode(), Node);
        var slow = await LoadedAsync(slowNode);
        await RequestAsync(
            async quick =>
            {
                await quick.SetAsync("a", "2");
                await quick.SetAsync("c", "3");
            },
            quickNode);
        await slow.SetAsync("b", "☃☃");
        await slow.EndAsync();

        Assert.That(Table.Row(Key).Format, Is.EqualTo(slowIsJson ? Json : Binary));
        Assert.That(await EntriesAsync(), Is.EqualTo(isNew ? "a=2 c=3 b=☃☃" : "a=2 b=☃☃ c=3"));
    }

    [Test]
    public async Task A_session_with_a_NUL_in_a_name_is_saved_in_binary()
    {
        await SaveAsync(("a", "1"));
        await SaveAsync(("nul\0", "2"));
        Assert.That(Table.Row(Key).Format, Is.EqualTo(Binary));
        Assert.That(await EntriesAsync(), Is.EqualTo("a=1 nul\0=2"));

        await RequestAsync(request => request.RemoveAsync("nul\0"));
        Assert.That(Table.Row(Key).Format, Is.EqualTo(Json), "as soon as it can be");
    }

    [TestCase("")]
    [TestCase("[]")]
    [TestCase("""{"id":"0d6b3c1e-7f0a-4c57-9d0e-6f3f2b1f8a11","entries":{"a":"1""")]
    [TestCase("""{"id":"0d6b3c1e-7f0a-4c57-9d0e-6f3f2b1f8a11","entries":{"a":"1","a":"2"}}""")]
    public async Task Damaged_JSON_counts_as_absent_and_is_logged_and_replaced(string json)
    {
        await SaveAsync(("a", "1"));
        Table.Tamper(Key, "value", Encoding.UTF8.GetBytes(json));
        await RequestAsync(async request =>
        {
            Assert.That((await request.LoadAsync()).Keys, Is.Empty);
            await request.SetAsync("b", "2");
        });

        Assert.That(await EntriesAsync(), Is.EqualTo("b=2"));
        Assert.That(Node.Logs.At(Microsoft.Extensions.Logging.LogLevel.Warning), Has.Some.Contains("does not contain a whole session"));
    }

    [Test]
    public async Task JSON_damaged_while_a_request_runs_is_replaced_by_its_save()
    {
        await SaveAsync(("a", "1"), ("b", "2"));
        var slow = await LoadedAsync();
        Table.Tamper(Key, "value", Table.Row(Key).Value[..^3]);
        await slow.SetAsync("c", "3");
        await slow.EndAsync();

        Assert.That(await EntriesAsync(), Is.EqualTo("a=1 b=2 c=3"));
    }

    [Test]
    public async Task The_size_limit_is_one_on_the_bytes_of_the_JSON_also_of_the_merged_one([Values] bool isMerged)
    {
        await SaveAsync(("a", "\0\0\0\0"), ("b", "☃"));
        var size = Table.Row(Key).Value.Length;
        foreach (var limit in new[] { size, size - 1 })
        {
            Table.Clear();
            var request = Begin(NewNode(options => options.MaxValueSize = limit));
            await request.SetAsync("b", "☃");
            await (isMerged ? SaveAsync(("a", "\0\0\0\0")) : request.SetAsync("a", "\0\0\0\0"));
            var before = Table.Find(Key);

            var refused = Throws.TypeOf<CacheValueTooLargeException>().With.Property("Size").EqualTo(size).And.Property("Limit").EqualTo(limit);
            Assert.That(() => request.EndAsync(), limit == size ? Throws.Nothing : refused);
            Assert.That(Table.Find(Key)?.Value, limit == size ? Has.Length.EqualTo(size) : Is.EqualTo(before?.Value));
        }
    }

    private Node NewBinaryNode() => NewNode(options => options.PayloadFormat = PayloadFormat.Binary);

    /// <summary>What an app sees, whichever format it is set to: both must see the same.</summary>
    private async Task<string> EntriesAsync()
    {
        var (json, binary) = (await Cache.GetAsync(Key), await NewBinaryNode().Cache.GetAsync(Key));
        Assert.That(json, Is.EqualTo(binary));
        return SessionBytes.Text(json!);
    }
}

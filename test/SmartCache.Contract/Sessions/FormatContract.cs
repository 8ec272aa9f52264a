namespace SmartCache.Contract.Sessions;

/// <summary>A session cut short does not break its user's every request (spring-session 529). What only a newer version can read survives.</summary>
[NewestRelease]
public abstract class FormatContract<TEngine>(CallStyle style, ConcurrencyMode mode) : SessionContract<TEngine>(style, mode)
    where TEngine : TestEngine, new()
{
    private const int Opaque = 0;
    private const int Session = 1;

    [Test]
    public async Task A_row_says_whether_it_holds_a_session()
    {
        await SaveAsync(("a", "1"));
        await Cache.SetAsync("page", [1, 2, 3], Expires.ByDefault);

        Assert.That(Table.Row(Key).Format, Is.EqualTo(Session));
        Assert.That(Table.Row("page").Format, Is.EqualTo(Opaque));
    }

    [Test]
    public async Task Bytes_that_only_resemble_a_session_come_back_as_they_are()
    {
        byte[] payload = [.. SessionBytes.Of(Guid.Empty, ("a", "1"), ("b", "2")), 0];
        await RequestAsync(request => request.RunAsync(async cache =>
        {
            await cache.GetAsync("page");
            await cache.SetAsync("page", payload, Expires.ByDefault);
        }));

        Assert.That(Table.Row("page").Format, Is.EqualTo(Opaque));
        Assert.That(await Cache.GetAsync("page"), Is.EqualTo(payload));
    }

    [Test]
    public async Task A_session_cut_short_counts_as_absent_and_is_logged_and_replaced()
    {
        await SaveAsync(("a", "1"), ("b", "2"));
        CutShort();
        await RequestAsync(async request =>
        {
            Assert.That((await request.LoadAsync()).Keys, Is.Empty);
            await request.SetAsync("c", "3");
        });

        Assert.That(Table.Entries(Key), Is.EqualTo("c=3"));
        Assert.That(Node.Logs.At(LogLevel.Warning), Has.Some.Contains("does not contain a whole session"));
    }

    [Test]
    public async Task A_session_cut_short_while_a_request_runs_is_replaced_by_its_save()
    {
        await SaveAsync(("a", "1"), ("b", "2"));
        var slow = await LoadedAsync();
        CutShort();
        await slow.SetAsync("c", "3");
        await slow.EndAsync();

        Assert.That(Table.Entries(Key), Is.EqualTo("a=1 b=2 c=3"));
    }

    [Test]
    public async Task A_session_cut_short_and_only_read_is_left_as_it_is()
    {
        await SaveAsync(("a", "1"));
        CutShort();
        var before = Table.Row(Key);
        await RequestAsync(request => request.LoadAsync());
        await Node.Inner.FlushAsync();

        Assert.That(Table.Row(Key).Value, Is.EqualTo(before.Value));
    }

    [TestCase(-1)]
    [TestCase(99)]
    [TestCase(int.MaxValue)]
    public async Task A_row_of_an_unknown_format_is_an_error_to_its_reader(int format)
    {
        await SaveAsync(("a", "1"));
        WriteAsANewerVersionWould(format);

        Assert.That(() => Cache.GetAsync(Key), Throws.InstanceOf<NotSupportedException>().With.Message.Contains($" {format}").And.Message.Not.Contains(Key));
    }

    [Test]
    public async Task A_row_of_an_unknown_format_is_never_overwritten_by_a_session([Values] bool beganFirst)
    {
        var slow = Begin();
        await (beganFirst ? slow.LoadAsync() : Task.CompletedTask);
        await SaveAsync(("a", "1"));
        await slow.LoadAsync();
        WriteAsANewerVersionWould();
        var before = Table.Row(Key);
        await slow.SetAsync("b", "2");

        Assert.That(() => slow.EndAsync(), Throws.InstanceOf<NotSupportedException>());
        Assert.That((Table.Row(Key).Version, Table.Row(Key).Value), Is.EqualTo((before.Version, before.Value)));
    }

    [Test]
    public async Task A_row_of_an_unknown_format_is_not_overwritten_by_a_session_that_could_not_load_it()
    {
        await SaveAsync(("a", "1"));
        WriteAsANewerVersionWould();
        var before = Table.Row(Key);
        var request = Begin();
        Assert.That(() => request.SetAsync("b", "2"), Throws.Exception);
        await request.EndAsync();

        Assert.That(Table.Row(Key).Version, Is.EqualTo(before.Version));
    }

    private void CutShort() => Table.Tamper(Key, "value", Table.Row(Key).Value[..^3]);

    /// <summary>Another format, and a version of its own as every write of a value has.</summary>
    private void WriteAsANewerVersionWould(int format = 99)
    {
        Table.Tamper(Key, "format", format);
        Table.Tamper(Key, "version", 4711L);
    }
}

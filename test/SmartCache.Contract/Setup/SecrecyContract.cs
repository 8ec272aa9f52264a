using System.Text.RegularExpressions;

namespace SmartCache.Contract.Setup;

/// <summary>A reader of logs or traces learns no key, no value and no password.</summary>
public abstract class SecrecyContract<TEngine>(CallStyle style) : StyledContract<TEngine>(style)
    where TEngine : TestEngine, new()
{
    private const string Secret = "5ec2e7a0";

    private readonly List<string> _texts = [];
    private readonly ConcurrentQueue<string> _traces = [];

    [Test]
    public async Task No_message_no_exception_and_no_trace_shows_a_key_a_value_or_a_password([Values] bool isSecured)
    {
        using var listener = new ActivityListener
        {
            ShouldListenTo = static _ => true,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity => _traces.Enqueue(TextOf(activity)),
        };
        ActivitySource.AddActivityListener(listener);
        _texts.Clear();
        _traces.Clear();
        Use(options =>
        {
            (options.ExpiredRemovalInterval, options.MaxValueSize) = (TimeSpan.FromMinutes(5), 10_000);
            (options.StoreKeyHash, options.ProtectPayload) = (isSecured || options.StoreKeyHash, isSecured);
            options.Merge.Entry("cart").MergeJson();
        });
        await LiveAnOrdinaryLifeAsync();
        await MeetOddRowsAsync(isSecured);
        await PassBadArgumentsAsync();
        await WithoutTheTableAsync(FailAsync);
        await EndTheLifeAsync();

        var logged = Node.Logs.Lines.Where(line => line.Category.StartsWith("SmartCache", StringComparison.Ordinal)).Select(line => line.Text).ToList();
        Assert.That(logged, Has.Count.GreaterThan(5), "there is something to look at");
        Assert.That(_texts, Has.Count.GreaterThan(5));
        Assert.That(logged.Concat(_texts), Has.None.Contains(Secret).And.None.Contains(Secret[..6]));
        foreach (var secret in new[] { Secret, Convert.ToHexString(Encoding.UTF8.GetBytes(Secret)), Password }.Where(static secret => !string.IsNullOrEmpty(secret)))
            Assert.That(logged.Concat(_texts).Concat(_traces), Has.None.Contains(secret!).IgnoreCase);
    }

    [Test]
    public async Task Messages_tell_sessions_apart_by_a_short_hash_of_their_key()
    {
        var key = SimulatedRequest.NewKey();
        Task SaveAsync(string value) => SimulatedRequest.SaveAsync(Node, key, "a", value);

        await SaveAsync("1");
        var (merged, discarded) = (new SimulatedRequest(Node, key), new SimulatedRequest(Node, key));
        await merged.SetAsync("a", "2");
        await SaveAsync("3");
        await merged.EndAsync();
        await discarded.SetAsync("a", "4");
        await Cache.RemoveAsync(key);
        await discarded.EndAsync();
        await SaveAsync("5");
        Table.Tamper(key, "value", new byte[] { 2, 0, 0 });
        await SaveAsync("6");

        var ours = Node.Logs.Lines.Where(line => line.Category.StartsWith(nameof(SmartCache), StringComparison.Ordinal)).Select(line => line.Text).ToList();
        Assert.That(ours, Has.None.Contains(key));
        var hashes = ours.Select(text => Regex.Match(text, "key hash ([0-9a-f]+)").Groups[1].Value).Where(hash => hash.Length > 0).ToList();
        Assert.That(hashes, Has.Count.AtLeast(3));
        Assert.That(hashes.Distinct(), Has.Exactly(1).Length.EqualTo(8));
    }

    private string? Password =>
        new DbConnectionStringBuilder { ConnectionString = Engine.ConnectionString }.TryGetValue("Password", out var password) ? $"{password}" : null;

    private static string Key(string name) => $"{Secret} {name}";

    private async Task LiveAnOrdinaryLifeAsync()
    {
        await Cache.SetAsync(Key("page"), Encoding.UTF8.GetBytes(Secret), Expires.ByDefault);
        await Cache.GetAsync(Key("page"));
        await Cache.RefreshAsync(Key("page"));

        var slow = new SimulatedRequest(Node, Key("session"));
        await slow.SetAsync("a", "1");
        await SimulatedRequest.SaveAsync(Node, Key("session"), "a", "2");
        await slow.EndAsync();

        slow = new SimulatedRequest(Node, Key("session"));
        await slow.SetAsync("cart", $"t{Secret}");
        await SimulatedRequest.SaveAsync(Node, Key("session"), "cart", "{}");
        await TryAsync(() => slow.CommitAsync());

        var discarded = new SimulatedRequest(Node, Key("session"));
        await discarded.SetAsync("a", "3");
        await Cache.RemoveAsync(Key("session"));
        await discarded.EndAsync();
    }

    private async Task MeetOddRowsAsync(bool isSecured)
    {
        foreach (var (name, column, content) in new (string, string, object)[] { ("cut", "value", new byte[] { 2, 0 }), ("newer", "format", 99) })
        {
            await SimulatedRequest.SaveAsync(Node, Key(name), "a", Secret);
            (isSecured ? Table.UnderHashes : Table).Tamper(Key(name), column, content);
            await TryAsync(() => Cache.GetAsync(Key(name)));
        }

        var unread = new SimulatedRequest(Node, Key("unread"));
        await unread.RunAsync(cache => cache.SetAsync(Key("unread"), Rows.SessionBytes.Of(Guid.Empty, ("a", "1")), Expires.ByDefault));
    }

    private async Task PassBadArgumentsAsync()
    {
        await TryAsync(() => Cache.GetAsync(Key("\ud800")));
        await TryAsync(() => Cache.GetAsync(Key(new string('x', 1024))));
        await TryAsync(() => Cache.SetAsync(Key("page"), null!, Expires.ByDefault));
        await TryAsync(() => Cache.SetAsync(Key("page"), [1], Expires.At(Time.GetUtcNow())));
        await TryAsync(() => Cache.SetAsync(Key("page"), new byte[10_001], Expires.ByDefault));
    }

    private async Task FailAsync()
    {
        await TryAsync(() => Cache.GetAsync(Key("page")));
        await TryAsync(() => Cache.SetAsync(Key("page"), [1], Expires.ByDefault));
        await TryAsync(() => Cache.RemoveAsync(Key("page")));
        await Cache.RefreshAsync(Key("page"));
        await TryAsync(() => Node.Inner.FlushAsync());
        await TryAsync(() => Node.Inner.RemoveExpiredAsync());
        Time.Advance(TimeSpan.FromMinutes(10));

        // Both work in the background, and only without the table they fail.
        foreach (var failure in new[] { "Expired rows", "Touches could not be written; they wait" })
            Assert.That(() => Node.Logs.Lines, Has.Some.Property(nameof(LogLine.Text)).Contains(failure).After(60).Seconds.PollEvery(5).MilliSeconds);
    }

    private async Task EndTheLifeAsync()
    {
        Time.Advance(TimeSpan.FromHours(1));
        await Node.Inner.RemoveExpiredAsync();
        await Node.DisposeAsync();
        await TryAsync(() => Cache.GetAsync(Key("page")));
    }

    private static string TextOf(Activity activity) => string.Join(' ', [
        activity.DisplayName,
        .. activity.TagObjects.Select(static tag => $"{tag.Key}={tag.Value}"),
        .. activity.Events.SelectMany(static happened => happened.Tags.Select(static tag => $"{tag.Key}={tag.Value}")),
    ]);

    private async Task TryAsync(Func<Task> what)
    {
        try
        {
            await what();
        }
        catch (Exception exception)
        {
            _texts.Add(exception.ToString());
        }
    }
}

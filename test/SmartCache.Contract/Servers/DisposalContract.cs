namespace SmartCache.Contract.Servers;

/// <summary>An app that ends does not wait for a database host that has gone silent.</summary>
[StyleVariants(differ: true)]
public abstract class DisposalContract<TEngine>(CallStyle style) : StyledContract<TEngine>(style)
    where TEngine : ServerEngine, new()
{
    /// <summary>Five seconds, and some for a busy machine.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(8);

    private StallingRelay _network = null!;

    [SetUp]
    public void StartNetwork() => _network = new StallingRelay(Engine.Endpoint.Host, Engine.Endpoint.Port);

    [TearDown]
    public async Task EndNetwork()
    {
        _network.GoOn();
        await _network.DisposeAsync();
    }

    [TestCase(true)]
    [TestCase(false, Category = NightlyAttribute.Mark)]
    public async Task Disposal_gives_up_a_silent_host(bool whileAFlushIsUnderWay)
    {
        var node = NewNode(options => options.ConnectionString = Engine.ConnectThrough(_network.Port), TimeProvider.System);
        await node.Cache.SetAsync("key", [1], Expires.Sliding(TimeSpan.FromMinutes(20)));
        await node.Inner.RefreshAsync("key");
        _network.Stall();
        var flush = whileAFlushIsUnderWay ? node.Inner.FlushAsync() : Task.CompletedTask;
        var clock = Stopwatch.StartNew();
        await node.Cache.CloseAsync();
        Assert.That(clock.Elapsed, Is.LessThan(Limit));
        Assert.That(node.Logs.At(LogLevel.Warning), Has.Exactly(1).Contains("while the cache was shut down"));
        _network.GoOn();
        await flush.ContinueWith(static _ => { }, TaskScheduler.Default);
    }

    [Test]
    public async Task Disposal_is_quick_if_the_database_answers()
    {
        var node = NewNode(time: TimeProvider.System);
        await node.Cache.SetAsync("key", [1], Expires.Sliding(TimeSpan.FromMinutes(20)));
        await node.Inner.RefreshAsync("key");
        await node.Cache.CloseAsync();
        Assert.That(node.Logs.At(LogLevel.Warning), Is.Empty);
    }

}

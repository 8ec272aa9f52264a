namespace SmartCache.Contract.Expiry;

/// <summary>A touch counts on its node from its first moment, also while it is being written.</summary>
public abstract class OverlappingFlushContract<TEngine> : EngineContract<TEngine>
    where TEngine : TestEngine, new()
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private PausingSource _connections = null!;
    private Node _node = null!;

    [SetUp]
    public async Task CreateNode()
    {
        _node = Owned(new Node(
            Engine, Table.Name, Time, CallStyle.Asynchronous, intercept: connections => _connections = new PausingSource(connections)));
        await _node.Inner.SetAsync("key", [1], Expires.Sliding(Window));
        Time.Advance(Window - Second);
    }


    [Test]
    public async Task A_read_while_a_touch_is_being_written_knows_of_it([Values] bool refreshesOnly)
    {
        var flush = _connections.BeforeNextWrite();
        await (refreshesOnly ? _node.Inner.RefreshAsync("key") : _node.Inner.GetAsync("key"));
        Time.Advance(Second);
        await flush.Reached;
        var read = await _node.Inner.GetAsync("key");
        flush.Open();

        Assert.That(read, Is.Not.Null);
    }

    /// <summary>Requests without a cookie refresh keys that nobody has seen, and go on doing so.</summary>
    [Test]
    public async Task A_flush_writes_the_touches_that_waited_when_it_began_and_ends([Values] bool sweeps)
    {
        BusySource connections = null!;
        await using var node = new Node(Engine, Table.Name, Time, CallStyle.Asynchronous, intercept: inner => connections = new BusySource(inner));
        await node.Inner.GetAsync("finds the table");
        var keys = 0;
        connections.BeforeWrite = () => node.Inner.Refresh($"no such key {++keys}");
        await node.Inner.RefreshAsync("no such key");
        await (sweeps ? node.Inner.RemoveExpiredAsync() : node.Inner.FlushAsync());
        var statements = keys;
        Assert.That(statements, sweeps ? Is.GreaterThan(1) : Is.EqualTo(1));

        connections.BeforeWrite = null;
        await node.Inner.FlushAsync();
        Assert.That(connections.Writes - statements, Is.EqualTo(1), "what came meanwhile goes with the next one");
    }

    [Test]
    public async Task A_read_that_began_before_a_touch_was_written_and_ends_after_knows_of_it()
    {
        var flush = _connections.BeforeNextWrite();
        await _node.Inner.GetAsync("key");
        Time.Advance(Second);
        await flush.Reached;
        var reading = _connections.AfterNextRead();
        var read = _node.Inner.GetAsync("key");
        await reading.Reached;
        flush.Open();
        await _node.Inner.FlushAsync();
        reading.Open();

        Assert.That(await read, Is.Not.Null);
    }
}

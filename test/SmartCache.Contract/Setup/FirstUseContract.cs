namespace SmartCache.Contract.Setup;

/// <summary>Requests that come together before the table has been seen: one looks for it and creates it, the others wait for that one.</summary>
public abstract class FirstUseContract<TEngine> : EngineContract<TEngine>
    where TEngine : TestEngine, new()
{
    private const int Others = 9;

    private FaultySource _faults = null!;
    private PausingSource _connections = null!;
    private Node _node = null!;

    [SetUp]
    public void CreateNode()
    {
        _node = Owned(new Node(
            Engine, NewTable().Name, Time, CallStyle.Asynchronous, intercept: source => _connections = new PausingSource(_faults = new FaultySource(source))));
    }


    [Test]
    public async Task One_request_creates_the_table_for_all([Values] CallStyle style)
    {
        var creation = _connections.BeforeNextWrite();
        var first = _node.Inner.GetAsync("first");
        await creation.Reached;
        var others = ReadMany(style);
        creation.Open();
        await Task.WhenAll([first, .. others]);

        Assert.That(_connections.Writes, Is.EqualTo(1));
    }

    [Test]
    public async Task A_request_that_is_cancelled_while_it_waits_does_not_cancel_the_creation()
    {
        var creation = _connections.BeforeNextWrite();
        var first = _node.Inner.GetAsync("first");
        await creation.Reached;
        using var cancellation = new CancellationTokenSource();
        var other = _node.Inner.GetAsync("other", cancellation.Token);
        await cancellation.CancelAsync();

        Assert.That(async () => await other.WaitAsync(TimeSpan.FromSeconds(10)), Throws.InstanceOf<OperationCanceledException>());
        creation.Open();
        Assert.That(await first, Is.Null);
        Assert.That(_connections.Writes, Is.EqualTo(1));
    }

    [Test]
    public async Task If_the_request_that_creates_the_table_is_cancelled_the_next_creates_it()
    {
        var creation = _connections.BeforeNextWrite();
        using var cancellation = new CancellationTokenSource();
        var first = _node.Inner.GetAsync("first", cancellation.Token);
        await creation.Reached;
        var others = ReadMany(CallStyle.Asynchronous);
        await cancellation.CancelAsync();
        creation.Open();

        Assert.That(async () => await first, Throws.InstanceOf<OperationCanceledException>());
        await Task.WhenAll(others);
        Assert.That(_connections.Writes, Is.EqualTo(2));
    }

    /// <summary>They do not wait for one failure after the other while the database is down.</summary>
    [Test]
    public async Task If_the_creation_fails_the_other_requests_try_themselves([Values] CallStyle style)
    {
        _faults.BreakNextWrite(FaultMoment.BeforeTheWork);
        var creation = _connections.BeforeNextWrite();
        var first = _node.Inner.GetAsync("first");
        await creation.Reached;
        var others = ReadMany(style);
        creation.Open();

        Assert.That(async () => await first, Throws.TypeOf<InjectedFaultException>());
        Assert.That(async () => await Task.WhenAll(others), Throws.Nothing);
    }

    private List<Task> ReadMany(CallStyle style) => Enumerable.Range(0, Others)
        .Select(number => style == CallStyle.Asynchronous
            ? (Task)_node.Inner.GetAsync($"key {number}")
            : Task.Factory.StartNew(() => _node.Inner.Get($"key {number}"), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))
        .ToList();
}

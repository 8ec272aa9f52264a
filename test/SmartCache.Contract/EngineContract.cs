namespace SmartCache.Contract;

/// <summary>What every contract has: the engine, a table of its own that each test finds empty, and a clock.</summary>
public abstract class EngineContract<TEngine>
    where TEngine : TestEngine, new()
{
    private static int _tables;

    private readonly List<IAsyncDisposable> _cleanUp = [];

    protected TEngine Engine => Running.Of<TEngine>();

    protected RawTable Table { get; private set; } = null!;

    protected FakeTimeProvider Time { get; private set; } = null!;

    [OneTimeSetUp]
    public async Task CreateTable()
    {
        Table = NewTable();
        await using var node = new Node(Engine, Table.Name, TimeProvider.System, CallStyle.Asynchronous);
        await node.Inner.GetAsync("creates the table");
    }

    [OneTimeTearDown]
    public void DropTable() => Table.Drop();

    [SetUp]
    public void BeginTest()
    {
        Table.Clear();
        Time = TestTime.New();
    }

    [TearDown]
    public async Task EndTest()
    {
        foreach (var thing in _cleanUp)
        {
            await thing.DisposeAsync();
        }

        _cleanUp.Clear();
    }

    /// <summary>A table that no other test uses, and that does not exist yet.</summary>
    protected RawTable NewTable()
    {
        var table = new RawTable(Engine, $"{GetType().Name}_{Interlocked.Increment(ref _tables)}");
        table.Drop();
        return table;
    }

    /// <summary>Does something while the database answers every statement with an error.</summary>
    protected async Task WithoutTheTableAsync(Func<Task> what)
    {
        using var missing = new MissingTable(Engine, Table);
        await what();
    }

    /// <summary>Does so many things at really the same time, each on a thread of its own.</summary>
    protected static async Task TogetherAsync(int count, Func<int, Task> what)
    {
        using var start = new Barrier(count);
        await Task.WhenAll(Enumerable.Range(0, count).Select(number => Task.Factory.StartNew(
            () =>
            {
                Assert.That(start.SignalAndWait(Patience.Limit), "all have begun");
                return what(number);
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default).Unwrap()));
    }

    /// <summary>Has something disposed when the test is over.</summary>
    protected T Owned<T>(T thing)
        where T : IAsyncDisposable
    {
        _cleanUp.Add(thing);
        return thing;
    }
}

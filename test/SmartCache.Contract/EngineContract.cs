namespace SmartCache.Contract;

/// <summary>What every contract has: the engine, a table of its own that each test finds empty, and a clock.</summary>
public abstract class EngineContract<TEngine>
    where TEngine : TestEngine, new()
{
    private static int _names;
    private readonly Stack<IAsyncDisposable> _owned = [];
    private readonly List<RawTable> _tables = [];

    protected TEngine Engine => Running.Of<TEngine>();
    protected RawTable Table { get; private set; } = null!;
    protected FakeTimeProvider Time { get; private set; } = null!;

    [OneTimeSetUp]
    public async Task CreateTable()
    {
        Table = NameTable();
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
        while (_owned.TryPop(out var thing))
            await thing.DisposeAsync();

        _tables.ForEach(static table => table.Drop());
        _tables.Clear();
    }

    /// <summary>A table that no other test uses and that does not exist yet. It is dropped when the test is over.</summary>
    protected RawTable NewTable(string? name = null)
    {
        var table = NameTable(name);
        _tables.Add(table);
        return table;
    }

    /// <summary>Does something while the database answers every statement with an error.</summary>
    protected async Task WithoutTheTableAsync(Func<Task> what)
    {
        using var missing = new MissingTable(Engine, Table);
        await what();
    }

    /// <summary>Does many things at the same time, each on a thread of its own.</summary>
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

    protected T Owned<T>(T thing)
        where T : IAsyncDisposable
    {
        _owned.Push(thing);
        return thing;
    }

    private RawTable NameTable(string? name = null)
    {
        // Short enough for the number, and for a prefix where a test names an index after it.
        var fixture = GetType().Name;
        var table = new RawTable(Engine, name ?? $"{fixture[..Math.Min(fixture.Length, Engine.MaxNameLength - 12)]}_{Interlocked.Increment(ref _names)}");
        table.Drop();
        return table;
    }
}

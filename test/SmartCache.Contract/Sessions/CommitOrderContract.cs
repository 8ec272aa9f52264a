namespace SmartCache.Contract.Sessions;

/// <summary>What one request does to one key happens in order: each save starts from what the one before it left.</summary>
[TestFixture(ConcurrencyMode.Optimistic)]
[TestFixture(ConcurrencyMode.Pessimistic)]
public abstract class CommitOrderContract<TEngine>(ConcurrencyMode mode) : EngineContract<TEngine>
    where TEngine : TestEngine, new()
{
    private readonly string _key = SimulatedRequest.NewKey();
    private PausingSource _connections = null!;
    private Node _node = null!;

    [SetUp]
    public async Task StartNode()
    {
        _node = Owned(new Node(Engine, Table.Name, Time, CallStyle.Asynchronous, Configure, intercept: source => _connections = new PausingSource(source)));
        await _node.Inner.GetAsync("finds the table");
    }


    [Test]
    public async Task Two_commits_at_once_count_once([Values] bool isNew)
    {
        if (!isNew)
            await CountTo100Async();

        var request = await CountingAsync();
        await PausedAsync(request.CommitAsync, () => request.CommitAsync());
        await request.EndAsync();

        Assert.That(await Counting.ReadAsync(_node, _key), Is.EqualTo(isNew ? 1 : 101));
    }

    [Test]
    public async Task A_commit_that_nobody_awaits_counts_once()
    {
        await CountTo100Async();
        var request = await CountingAsync();
        await PausedAsync(request.CommitAsync, () =>
        {
            request.Session.SetInt32(Counting.Entry, request.Session.GetInt32(Counting.Entry)!.Value + 1);
            return request.EndAsync();
        });

        Assert.That(await Counting.ReadAsync(_node, _key), Is.EqualTo(102));
    }

    [Test]
    public async Task A_removal_or_a_logout_waits_for_the_save_before_it([Values] bool abandons)
    {
        var request = await CountingAsync();
        await PausedAsync(request.CommitAsync, () =>
        {
            if (abandons)
            {
                request.Context.AbandonSession();
                return request.EndAsync();
            }

            return request.RunAsync(cache => cache.RemoveAsync(_key));
        });
        await (abandons ? Task.CompletedTask : request.EndAsync());

        Assert.That(Table.Count(), Is.Zero);
    }

    [Test]
    public async Task A_save_that_is_cancelled_while_it_waits_does_not_block_the_next()
    {
        await CountTo100Async();
        using var cancellation = new CancellationTokenSource();
        var request = await CountingAsync();
        var pause = _connections.BeforeNextWrite();
        var first = request.CommitAsync();
        await pause.Reached;
        var second = request.CommitAsync(cancellation.Token);
        var third = request.CommitAsync();
        await cancellation.CancelAsync();
        Assert.That(() => second, Throws.InstanceOf<OperationCanceledException>());
        pause.Open();
        await first;
        await third;
        await request.EndAsync();

        Assert.That(await Counting.ReadAsync(_node, _key), Is.EqualTo(101));
    }

    private void Configure(SmartCacheOptions options)
    {
        options.Concurrency = mode;
        options.Merge.Entry(Counting.Entry).Add();
    }

    /// <summary>Holds the first one's write up until the second one has begun.</summary>
    private async Task PausedAsync(Func<CancellationToken, Task> first, Func<Task> second)
    {
        var pause = _connections.BeforeNextWrite();
        var before = first(CancellationToken.None);
        await pause.Reached;
        var after = second();
        pause.Open();
        await before;
        await after;
    }

    private async Task CountTo100Async()
    {
        var request = new SimulatedRequest(_node, _key);
        (await request.LoadAsync()).SetInt32(Counting.Entry, 100);
        await request.EndAsync();
    }

    private async Task<SimulatedRequest> CountingAsync()
    {
        var request = new SimulatedRequest(_node, _key);
        var session = await request.LoadAsync();
        session.SetInt32(Counting.Entry, (session.GetInt32(Counting.Entry) ?? 0) + 1);
        return request;
    }
}

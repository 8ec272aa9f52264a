namespace SmartCache.Contract.Sessions;

/// <summary>Requests of one session that save while another save is under way share the next write. Each has its own outcome.</summary>
[TestFixture(ConcurrencyMode.Optimistic)]
[TestFixture(ConcurrencyMode.Pessimistic)]
public abstract class CoalescingContract<TEngine>(ConcurrencyMode mode) : EngineContract<TEngine>
    where TEngine : TestEngine, new()
{
    private const int Requests = 8;

    private readonly string _key = SimulatedRequest.NewKey();
    private PausingSource _connections = null!;
    private Node _node = null!;

    [SetUp]
    public async Task BeginSession()
    {
        _node = NewNode(connections => _connections = new PausingSource(connections));
        await SimulatedRequest.SaveAsync(_node, _key, "base");
    }


    [Test]
    public async Task Saves_that_wait_for_another_share_one_write([Values] bool isNew)
    {
        if (isNew)
            Table.Clear();

        var requests = await LoadAsync(Requests);
        var before = _connections.Writes;
        await MeetAsync(requests.Select(request => (Func<Task>)request.EndAsync));

        var names = Enumerable.Range(0, Requests).Select(number => $"{number}");
        Assert.That(Names(), Is.EquivalentTo(isNew ? names : names.Append("base")));
        Assert.That(_connections.Writes - before, Is.EqualTo(2), "the first alone, all others together");
    }

    [Test]
    public async Task A_request_that_saves_again_takes_nothing_from_the_others()
    {
        var requests = await LoadAsync(Requests);
        await MeetAsync(requests.Select(request => (Func<Task>)(() => request.CommitAsync())));
        foreach (var request in requests)
        {
            request.Session.Set($"again {request.Session.Keys.Last()}", []);
            await request.EndAsync();
        }

        Assert.That(
            Names(),
            Is.EquivalentTo(Enumerable.Range(0, Requests).SelectMany(number => new[] { $"{number}", $"again {number}" }).Append("base")));
    }

    [Test]
    public async Task What_another_node_saves_meanwhile_is_kept()
    {
        var requests = await LoadAsync(Requests);
        var other = NewNode(static connections => connections);
        await MeetAsync(requests.Select(request => (Func<Task>)request.EndAsync), () => SimulatedRequest.SaveAsync(other, _key, "theirs"));

        Assert.That(Names(), Is.EquivalentTo(Enumerable.Range(0, Requests).Select(number => $"{number}").Append("base").Append("theirs")));
    }

    [Test]
    public async Task A_logout_during_a_shared_write_holds()
    {
        var requests = await LoadAsync(Requests);
        var other = NewNode(static connections => connections);
        await MeetAsync(requests.Select(request => (Func<Task>)(() => request.CommitAsync())), () => other.Inner.RemoveAsync(_key));
        Assert.That(Table.Find(_key), Is.Null);

        foreach (var request in requests)
            await request.EndAsync();

        Assert.That(Table.Find(_key), Is.Null, "a discarded save stays discarded");
    }

    [Test]
    public async Task A_save_that_is_refused_does_not_fail_the_others()
    {
        var requests = await LoadAsync(Requests);
        requests[3].Session.Set("too much", new byte[70_000]);
        var outcomes = await MeetAsync(requests.Select(request => (Func<Task>)request.EndAsync));

        Assert.That(outcomes[3].Exception?.InnerException, Is.TypeOf<CacheValueTooLargeException>());
        Assert.That(outcomes.Count(outcome => outcome.IsFaulted), Is.EqualTo(1));
        Assert.That(Names(), Is.EquivalentTo(Enumerable.Range(0, Requests).Where(number => number != 3).Select(number => $"{number}").Append("base")));
    }

    [Test]
    public async Task Saves_that_are_too_large_together_are_refused_one_by_one()
    {
        var requests = await LoadAsync(4);
        foreach (var request in requests)
            request.Session.Set($"much {request.Session.Keys.Last()}", new byte[30_000]);

        var outcomes = await MeetAsync(requests.Select(request => (Func<Task>)request.EndAsync));

        Assert.That(outcomes.Count(outcome => outcome.IsCompletedSuccessfully), Is.EqualTo(2), "60,000 bytes fit, 90,000 do not");
        Assert.That(outcomes.Where(outcome => outcome.IsFaulted).Select(outcome => outcome.Exception!.InnerException), Is.All.TypeOf<CacheValueTooLargeException>());
        Assert.That(Names(), Has.Count.EqualTo(5));
    }

    [Test]
    public async Task A_save_that_is_cancelled_while_it_waits_writes_nothing()
    {
        using var cancellation = new CancellationTokenSource();
        var requests = await LoadAsync(3);
        var commits = new Func<Task>[] { requests[0].EndAsync, () => requests[1].CommitAsync(cancellation.Token), requests[2].EndAsync };
        var outcomes = await MeetAsync(commits, cancellation.CancelAsync);

        Assert.That(outcomes[1].IsCanceled, Is.True);
        Assert.That(Names(), Is.EquivalentTo(new[] { "base", "0", "2" }));

        await requests[1].EndAsync();
        Assert.That(Names(), Is.EquivalentTo(new[] { "base", "0", "2", "1" }), "it can be made up for");
    }

    [Test]
    public async Task A_save_does_not_wait_long_for_one_that_hangs()
    {
        var requests = await LoadAsync(2);
        var pause = _connections.BeforeNextWrite();
        var hanging = requests[0].EndAsync();
        await pause.Reached;
        await requests[1].EndAsync();
        Assert.That(Names(), Is.EquivalentTo(new[] { "base", "1" }));
        Assert.That(hanging.IsCompleted, Is.False);

        pause.Open();
        await hanging;
        Assert.That(Names(), Is.EquivalentTo(new[] { "base", "1", "0" }));
    }

    /// <summary>Holds the first save up until all have come, and something more has happened.</summary>
    private async Task<Task[]> MeetAsync(IEnumerable<Func<Task>> stores, Func<Task>? meanwhile = null)
    {
        var pause = _connections.BeforeNextWrite();
        var under = new List<Task>();
        foreach (var store in stores)
        {
            under.Add(store());
            await pause.Reached;
        }

        await (meanwhile?.Invoke() ?? Task.CompletedTask);
        pause.Open();
        foreach (var store in under)
            await store.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        return [.. under];
    }

    private async Task<List<SimulatedRequest>> LoadAsync(int count)
    {
        var requests = new List<SimulatedRequest>();
        for (var number = 0; number < count; number++)
        {
            var request = new SimulatedRequest(_node, _key);
            await request.SetAsync($"{number}", "");
            requests.Add(request);
        }

        return requests;
    }

    private List<string> Names() => [.. SessionBytes.Entries(Table.Row(_key).Value).Select(entry => entry.Name)];

    private Node NewNode(Func<CacheConnections, CacheConnections> intercept) => Owned(new Node(
        Engine,
        Table.Name,
        Time,
        CallStyle.Asynchronous,
        options =>
        {
            options.Concurrency = mode;
            options.MaxValueSize = 65_000;
        },
        intercept: intercept));
}

namespace SmartCache.Contract.Servers;

/// <summary>What shared statements meet on a server: locks, connections that are cut, and a count of what arrives.</summary>
public abstract class SharedStatementsOnServersContract<TEngine> : EngineContract<TEngine>
    where TEngine : ServerEngine, new()
{
    [Test]
    public async Task Many_reads_at_once_are_few_statements()
    {
        const int reads = 200;
        await using var account = await Engine.OpenAccountAsync();
        await using var node = new Node(Engine, Table.Name, Time, CallStyle.Asynchronous, account.Connect);
        for (var i = 0; i < reads; i++)
            await node.Inner.SetAsync($"{i}", [(byte)i], Expires.ByDefault);

        account.Take();
        var values = await Task.WhenAll(Enumerable.Range(0, reads).Select(i => node.Inner.GetAsync($"{i}")));

        Assert.That(values, Is.EqualTo(Enumerable.Range(0, reads).Select(static i => new[] { (byte)i })));
        var statements = account.Take();
        Assert.That(statements, Has.Count.InRange(1, 60), string.Join(' ', statements));
        Assert.That(statements.Count(static verb => verb == "SELECT"), Is.InRange(reads / 64, 60));
    }

    [Test]
    public async Task A_locked_row_holds_up_nobody_but_its_own_save([Values] bool hashesKeys)
    {
        PausingSource connections = null!;
        await using var account = await Engine.OpenAccountAsync();
        await using var node = new Node(
            Engine,
            Table.Name,
            Time,
            CallStyle.Asynchronous,
            options =>
            {
                account.Connect(options);
                (options.CoalescingConnections, options.StoreKeyHash) = (1, hashesKeys);
            },
            intercept: source => connections = new PausingSource(source));
        List<string> keys = [.. Enumerable.Range(0, 20).Select(static _ => SimulatedRequest.NewKey())];
        var requests = new List<SimulatedRequest>();
        foreach (var key in keys)
        {
            await SimulatedRequest.SaveAsync(node, key, "base", "0");
            requests.Add(new SimulatedRequest(node, key));
            await requests[^1].SetAsync("mine", "1");
        }

        var pause = connections.BeforeNextWrite();
        var saves = new List<Task>();
        using (new LockedRow(Engine, Table, hashesKeys ? RawTable.Hash(keys[7]) : Engine.KeyBytes(keys[7])))
        {
            foreach (var request in requests)
            {
                saves.Add(request.EndAsync());
                await pause.Reached;
            }

            account.Take();
            pause.Open();
            await Task.WhenAll(saves.Where(static (_, i) => i != 7)).WaitAsync(Patience.Limit);
            Assert.That(account.Take().Count(static verb => verb == "UPDATE"), Is.InRange(1, 4), "the others still share a statement");
            Assert.That(saves[7].IsCompleted, Is.False);
        }

        await saves[7].WaitAsync(Patience.Limit);
        foreach (var key in keys)
            Assert.That((hashesKeys ? Table.UnderHashes : Table).Entries(key), Is.EqualTo("base=0 mine=1"));
    }

    [Test]
    public async Task Connections_that_are_cut_cost_no_count_and_double_none()
    {
        const int sessions = 30;
        const int times = 4;
        var (host, port) = Engine.Endpoint;
        await using var cutter = new ConnectionCutter(host, port);
        void Configure(SmartCacheOptions options)
        {
            options.ConnectionString = Engine.ConnectThrough(cutter.Port);
            options.Merge.Entry(Counting.Entry).Add();
        }

        await using var first = new Node(Engine, Table.Name, TimeProvider.System, CallStyle.Asynchronous, Configure);
        await using var second = new Node(Engine, Table.Name, TimeProvider.System, CallStyle.Asynchronous, Configure);
        List<string> keys = [.. Enumerable.Range(0, sessions).Select(static _ => SimulatedRequest.NewKey())];
        foreach (var key in keys)
            await SimulatedRequest.SaveAsync(first, key, "base", "0");

        cutter.IsCutting = true;
        var refused = await Task.WhenAll(keys.Select(key => Counting.CountUpAsync([first, second], key, times)));
        cutter.IsCutting = false;

        Assert.That(cutter.CutAnswers, Is.GreaterThan(5));
        for (var i = 0; i < sessions; i++)
        {
            const int all = Counting.AtOnce * times;
            Assert.That(await Counting.ReadAsync(second, keys[i]), Is.InRange(all - refused[i], all));
        }

        Assert.That(refused.Sum(), Is.Zero, "no row has had more versions than it keeps");
    }
}

namespace SmartCache.Contract.Servers;

/// <summary>A thousand requests wait for a database that stalls. They block no thread and need little memory, and can be cancelled.</summary>
public abstract class PressureContract<TEngine> : EngineContract<TEngine>
    where TEngine : ServerEngine, new()
{
    private const int Requests = 1_000;
    private const int Connections = 10;
    private const long BytesPerRequest = 32 * 1024;

    [Test]
    public async Task A_thousand_requests_wait_for_a_database_that_stalls_and_then_go_on()
    {
        var (host, port) = Engine.Endpoint;
        await using var network = new StallingRelay(host, port);
        await using var node = new Node(
            Engine,
            Table.Name,
            TimeProvider.System,
            CallStyle.Asynchronous,
            options => options.ConnectionString = $"{Engine.ConnectThrough(network.Port)};Maximum Pool Size={Connections}");
        var keys = Enumerable.Range(0, Requests).Select(_ => SimulatedRequest.NewKey()).ToList();
        await Task.WhenAll(keys.Select(key => Task.Run(() => SaveAsync(node, key, "before", CancellationToken.None))));
        var before = GC.GetTotalMemory(forceFullCollection: true);
        network.Stall();

        using var impatience = new CancellationTokenSource();
        var patient = keys[..(Requests / 2)].ConvertAll(key => Task.Run(() => SaveAsync(node, key, "after", CancellationToken.None)));
        var impatient = keys[(Requests / 2)..].ConvertAll(key => Task.Run(() => node.Inner.GetAsync(key, impatience.Token)));
        Assert.That(() => ThreadPool.PendingWorkItemCount, Is.Zero.After(10).Seconds.PollEvery(10).MilliSeconds, "all of them are under way");
        Assert.That(patient.Exists(store => store.IsCompleted) || impatient.Exists(get => get.IsCompleted), Is.False);
        Assert.That(GC.GetTotalMemory(forceFullCollection: true) - before, Is.LessThan(Requests * BytesPerRequest));

        var clock = Stopwatch.StartNew();
        await Task.Run(() => 0).WaitAsync(TimeSpan.FromSeconds(5));
        await impatience.CancelAsync();
        await Task.WhenAll(impatient).ContinueWith(static _ => { }, TaskScheduler.Default).WaitAsync(TimeSpan.FromSeconds(10));
        Assert.That(impatient.TrueForAll(get => get.IsCanceled), Is.True);
        Assert.That(clock.Elapsed, Is.LessThan(TimeSpan.FromSeconds(10)), "nobody waits for a thread, nor for the database");

        network.GoOn();
        await Task.WhenAll(patient).WaitAsync(TimeSpan.FromSeconds(60));
        Assert.That(keys[..(Requests / 2)].Select(key => Table.Entries(key)), Is.All.EqualTo("before=1 after=1"));
        await SaveAsync(node, keys[^1], "after", CancellationToken.None);
        Assert.That(Table.Entries(keys[^1]), Is.EqualTo("before=1 after=1"));
    }

    private static async Task SaveAsync(Node node, string key, string name, CancellationToken cancellationToken)
    {
        var request = new SimulatedRequest(node, key);
        await request.SetAsync(name, "1");
        await request.CommitAsync(cancellationToken);
    }
}

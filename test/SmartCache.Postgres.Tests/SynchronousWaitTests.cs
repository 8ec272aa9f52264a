using Npgsql;

namespace SmartCache.Postgres.Tests;

/// <summary>A server that waits for a standby has committed already, and tells a client that gives up that all went well.</summary>
public sealed class SynchronousWaitTests
{
    private EngineServer _server = null!;

    [OneTimeSetUp]
    public async Task StartServer()
    {
        _server = await Running.Of<PostgresEngine>().StartAnotherAsync();
        await using var node = NewNode();
        await node.Cache.GetAsync("creates the table");
        Run("ALTER SYSTEM SET synchronous_standby_names = 'nobody'");
        Run("SELECT pg_reload_conf()");
    }

    [OneTimeTearDown]
    public async Task EndServer() => await _server.DisposeAsync();

    [Test]
    public async Task A_write_that_times_out_while_it_waits_for_the_standby_is_not_acknowledged([Values] CallStyle style)
    {
        await using var node = NewNode("Command Timeout=1", style);

        Assert.That(() => node.Cache.SetAsync("key", [1], Expires.ByDefault), Throws.InstanceOf<TimeoutException>());
    }

    [Test]
    public async Task A_save_that_times_out_while_it_waits_for_the_standby_is_not_acknowledged([Values] CallStyle style, [Values] ConcurrencyMode mode)
    {
        await using var node = NewNode("Command Timeout=1", style, mode);
        var request = new SimulatedRequest(node, SimulatedRequest.NewKey());
        await request.SetAsync("a", "1");

        Assert.That(request.EndAsync, Throws.InstanceOf<TimeoutException>());
    }

    [Test]
    public async Task A_write_that_is_cancelled_while_it_waits_is_not_acknowledged()
    {
        await using var node = NewNode();
        using var cancellation = new CancellationTokenSource();
        var store = node.Inner.SetAsync("cancelled", [1], Expires.ByDefault, cancellation.Token);
        Assert.That(() => Run("SELECT COUNT(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'"), Is.Positive.After(30).Seconds.PollEvery(5).MilliSeconds);

        await cancellation.CancelAsync();
        Assert.That(() => store, Throws.InstanceOf<OperationCanceledException>());
    }

    private Node NewNode(string added = "", CallStyle style = CallStyle.Asynchronous, ConcurrencyMode mode = ConcurrencyMode.Optimistic) =>
        new(Running.Of<PostgresEngine>(), "waiting", TimeProvider.System, style, options =>
        {
            options.ConnectionString = $"{_server.ConnectionString};{added}";
            options.Concurrency = mode;
        });

    private long Run(string text)
    {
        using var connection = new NpgsqlConnection($"{_server.ConnectionString};Pooling=False");
        connection.Open();
        return connection.Ask(text);
    }
}

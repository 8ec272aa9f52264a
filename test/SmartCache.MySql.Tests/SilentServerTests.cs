namespace SmartCache.MySql.Tests;

/// <summary>A server that neither answers nor closes its connections, as one whose disk or network hangs.</summary>
public sealed class SilentServerTests
{
    private EngineServer _server = null!;
    private Node _node = null!;

    [SetUp]
    public async Task StartServer()
    {
        var engine = Running.Of<MySqlEngine>();
        _server = await engine.StartAnotherAsync();
        _node = new Node(engine, "silent", TimeProvider.System, CallStyle.Asynchronous, options =>
        {
            options.ConnectionString = $"{_server.ConnectionString};Default Command Timeout=1;Connection Timeout=2";
            options.Resilience = static _ => { };
        });
        await _node.Cache.SetAsync("key", [1], Expires.ByDefault);
        await SignalAsync("STOP");

        // A thread that is busy, or waits for its disk, stops a little later.
        Assert.That(() => ThreadStates(), Is.All.EqualTo('T').After(20).Seconds.PollEvery(20).MilliSeconds);
    }

    [TearDown]
    public async Task EndServer()
    {
        await _node.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Test]
    public async Task A_write_ends_though_the_server_is_silent_and_the_next_one_works_when_it_answers()
    {
        var store = _node.Cache.SetAsync("key", [2], Expires.ByDefault);

        Assert.That(() => store.WaitAsync(Patience.Limit), Throws.InstanceOf<DbException>());
        await SignalAsync("CONT");
        await _node.Cache.SetAsync("key", [3], Expires.ByDefault).WaitAsync(Patience.Limit);
        Assert.That(await _node.Cache.GetAsync("key"), Is.EqualTo(new byte[] { 3 }));
    }

    [Test]
    public async Task A_write_that_is_cancelled_ends_though_the_server_is_silent()
    {
        using var cancellation = new CancellationTokenSource();
        var store = _node.Inner.SetAsync("key", [2], Expires.ByDefault, cancellation.Token);
        await Task.WhenAll(Task.Run(cancellation.Cancel), Task.Run(() =>
            Assert.That(() => store.WaitAsync(Patience.Limit), Throws.InstanceOf<OperationCanceledException>().Or.InstanceOf<DbException>())));
        await SignalAsync("CONT");
    }

    private char[] ThreadStates() =>
        [.. Directory.GetDirectories($"/proc/{_server.ProcessId}/task").Select(static task => File.ReadAllText($"{task}/stat")).Select(static stat => stat[stat.LastIndexOf(')') + 2])];

    private async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{_server.ProcessId}"]);
        await kill.WaitForExitAsync();
        Assert.That(kill.ExitCode, Is.Zero);
    }
}

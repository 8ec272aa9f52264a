namespace SmartCache.Contract.Servers;

/// <summary>Errors as the server really gives them: what the cache takes each for decides what becomes of the operation.</summary>
public abstract class RealFaultContract<TEngine> : EngineContract<TEngine>
    where TEngine : ServerEngine, new()
{
    private readonly List<DbConnection> _connections = [];

    /// <summary>Nothing but a fault that passes is tried again; a conflict says nothing of the server's health.</summary>
    public enum Kind
    {
        Transient,
        Conflict,
        Lasting,
    }

    [TearDown]
    public async Task CloseConnections()
    {
        foreach (var connection in _connections)
            await connection.DisposeAsync();

        _connections.Clear();
    }

    [Test]
    public async Task A_write_whose_connection_is_killed_meanwhile_is_tried_again([Values] CallStyle style)
    {
        await using var node = new Node(Engine, Table.Name, TimeProvider.System, style);
        await node.Cache.SetAsync("page", [1], Expires.ByDefault);
        var blocker = Open();
        Run(blocker, "BEGIN");
        Run(blocker, $"UPDATE {Engine.Quote(Table.Name)} SET format = format");
        var store = Task.Run(() => node.Cache.SetAsync("page", [2], Expires.ByDefault));
        Assert.That(KillWaiting, Is.GreaterThan(0).After(30).Seconds.PollEvery(20).MilliSeconds, "the write waits for the row");
        Run(blocker, "ROLLBACK");
        await store;

        Assert.That(Table.Row("page").Value, Is.EqualTo(new byte[] { 2 }));
    }

    /// <summary>A disk is not emptied within the seconds of the retries: the caller is told at the first try, and what was written before stays.</summary>
    protected async Task AFullDiskDoesNotPassAsync(string fill, string empty)
    {
        PausingSource connections = null!;
        await using var node = new Node(
            Engine, Table.Name, TimeProvider.System, CallStyle.Asynchronous, intercept: inner => connections = new PausingSource(inner));
        await node.Inner.SetAsync("page", [1], Expires.ByDefault);
        var admin = Open();
        Run(admin, fill);
        try
        {
            var writes = connections.Writes;
            var fault = Assert.CatchAsync<DbException>(() => node.Inner.SetAsync("page", [2], Expires.ByDefault));
            AssertIs(Kind.Lasting, fault!);
            Assert.That(connections.Writes - writes, Is.EqualTo(1), "it is not tried again");
        }
        finally
        {
            Run(admin, empty);
        }

        Assert.That(await node.Inner.GetAsync("page"), Is.EqualTo(new byte[] { 1 }));
        await node.Inner.SetAsync("page", [2], Expires.ByDefault);
        Assert.That(Table.Row("page").Value, Is.EqualTo(new byte[] { 2 }));
    }

    /// <summary>Kills those who wait for a row of the test's table; gives how many.</summary>
    protected abstract int KillWaiting();

    protected DbConnection Open(string? more = null, EngineServer? server = null)
    {
        var connection = Engine.Driver.CreateConnection()!;
        _connections.Add(connection);
        connection.ConnectionString = (server?.ConnectionString ?? Engine.ConnectionString) + ";Pooling=false" + more;
        connection.Open();
        return connection;
    }

    protected static int Run(DbConnection connection, string text) => connection.Run(text);


    /// <summary>Two connections each lock a row and then ask for the other's.</summary>
    protected Exception DeadlockOf(string begin)
    {
        var (first, second) = (Open(), Open());
        Run(first, $"CREATE TABLE IF NOT EXISTS fault_rows (id INT PRIMARY KEY, n INT)");
        Run(first, "DELETE FROM fault_rows");
        Run(first, "INSERT INTO fault_rows VALUES (1, 0), (2, 0)");
        foreach (var (connection, id) in new[] { (first, 1), (second, 2) })
        {
            Run(connection, begin);
            Run(connection, $"UPDATE fault_rows SET n = n + 1 WHERE id = {id}");
        }

        // The server refuses one of the two.
        var crossing = new[] { (first, 2), (second, 1) }.Select(each => Task.Run(() => Run(each.Item1, $"UPDATE fault_rows SET n = n + 1 WHERE id = {each.Item2}"))).ToList();
        Assert.That(() => crossing.Any(static update => update.IsFaulted), Is.True.After(30).Seconds.PollEvery(20).MilliSeconds);
        return crossing.First(static update => update.IsFaulted).Exception!.InnerException!;
    }

    protected void AssertIs(Kind kind, Exception fault)
    {
        using var scope = NUnit.Framework.Assert.EnterMultipleScope();
        var node = Owned(NewNode());
        Assert.That(node.Dialect.IsTransient(fault), Is.EqualTo(kind != Kind.Lasting), fault.Message);
        Assert.That(node.Dialect.IsConflict(fault), Is.EqualTo(kind == Kind.Conflict), fault.Message);
    }

    protected static Exception FaultOf(Action action)
    {
        try
        {
            action();
        }
        catch (DbException exception)
        {
            return exception;
        }

        throw new InvalidOperationException("There was no fault.");
    }

    /// <summary>Asks a process of a server to end, as an administrator does.</summary>
    protected static void Terminate(int processId)
    {
        using var kill = Process.Start("kill", ["-TERM", $"{processId}"]);
        kill.WaitForExit();
    }

    private Node NewNode() => new(Engine, Table.Name, TimeProvider.System, CallStyle.Asynchronous);
}

namespace SmartCache.MySql.Tests;

/// <summary>A server that cuts what does not fit (<c>sql_mode</c> without STRICT_TRANS_TABLES) is not given anything to cut.</summary>
public sealed class LaxModeTests(CallStyle style) : StyledContract<MySqlEngine>(style)
{
    private RawTable _own = null!;
    private CacheConnections _connections = null!;
    private string _mode = null!;

    [SetUp]
    public void BeLax()
    {
        _own = NewTable();
        _mode = Table.List("SELECT @@GLOBAL.sql_mode").Single();
        Table.Run("SET GLOBAL sql_mode = ''");
    }

    [TearDown]
    public void BeStrictAgain()
    {
        Table.Run($"SET GLOBAL sql_mode = '{_mode}'");
    }

    [TestCase("MEMORY", "VARBINARY(8000)", 8_000)]
    [TestCase("InnoDB", "VARBINARY(300)", 300)]
    [TestCase("InnoDB", "TINYBLOB", 255)]
    [TestCase("InnoDB", "BLOB", 65_535)]
    public async Task A_value_larger_than_the_column_is_refused_whole_though_the_server_would_cut_it(string engine, string column, int limit)
    {
        // A pool of its own, so that its sessions begin in the lax mode.
        var node = NewNode(
            options =>
            {
                (((SmartMySqlCacheOptions)options).StorageEngine, ((SmartMySqlCacheOptions)options).ValueColumnType) = (engine, column);
                options.ConnectionString += ";Maximum Pool Size=7";
            },
            intercept: connections => _connections = connections,
            table: _own);
        await node.Cache.SetAsync("page", new byte[limit], Expires.ByDefault);
        var exception = Assert.ThrowsAsync<CacheValueTooLargeException>(() => node.Cache.SetAsync("page", new byte[limit + 1], Expires.ByDefault));

        Assert.That((exception.Size, exception.Limit), Is.EqualTo(((long)limit + 1, (long)limit)));
        Assert.That(_own.Row("page").Value, Has.Length.EqualTo(limit));
        Assert.That(await AskAsync("SELECT @@SESSION.sql_mode"), Is.Empty, "the cache's own session is a lax one");
        await AskAsync($"UPDATE {Engine.Quote(_own.Name)} SET value = REPEAT('x', {limit + 1})");
        Assert.That(_own.Ask("SELECT COUNT(*) FROM {0} WHERE value = REPEAT('x', " + limit + ")"), Is.EqualTo(1), "in which the server would have cut the value");
    }

    [Test]
    public async Task An_encrypted_session_that_is_larger_than_the_column_is_refused_and_those_that_are_saved_with_it_land()
    {
        PausingSource pausing = null!;
        var node = NewNode(
            options =>
            {
                ((SmartMySqlCacheOptions)options).ValueColumnType = "VARBINARY(400)";
                (options.ProtectPayload, options.CoalescingConnections) = (true, 1);
                options.ConnectionString += ";Maximum Pool Size=7";
            },
            intercept: connections => pausing = new PausingSource(connections),
            table: _own);
        List<string> keys = [.. Enumerable.Range(0, 4).Select(static _ => SimulatedRequest.NewKey())];
        var requests = new List<SimulatedRequest>();
        foreach (var key in keys)
        {
            await SimulatedRequest.SaveAsync(node, key, "base");
            requests.Add(new SimulatedRequest(node, key));
            await requests[^1].SetAsync("mine", new string('x', key == keys[2] ? 330 : 1));
        }

        var pause = pausing.BeforeNextWrite();
        var saves = requests.ConvertAll(static request => Task.Run(request.EndAsync));
        await pause.Reached;
        pause.Open();

        var exception = Assert.ThrowsAsync<CacheValueTooLargeException>(() => saves[2]);
        Assert.That(exception.Size, Is.GreaterThan(exception.Limit));
        Assert.That(exception.Limit, Is.EqualTo(400));
        foreach (var i in new[] { 0, 1, 3 })
            await saves[i].WaitAsync(Patience.Limit);

        for (var i = 0; i < keys.Count; i++)
            Assert.That(SessionBytes.Entries((await node.Cache.GetAsync(keys[i]))!), Has.Count.EqualTo(i == 2 ? 1 : 2), $"{i}");
    }

    /// <summary>Asks something on a connection of the cache's own.</summary>
    private Task<string> AskAsync(string text) => _connections.RunAsync(async (connection, token) =>
    {
        await using var command = connection.CreateCommand();
        command.CommandText = text;
        return Convert.ToString(await command.ExecuteScalarAsync(token), CultureInfo.InvariantCulture) ?? "";
    });
}

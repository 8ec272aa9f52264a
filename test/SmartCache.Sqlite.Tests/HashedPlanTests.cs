namespace SmartCache.Sqlite.Tests;

/// <summary>Both keys are looked up by the index, as SQLite explains the statements that really run.</summary>
public sealed class HashedPlanTests : EngineContract<SqliteEngine>
{
    [Test]
    public async Task Statements_about_both_keys_look_through_no_table()
    {
        await using var trace = new TracedSqlite(Engine.ConnectionString);
        await using var node = new Node(Engine, Table.Name, Time, CallStyle.Asynchronous, options =>
            (options.ConnectionString, options.DataSource, options.StoreKeyHash, options.RefreshMode) = (null, trace, true, RefreshMode.Immediate));
        await node.Cache.GetAsync("the first use looks at the table");
        trace.Take();
        await node.Cache.SetAsync("key", [1], Expires.Sliding(TimeSpan.FromMinutes(1)));
        await node.Cache.GetAsync("key");
        await node.Cache.RemoveAsync("key");
        var statements = trace.Take();

        Assert.That(statements.Select(text => text.Split(' ')[0]), Is.EquivalentTo(new[] { "INSERT", "SELECT", "UPDATE", "DELETE" }));
        Assert.That(statements.SelectMany(Explain), Has.Some.Contains("SEARCH").And.None.Contains($"SCAN TABLE {Table.Name}"));
    }

    private List<string> Explain(string statement)
    {
        using var connection = Engine.OpenConnection();
        return connection.Query($"EXPLAIN QUERY PLAN {statement}", static row => row.GetString(3));
    }
}

namespace SmartCache.MySql.Tests;

/// <summary>Schemas, which MySQL also calls databases, may have odd names.</summary>
public sealed class SchemaNameTests(CallStyle style) : StyledContract<MySqlEngine>(style)
{
    [TestCase("with-dash", true)]
    [TestCase("with blank", true)]
    [TestCase("1 $elect", true)]
    [TestCase("with-dash", false)]
    [TestCase("with blank", false)]
    [TestCase("with`tick", false)]
    public async Task A_schema_of_the_options_may_have_an_odd_name_and_the_connections_own_database_any(string name, bool isOption)
    {
        var quoted = $"`{name.Replace("`", "``", StringComparison.Ordinal)}`";
        Table.Run($"CREATE DATABASE {quoted}");
        try
        {
            await UseAsync(NewNode(options =>
            {
                if (isOption)
                {
                    ((SmartMySqlCacheOptions)options).SchemaName = name;
                    return;
                }

                options.ConnectionString = new DbConnectionStringBuilder { ConnectionString = Engine.ConnectionString, ["Database"] = name }.ConnectionString;
            }));
            Assert.That(Table.Ask($"SELECT COUNT(*) FROM {quoted}.{{0}}"), Is.EqualTo(1));
            Assert.That(Table.Count(), Is.Zero, "it is not the table of that name elsewhere");
        }
        finally
        {
            Table.Run($"DROP DATABASE {quoted}");
        }
    }

    [TestCase("with`tick")]
    [TestCase("with'quote")]
    [TestCase("with.dot")]
    public void A_schema_whose_name_cannot_be_quoted_is_refused_by_option(string name) => Assert.That(
        () => NewNode(options => ((SmartMySqlCacheOptions)options).SchemaName = name),
        Throws.TypeOf<OptionsValidationException>().With.Message.Contains("SmartMySqlCacheOptions.SchemaName contains a character"));

    /// <summary>Has every kind of statement run, and leaves one row.</summary>
    private async Task UseAsync(Node node)
    {
        var slow = new SimulatedRequest(node, "session");
        await slow.LoadAsync();
        await SimulatedRequest.SaveAsync(node, "session", "a", "1");
        await slow.SetAsync("b", "2");
        await slow.EndAsync();
        await node.Cache.SetAsync("page", [1], Expires.After(TimeSpan.FromMinutes(1)));
        await node.Cache.SetAsync("removed", [1], Expires.ByDefault);
        await node.Cache.RemoveAsync("removed");
        Time.Advance(TimeSpan.FromMinutes(10));
        Assert.That(await new SimulatedRequest(node, "session").GetAsync("b"), Is.EqualTo("2"));
        await node.Cache.RefreshAsync("session");
        await node.Inner.FlushAsync();
        Assert.That(await node.Inner.RemoveExpiredAsync(), Is.EqualTo(1));
    }
}

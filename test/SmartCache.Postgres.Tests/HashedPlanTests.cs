namespace SmartCache.Postgres.Tests;

/// <summary>Both keys are looked up by the index, as PostgreSQL explains the statements that really run.</summary>
public sealed class HashedPlanTests : EngineContract<PostgresEngine>
{
    [Test]
    public async Task Statements_about_both_keys_look_through_no_table([Values] bool isNew)
    {
        var own = NewTable();
        await using var account = await Engine.OpenAccountAsync();
        await using (var node = new Node(Engine, own.Name, Time, CallStyle.Asynchronous, options => Configure(options, account)))
        {
            await node.Cache.GetAsync("creates the table");
            if (!isNew)
            {
                own.Run(
                    """
                    INSERT INTO {0} (key_crc32, cache_key, format, version, expires_at, created_at, updated_at, value)
                    SELECT n, int4send(n), 0, n, n, n, n, 'x' FROM generate_series(1, 20000) AS n
                    """);
                own.Run("ANALYZE {0}");
            }

            account.Take();
            await node.Cache.SetAsync("key", [1], Expires.Sliding(TimeSpan.FromMinutes(1)));
            await node.Cache.GetAsync("key");
            await node.Cache.RemoveAsync("key");
            await SimulatedRequest.SaveAsync(node, SimulatedRequest.NewKey(), "a", "1");
        }

        var statements = Statements(own.Name);

        Assert.That(statements.Select(static statement => statement.Verb).Distinct(), Is.SupersetOf(new[] { "INSERT", "SELECT", "UPDATE", "DELETE" }));
        Assert.That(statements.Select(static statement => statement.Text), Has.Some.Contains("FOR UPDATE"));
        Assert.That(statements.SelectMany(static statement => statement.Plan), Has.Some.Contains("Index Cond").And.None.Contains("Seq Scan"));
    }

    // The locked read of a merge too.
    private static void Configure(SmartCacheOptions options, StatementAccount account)
    {
        account.Connect(options);
        (options.StoreKeyHash, options.RefreshMode, options.Concurrency) = (true, RefreshMode.Immediate, ConcurrencyMode.Pessimistic);
    }

    /// <summary>What ran on a table, with its plan for whatever values there may be.</summary>
    private List<(string Verb, string Text, List<string> Plan)> Statements(string table)
    {
        using var connection = Engine.OpenConnection();
        return [.. connection
            .Query(
                "SELECT query FROM pg_stat_statements WHERE userid = 'counted'::regrole AND strpos(query, @table) > 0",
                static row => row.GetString(0),
                ("@table", $"\"{table}\""))
            .Where(static text => text.Contains("cache_key", StringComparison.Ordinal) && !text.Contains("pg_attribute", StringComparison.Ordinal))
            .Select((text, number) => (text.Split([' ', '\n'])[0], text, Explain(connection, $"s{number}", text)))];
    }

    private static List<string> Explain(DbConnection connection, string name, string text)
    {
        var values = Enumerable.Range(1, 20).Where(position => text.Contains($"${position}", StringComparison.Ordinal)).Select(static _ => "NULL");
        return connection.Query(
            $"SET plan_cache_mode = force_generic_plan; PREPARE {name} AS {text}; EXPLAIN EXECUTE {name} ({string.Join(", ", values)})",
            static row => row.GetString(0));
    }
}

namespace SmartCache.MySql.Tests;

/// <summary>The index finds both keys, as the server explains it. A new table counts as empty, and the server would scan and lock it.</summary>
public sealed class HashedPlanTests : EngineContract<MySqlEngine>
{
    [Test]
    public async Task Statements_about_both_keys_look_through_no_table([Values] bool isNew, [Values] MySqlPrimaryKey primaryKey)
    {
        var own = NewTable();
        await using var account = await Engine.OpenAccountAsync();
        List<string> statements;
        List<(string Table, string Access)> plans;
        await using (var node = new Node(Engine, own.Name, Time, CallStyle.Asynchronous, options =>
        {
            account.Connect(options);
            (options.StoreKeyHash, options.RefreshMode, ((SmartMySqlCacheOptions)options).PrimaryKey) = (true, RefreshMode.Immediate, primaryKey);
        }))
        {
            await node.Cache.GetAsync("creates the table");
            if (!isNew)
                Fill(own);

            await node.Cache.SetAsync("key", [1], Expires.Sliding(TimeSpan.FromMinutes(1)));
            await node.Cache.GetAsync("key");
            await node.Cache.RemoveAsync("key");
            statements = Prepared(own.Name);
            plans = [.. statements.SelectMany(Explain)];
        }

        Assert.That(statements.Select(static text => text.Split([' ', '\n'])[0]), Is.EquivalentTo(new[] { "SELECT", "UPDATE", "DELETE" }));

        // What a look for two keys is joined from is a list of those two.
        var onTable = plans.Where(static plan => !plan.Table.StartsWith('<') && plan.Table != "e").ToList();
        Assert.That(onTable, Has.Count.EqualTo(statements.Count));
        Assert.That(onTable.Select(static plan => plan.Access).Distinct(), Is.SubsetOf(new[] { "range", "eq_ref" }));
    }

    private static void Fill(RawTable table)
    {
        var rows = Enumerable.Range(1, 2_000).Select(static number => string.Create(CultureInfo.InvariantCulture, $"({number}, 'key {number}', 0, 1, 1, 1, 1, 'x')"));
        table.Run($"INSERT INTO {{0}} (key_crc32, cache_key, format, version, expires_at, created_at, updated_at, value) VALUES {string.Join(", ", rows)}");
        table.List("ANALYZE TABLE {0}");
    }

    private List<string> Prepared(string table) => Query(
        $"SELECT CONVERT(argument USING latin1) FROM mysql.general_log WHERE user_host LIKE 'counted[%' AND command_type = 'Prepare' AND argument LIKE '%{table}%'",
        static row => row.GetString(0));

    private IEnumerable<(string Table, string Access)> Explain(string statement) => Query(
        $"EXPLAIN FORMAT = TRADITIONAL {string.Concat(statement.Split('?').Select(static (part, number) => number == 0 ? part : $"'{number}'{part}"))}",
        static row => (Table: Text(row, "table"), Access: Text(row, "type"))).Where(static plan => plan.Table.Length > 0);

    private static string Text(DbDataReader row, string column) => row.IsDBNull(row.GetOrdinal(column)) ? "" : row.GetString(row.GetOrdinal(column));

    private List<T> Query<T>(string sql, Func<DbDataReader, T> read)
    {
        using var connection = Engine.OpenConnection();
        return connection.Query(sql, read);
    }
}

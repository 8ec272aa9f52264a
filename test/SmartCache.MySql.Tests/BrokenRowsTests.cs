namespace SmartCache.MySql.Tests;

/// <summary>Rows that end in an error, as a locking SELECT's do when another Galera node undoes its transaction.</summary>
[TestFixture(CallStyle.Synchronous)]
[TestFixture(CallStyle.Asynchronous)]
public sealed class BrokenRowsTests(CallStyle style) : EngineContract<MySqlEngine>
{
    private const int MoreThanOneRow = 1242;

    private RawTable _table = null!;
    private RawTable _away = null!;
    private RawTable _pair = null!;

    [SetUp]
    public void CreatePair()
    {
        (_table, _away, _pair) = (NewTable(), NewTable(), NewTable());
        _pair.Run("CREATE TABLE {0} (n INT PRIMARY KEY)");
        _pair.Run("INSERT INTO {0} VALUES (1), (2)");
    }

    [TearDown]
    public void DropAll()
    {
        _table.Run("DROP VIEW IF EXISTS {0}");
    }

    [Test]
    public async Task A_read_ends_at_once_with_the_error_and_returns_its_connection()
    {
        await using var node = new Node(
            Engine, _table.Name, Time, style, options => options.ConnectionString += ";Maximum Pool Size=1;Connection Timeout=5");
        await node.Cache.SetAsync("key", [1], Expires.ByDefault);
        BreakRows();
        for (var i = 0; i < 2; i++)
        {
            var fault = Assert.CatchAsync<DbException>(() => InTimeAsync(() => node.Cache.GetAsync("key")))!;
            Assert.That(fault.Data["Server Error Code"], Is.EqualTo(MoreThanOneRow), $"{fault}");
            Assert.That(node.Dialect.IsTransient(fault), Is.False);
        }

        Assert.That(await InTimeAsync(() => node.Cache.GetAsync("another key")), Is.Null);
    }

    private static Task<byte[]?> InTimeAsync(Func<Task<byte[]?>> read) => Task.Run(read).WaitAsync(Patience.Limit / 2);

    /// <summary>Puts a view in the table's place, with an error after each row.</summary>
    private void BreakRows()
    {
        _table.Run($"RENAME TABLE {{0}} TO {Engine.Quote(_away.Name)}");
        _table.Run(
            $$"""
            CREATE VIEW {0} AS
            SELECT t.* FROM {{Engine.Quote(_away.Name)}} AS t STRAIGHT_JOIN {{Engine.Quote(_pair.Name)}} AS p
            WHERE (SELECT x.n FROM {{Engine.Quote(_pair.Name)}} AS x WHERE x.n <= p.n) = 1
            """);
    }
}

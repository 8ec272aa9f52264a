namespace SmartCache.MySql.Tests;

/// <summary>Columns and storage engines that hold less than the default: nothing is cut, nothing is lost.</summary>
public sealed class StorageOptionTests(CallStyle style) : StyledContract<MySqlEngine>(style)
{
    private const int Requests = 6;
    private const int Stores = 10;

    private RawTable _own = null!;

    [SetUp]
    public void ChooseTable() => _own = NewTable();


    // No row locks there: every write has to win by its guard.
    [TestCase(ConcurrencyMode.Optimistic)]
    [TestCase(ConcurrencyMode.Pessimistic)]
    public async Task In_a_MEMORY_table_requests_that_run_at_once_lose_nothing(ConcurrencyMode mode)
    {
        var node = OnOwn("MEMORY", "VARBINARY(8000)", options => options.Concurrency = mode);
        await node.Cache.GetAsync("creates the table");
        Assert.That(_own.Ask($"SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = '{_own.Name}' AND engine = 'MEMORY'"), Is.EqualTo(1));
        await Task.WhenAll(Enumerable.Range(0, Requests).Select(number => Task.Run(async () =>
        {
            for (var store = 0; store < Stores; store++)
                await SimulatedRequest.SaveAsync(node, "session", $"{number}.{store}");
        })));

        Assert.That(SessionBytes.Entries(_own.Row("session").Value), Has.Count.EqualTo(Requests * Stores));
    }

    [Test]
    public async Task A_value_larger_than_a_packet_is_refused_and_the_pool_works_on()
    {
        var packet = long.Parse(Table.List("SELECT @@GLOBAL.max_allowed_packet").Single(), CultureInfo.InvariantCulture);
        Table.Run("SET GLOBAL max_allowed_packet = 1048576");
        try
        {
            var node = OnOwn("InnoDB", "LONGBLOB", options => options.ConnectionString += ";Maximum Pool Size=3");
            for (var round = 0; round < 5; round++)
            {
                var exception = Assert.ThrowsAsync<CacheValueTooLargeException>(() => node.Cache.SetAsync("page", new byte[2_000_000], Expires.ByDefault));
                Assert.That((exception.Size, exception.Limit), Is.EqualTo((2_000_000L, 1_048_576L)));
                await node.Cache.SetAsync("page", [(byte)round], Expires.ByDefault);
                Assert.That(await node.Cache.GetAsync("page"), Is.EqualTo(new[] { (byte)round }));
            }
        }
        finally
        {
            Table.Run($"SET GLOBAL max_allowed_packet = {packet}");
        }
    }

    private Node OnOwn(string engine, string column, Action<SmartCacheOptions> configure) => NewNode(
        options =>
        {
            (((SmartMySqlCacheOptions)options).StorageEngine, ((SmartMySqlCacheOptions)options).ValueColumnType) = (engine, column);
            configure(options);
        },
        table: _own);
}

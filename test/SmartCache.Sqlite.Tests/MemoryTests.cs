namespace SmartCache.Sqlite.Tests;

/// <summary>Everything in memory, for tests of applications: one connection, and gone with the cache.</summary>
[TestFixture(CallStyle.Synchronous)]
[TestFixture(CallStyle.Asynchronous)]
public sealed class MemoryTests(CallStyle style) : FileFixture
{
    private const string InMemory = ":memory:";

    [Test]
    public async Task Each_cache_has_a_database_of_its_own_and_no_file()
    {
        var one = NewNode(InMemory, style).Cache;
        await one.SetAsync("key", [1], Expires.ByDefault);

        Assert.That(await one.GetAsync("key"), Is.EqualTo(new byte[] { 1 }));
        Assert.That(await NewNode(InMemory, style).Cache.GetAsync("key"), Is.Null);
        Assert.That(System.IO.File.Exists(InMemory), Is.False);
    }

    [Test]
    public async Task Sessions_are_merged()
    {
        var node = NewNode(InMemory, style);
        var key = SimulatedRequest.NewKey();
        var slow = new SimulatedRequest(node, key);
        await slow.SetAsync("a", "1");
        await SimulatedRequest.SaveAsync(node, key, "b", "2");
        await slow.EndAsync();

        Assert.That(SessionBytes.Text((await node.Cache.GetAsync(key))!), Is.EqualTo("b=2 a=1"));
    }

    [Test]
    public async Task Reads_and_writes_at_the_same_time_share_the_connection()
    {
        var cache = NewNode(InMemory, style).Cache;
        await Task.WhenAll(Enumerable.Range(0, 200).Select(number => Task.Run(async () =>
        {
            await cache.SetAsync($"key {number}", BitConverter.GetBytes(number), Expires.ByDefault);
            Assert.That(await cache.GetAsync($"key {number}"), Is.EqualTo(BitConverter.GetBytes(number)));
        })));
    }

    [TestCase("Data Source=shared-{0};Mode=Memory;Cache=Shared")]
    [TestCase("Data Source=file:shared-{0}?mode=memory&cache=shared")]
    public async Task Two_caches_on_one_shared_memory_wait_for_each_other(string connectionString)
    {
        connectionString = string.Format(CultureInfo.InvariantCulture, connectionString, Guid.NewGuid());
        var nodes = Enumerable.Range(0, 2).Select(_ => NewNode(InMemory, style, options => options.ConnectionString = connectionString)).ToList();
        await nodes[0].Cache.GetAsync("creates the table");
        var key = SimulatedRequest.NewKey();
        await Task.WhenAll(nodes.Select(node => Task.Run(async () =>
        {
            for (var number = 0; number < 500; number++)
                await SimulatedRequest.SaveAsync(node, key, $"{nodes.IndexOf(node)} {number}", "1");
        })));

        Assert.That(SessionBytes.Entries((await nodes[0].Cache.GetAsync(key))!), Has.Exactly(1000).Items);
    }
}

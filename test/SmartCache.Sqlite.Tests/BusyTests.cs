using Microsoft.Data.Sqlite;

namespace SmartCache.Sqlite.Tests;

/// <summary>Another process writes for longer than the connection string lets a write wait.</summary>
public sealed class BusyTests : FileFixture
{
    private const int Busy = 5;

    [Test]
    public async Task A_write_that_waited_in_vain_fails_readers_go_on_and_the_next_write_works([Values] CallStyle style)
    {
        var node = NewNode(style: style, configure: options => options.ConnectionString += ";Default Timeout=1");
        await node.Cache.SetAsync("page", [1], Expires.ByDefault);
        using (new WriteLock(Engine))
        {
            Assert.That(() => node.Cache.SetAsync("page", [2], Expires.ByDefault), Throws.TypeOf<SqliteException>().With.Property("SqliteErrorCode").EqualTo(Busy));
            Assert.That(await node.Cache.GetAsync("page"), Is.EqualTo(new byte[] { 1 }));
        }

        await node.Cache.SetAsync("page", [3], Expires.ByDefault);
        Assert.That(await node.Cache.GetAsync("page"), Is.EqualTo(new byte[] { 3 }));
    }

    // By the driver's manual.
    [Test]
    public async Task A_timeout_of_zero_has_no_end([Values] CallStyle style)
    {
        var node = NewNode(style: style, configure: options => options.ConnectionString += ";Default Timeout=0");
        await node.Cache.SetAsync("page", [1], Expires.ByDefault);
        Task store;
        using (new WriteLock(Engine))
        {
            store = Task.Run(() => node.Cache.SetAsync("page", [2], Expires.ByDefault));
            Assert.That(() => store.WaitAsync(TimeSpan.FromMilliseconds(300)), Throws.InstanceOf<TimeoutException>());
        }

        await store;
        Assert.That(await node.Cache.GetAsync("page"), Is.EqualTo(new byte[] { 2 }));
    }
}

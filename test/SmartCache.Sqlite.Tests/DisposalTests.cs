namespace SmartCache.Sqlite.Tests;

/// <summary>The cache is disposed of while others still read and save.</summary>
public sealed class DisposalTests : FileFixture
{
    private const int Rounds = 50;

    [Test]
    public async Task A_caller_that_comes_too_late_gets_ObjectDisposedException_and_no_other_error([Values] CallStyle style, [Values] bool inMemory)
    {
        for (var round = 0; round < Rounds; round++)
            await DisposeUnderLoadAsync(inMemory ? ":memory:" : File, style);

        if (!inMemory)
            Assert.That(Directory.GetFiles(Folder), Is.EqualTo(new[] { File }), "the log is folded in, so every connection was closed");
    }

    [Test]
    public async Task A_write_that_waits_for_another_process_ends_with_the_cache([Values] CallStyle style)
    {
        var node = NewNode(configure: options => options.ConnectionString += ";Default Timeout=0");
        await node.Cache.SetAsync("key", [1], Expires.ByDefault);
        using (new WriteLock(Engine))
        {
            var store = node.Inner.SetAsync("key", [2], Expires.ByDefault);
            await new StyledCache(node.Inner, style).CloseAsync();
            Assert.That(() => store.WaitAsync(TimeSpan.FromSeconds(10)), Throws.InstanceOf<ObjectDisposedException>());
        }
    }

    private async Task DisposeUnderLoadAsync(string file, CallStyle style)
    {
        var node = new Node(new SqliteEngine(file), TableName, TimeProvider.System, style);
        await node.Cache.SetAsync("key", [1], Expires.ByDefault);
        var begun = 0;
        var works = Enumerable.Range(0, 4).Select(number => Task.Factory.StartNew(
            () =>
            {
                while (true)
                {
                    Interlocked.Increment(ref begun);
                    if (number % 2 == 0)
                        node.Inner.Get("key");
                    else
                        node.Inner.Set("key", [1], Expires.ByDefault);
                }
            },
            TaskCreationOptions.LongRunning)).ToList();
        Assert.That(() => Volatile.Read(ref begun), Is.GreaterThan(20).After(10).Seconds.PollEvery(1).MilliSeconds);
        await node.Cache.CloseAsync();

        foreach (var work in works)
            Assert.That(() => work.WaitAsync(TimeSpan.FromSeconds(10)), Throws.InstanceOf<ObjectDisposedException>());

        await node.DisposeAsync();
    }
}

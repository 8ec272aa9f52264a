using ThreadState = System.Threading.ThreadState;

using Microsoft.Data.Sqlite;

namespace SmartCache.Sqlite.Tests;

/// <summary>The single writer: writes that come at the same time share a transaction, and nothing else.</summary>
public sealed class WriterGroupTests : FileFixture
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private Node _node = null!;
    private RawTable _table = null!;

    [SetUp]
    public async Task CreateTable()
    {
        _node = NewNode();
        _table = new RawTable(Engine, TableName);
        await _node.Inner.GetAsync("creates the table");
    }

    [TearDown]
    public ValueTask DisposeNode() => _node.DisposeAsync();

    [TestCase(50, 1, 2, TestName = "Writes that wait together are committed together, but for the first that came")]
    [TestCase(129, 3, 4, TestName = "A group has an end")]
    public async Task Writes_that_wait_together_share_a_commit(int count, int fewest, int most)
    {
        var before = WriteAheadLog.CountCommits(File);
        await WhileLockedAsync(() => Enumerable.Range(0, count).Select(number => SaveAsync($"key {number}")));

        Assert.That(_table.Count(), Is.EqualTo(count));
        Assert.That(WriteAheadLog.CountCommits(File) - before, Is.InRange(fewest, most));
    }

    [TestCase("ABORT")]
    [TestCase("FAIL")]
    [TestCase("ROLLBACK")]
    public async Task A_write_that_fails_does_not_fail_those_it_waited_with(string resolution)
    {
        _table.Run(
            $"CREATE TRIGGER refuse BEFORE INSERT ON {{0}} WHEN CAST(NEW.cache_key AS TEXT) = 'bad' BEGIN SELECT RAISE({resolution}, 'refused'); END");
        var bad = Task.CompletedTask;
        await WhileLockedAsync(() =>
        {
            var good = Enumerable.Range(0, 20).Select(number => SaveAsync($"key {number}")).ToList();
            bad = SaveAsync("bad");
            return good.Concat(Enumerable.Range(20, 20).Select(number => SaveAsync($"key {number}")));
        });

        Assert.That(() => bad, Throws.TypeOf<SqliteException>().With.Message.Contains("refused"));
        Assert.That(_table.Count(), Is.EqualTo(40));
        Assert.That(() => SaveAsync("after"), Throws.Nothing);
    }

    [Test]
    public async Task A_write_that_waits_for_others_or_for_another_process_can_be_cancelled([Values] bool isAlone)
    {
        using var cancellation = new CancellationTokenSource();
        await WhileLockedAsync(() =>
        {
            List<Task> others = isAlone ? [] : [SaveAsync("first")];
            var cancelled = _node.Inner.SetAsync("cancelled", [1], Expires.ByDefault, cancellation.Token);
            others.AddRange(isAlone ? [] : [SaveAsync("last")]);
            cancellation.Cancel();
            Assert.That(() => cancelled.WaitAsync(TimeSpan.FromSeconds(3)), Throws.InstanceOf<OperationCanceledException>());
            return others;
        });

        Assert.That(_table.Find("cancelled"), Is.Null);
        Assert.That(_table.Count(), Is.EqualTo(isAlone ? 0 : 2));
    }

    [Test]
    public async Task Reads_do_not_wait_for_a_writer()
    {
        await SaveAsync("key");
        await WhileLockedAsync(() =>
        {
            Assert.That(async () => await _node.Inner.GetAsync("key").WaitAsync(Patience), Is.EqualTo(new byte[] { 1 }));
            Assert.That(_node.Inner.Get("key"), Is.EqualTo(new byte[] { 1 }));
            return [];
        });
    }

    [Test]
    public void Synchronous_and_asynchronous_writes_share_their_transactions()
    {
        var before = WriteAheadLog.CountCommits(File);
        var threads = Enumerable.Range(0, 20).Select(number => new Thread(() => _node.Inner.Set($"sync {number}", [1], Expires.ByDefault))).ToList();
        Task[] stores;
        using (new WriteLock(Engine))
        {
            stores = [.. Enumerable.Range(0, 20).Select(number => SaveAsync($"async {number}"))];
            threads.ForEach(thread => thread.Start());
            Assert.That(
                () => threads.TrueForAll(thread => thread.ThreadState.HasFlag(ThreadState.WaitSleepJoin)), Is.True.After(10).Seconds.PollEvery(1).MilliSeconds);
        }

        Assert.That(threads.TrueForAll(thread => thread.Join(Patience)), Is.True);
        Assert.That(Task.WaitAll(stores, Patience), Is.True);
        Assert.That(_table.Count(), Is.EqualTo(40));
        Assert.That(WriteAheadLog.CountCommits(File) - before, Is.LessThanOrEqualTo(2));
    }

    // dotnet/aspnetcore 35154: sessions are loaded synchronously, and can take every thread of the pool.
    [Test]
    public void Writing_goes_on_though_synchronous_callers_block_every_thread_of_the_pool()
    {
        ThreadPool.GetMaxThreads(out var workers, out var ports);
        ThreadPool.SetMaxThreads(Environment.ProcessorCount, ports);
        try
        {
            var stores = BlockThePool();

            Assert.That(() => Array.TrueForAll(stores, store => store.IsCompletedSuccessfully), Is.True.After(10).Seconds.PollEvery(20).MilliSeconds);
        }
        finally
        {
            ThreadPool.SetMaxThreads(workers, ports);
        }
    }

    [Test]
    public async Task The_writers_thread_is_not_part_of_the_request_that_wakes_it()
    {
        var request = new AsyncLocal<string>();
        var seen = new ConcurrentBag<string?>();
        await using var source = new TracedSqlite(Engine.ConnectionString) { Traced = _ => seen.Add($"{Thread.CurrentThread.Name} {request.Value}") };
        var node = NewNode(configure: options => (options.ConnectionString, options.DataSource) = (null, source));
        await node.Inner.SetAsync("key", [1], Expires.ByDefault);
        seen.Clear();
        await WhileLockedAsync(() =>
        {
            request.Value = "a request";
            return [node.Inner.SetAsync("key", [2], Expires.ByDefault)];
        });

        Assert.That(seen, Does.Contain("SmartCache.Sqlite writer ").And.None.EqualTo("SmartCache.Sqlite writer a request"));
    }

    /// <summary>Begins two asynchronous writes and more synchronous ones than the pool has threads, all while another process writes.</summary>
    private Task[] BlockThePool()
    {
        var begun = 0;
        var synchronous = 2 * Environment.ProcessorCount;
        using (new WriteLock(Engine))
        {
            Task[] stores =
            [
                SaveAsync("async 1"),
                SaveAsync("async 2"),
                .. Enumerable.Range(0, synchronous).Select(number => Task.Run(() =>
                {
                    Interlocked.Increment(ref begun);
                    _node.Inner.Set($"sync {number}", [1], Expires.ByDefault);
                })),
            ];
            Assert.That(
                () => ThreadPool.PendingWorkItemCount >= synchronous - Volatile.Read(ref begun) && Volatile.Read(ref begun) > 0,
                Is.True.After(10).Seconds.PollEvery(100).MilliSeconds);
            return stores;
        }
    }

    private Task SaveAsync(string key) => _node.Inner.SetAsync(key, [1], Expires.ByDefault);

    /// <summary>Begins writes while another process writes, so that they have to wait, and waits for them.</summary>
    private async Task WhileLockedAsync(Func<IEnumerable<Task>> begin)
    {
        List<Task> stores;
        using (new WriteLock(Engine))
        {
            stores = [.. begin()];
        }

        await Task.WhenAll(stores).WaitAsync(Patience);
    }
}

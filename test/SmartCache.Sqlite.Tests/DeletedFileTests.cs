namespace SmartCache.Sqlite.Tests;

/// <summary>Someone deletes or replaces the file while the app runs: no save goes to the file that nobody can find any more.</summary>
[Platform(Exclude = "Win", Reason = "Windows does not let a file be deleted that is open.")]
public sealed class DeletedFileTests : FileFixture
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    [Test]
    public async Task The_next_save_goes_to_a_new_file([Values] CallStyle style, [Values] bool withItsLog)
    {
        var cache = NewNode(style: style).Cache;
        await cache.SetAsync("before", [1], Expires.ByDefault);
        await cache.GetAsync("before");
        Delete(withItsLog);
        await cache.SetAsync("key", [2], Expires.ByDefault);

        Assert.That(await cache.GetAsync("key"), Is.EqualTo(new byte[] { 2 }));
        Assert.That(await cache.GetAsync("before"), Is.Null);
        Assert.That(Stored(), Is.EqualTo(new[] { "key" }));
        Assert.That(Directory.GetFiles(Folder).Select(file => new FileInfo(file).UnixFileMode), Has.Exactly(3).EqualTo(OwnerOnly));
    }

    [TestCase(CallStyle.Synchronous, true)]
    [TestCase(CallStyle.Asynchronous, false)]
    public async Task A_read_finds_no_row_in_a_new_file_and_creates_none_that_others_may_read(CallStyle style, bool withItsLog)
    {
        Assert.That((await ReadBesideAnotherAsync(style, () => Delete(withItsLog))).Value, Is.Null);
        Assert.That(Directory.GetFiles(Folder).Select(file => new FileInfo(file).UnixFileMode), Has.All.EqualTo(OwnerOnly));
    }

    [Test]
    public async Task All_nodes_that_had_the_file_open_use_the_new_one([Values] bool withItsLog)
    {
        var nodes = Enumerable.Range(0, 3).Select(_ => NewNode()).ToList();
        foreach (var node in nodes)
        {
            await node.Cache.SetAsync("before", [1], Expires.ByDefault);
            await node.Cache.GetAsync("before");
        }

        Delete(withItsLog);
        foreach (var node in nodes)
            await node.Cache.SetAsync($"key {nodes.IndexOf(node)}", [2], Expires.ByDefault);

        Assert.That(Stored(), Is.EquivalentTo(new[] { "key 0", "key 1", "key 2" }));
        Assert.That(await nodes[0].Cache.GetAsync("key 2"), Is.EqualTo(new byte[] { 2 }));
    }

    [Test]
    public async Task A_copy_put_in_its_place_is_used_from_then_on()
    {
        var other = Path.Combine(Folder, "copy.db");
        var copied = NewNode(other);
        await copied.Cache.SetAsync("copied", [1], Expires.ByDefault);
        await copied.DisposeAsync();
        var cache = NewNode().Cache;
        await cache.SetAsync("before", [1], Expires.ByDefault);
        Delete(withItsLog: true);
        System.IO.File.Move(other, File);
        await cache.SetAsync("key", [2], Expires.ByDefault);

        Assert.That(await cache.GetAsync("copied"), Is.EqualTo(new byte[] { 1 }));
        Assert.That(Stored(), Is.EquivalentTo(new[] { "copied", "key" }));
    }

    [Test]
    public async Task An_empty_file_in_its_place_gets_its_table()
    {
        var (cache, value) = await ReadBesideAnotherAsync(CallStyle.Asynchronous, () =>
        {
            Delete(withItsLog: true);
            System.IO.File.WriteAllBytes(File, []);
        });

        Assert.That(value, Is.Null);
        await cache.SetAsync("key", [2], Expires.ByDefault);
        Assert.That(await cache.GetAsync("key"), Is.EqualTo(new byte[] { 2 }));
    }

    [Test]
    public async Task If_the_cache_may_not_create_its_table_the_caller_gets_an_error()
    {
        await NewNode().Cache.SetAsync("before", [1], Expires.ByDefault);
        var cache = NewNode(configure: options => options.CreateTableIfNotExists = false).Cache;
        await cache.SetAsync("before", [1], Expires.ByDefault);
        Delete(withItsLog: true);

        Assert.That(() => cache.SetAsync("key", [2], Expires.ByDefault), Throws.Exception.With.Message.Contains(TableName));
        Assert.That(() => cache.GetAsync("key"), Throws.Exception.With.Message.Contains(TableName));
    }

    [Test]
    public async Task A_folder_that_is_gone_is_named_and_used_again_once_it_is_back()
    {
        var folder = Directory.CreateDirectory(Path.Combine(Folder, "inner")).FullName;
        var cache = NewNode(Path.Combine(folder, "sessions.db")).Cache;
        await cache.SetAsync("before", [1], Expires.ByDefault);
        Directory.Delete(folder, recursive: true);
        Assert.That(() => cache.SetAsync("key", [2], Expires.ByDefault), Throws.InvalidOperationException.With.Message.Contains("does not exist"));
        Directory.CreateDirectory(folder);
        await cache.SetAsync("key", [2], Expires.ByDefault);

        Assert.That(await cache.GetAsync("key"), Is.EqualTo(new byte[] { 2 }));
    }

    [Test]
    public async Task Nothing_acknowledged_after_the_deletion_is_missing_and_nobody_fails_while_many_read_and_save()
    {
        var nodes = Enumerable.Range(0, 2).Select(_ => NewNode()).ToList();
        for (var round = 0; round < 10; round++)
        {
            var ready = 0;
            var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var works = Enumerable.Range(0, 8).Select(number => Task.Run(async () =>
            {
                var cache = nodes[number % 2].Cache;
                await cache.GetAsync("any");
                Interlocked.Increment(ref ready);
                await go.Task;
                for (var i = 0; i < 10; i++)
                {
                    await cache.SetAsync($"key {round} {number} {i}", [1], Expires.ByDefault);
                    await cache.GetAsync("any");
                }
            })).ToList();
            Assert.That(() => Volatile.Read(ref ready) == 8 || works.Exists(static work => work.IsFaulted), Is.True.After(30).Seconds.PollEvery(1).MilliSeconds);
            Delete(withItsLog: round % 2 == 0);
            go.SetResult();
            await Task.WhenAll(works).WaitAsync(Patience.Limit);

            Assert.That(Stored().Count(key => key.StartsWith($"key {round} ", StringComparison.Ordinal)), Is.EqualTo(80));
        }
    }

    private void Delete(bool withItsLog)
    {
        System.IO.File.Delete(File);
        if (withItsLog)
        {
            System.IO.File.Delete($"{File}-wal");
            System.IO.File.Delete($"{File}-shm");
        }
    }

    /// <summary>The keys in the file that bears the name now.</summary>
    private IReadOnlyList<string> Stored() => new RawTable(Engine, TableName).List("SELECT CAST(cache_key AS TEXT) FROM {0}");

    /// <summary>Reads a value whose file is gone, on a connection of its own: another reader has the open one until this read waits for it.</summary>
    private async Task<(StyledCache Cache, byte[]? Value)> ReadBesideAnotherAsync(CallStyle style, Action delete)
    {
        CacheConnections connections = null!;
        var cache = NewNode(style: style, intercept: source => connections = source).Cache;
        await cache.SetAsync("before", [1], Expires.ByDefault);
        using var begun = new ManualResetEventSlim();
        using var end = new ManualResetEventSlim();
        var other = Task.Run(() => connections.RunAsync((_, token) =>
        {
            begun.Set();
            end.Wait(token);
            return Task.FromResult(true);
        }));
        Assert.That(begun.Wait(Patience.Limit));
        delete();
        byte[]? value = null;
        var reader = new Thread(() => value = cache.GetAsync("before").GetAwaiter().GetResult());
        reader.Start();
        bool IsWaiting() => !reader.IsAlive || reader.ThreadState.HasFlag(System.Threading.ThreadState.WaitSleepJoin);
        Assert.That(IsWaiting, Is.True.After(10).Seconds.PollEvery(1).MilliSeconds);
        end.Set();
        Assert.That(reader.Join(Patience.Limit));
        await other;
        return (cache, value);
    }
}

namespace SmartCache.MySql.Tests;

/// <summary>Inserts, merges, removals, sweeps and flushes at once do not deadlock. The server counts, because a deadlock would be retried unseen.</summary>
public abstract class DeadlockContract<TEngine> : EngineContract<TEngine>
    where TEngine : TestEngine, new()
{
    private const int Writers = 16;
    private const int Rounds = 5;
    private const int Shared = 3;

    /// <summary>A statement that scans deadlocks up to eighteen times here. InnoDB has rare reasons of its own: one in some hundred runs.</summary>
    private const long Rare = 1;

    private readonly ConcurrentDictionary<string, string?> _expected = [];

    [Test]
    public async Task Writers_sweepers_and_flushes_do_not_deadlock_and_lose_nothing([Values] ConcurrencyMode mode) =>
        Assert.That(await RunAsync(mode, insertsMeet: false), Is.LessThanOrEqualTo(Rare));

    // Looking for a duplicate InnoDB locks the gap beside it too, so that inserts of one key now and then wait for each
    // other in a circle, whatever their statements are; the loser is retried.
    [Test]
    public Task First_writes_of_one_key_lose_nothing_beside_them_either([Values] ConcurrencyMode mode) => RunAsync(mode, insertsMeet: true);

    /// <summary>Gives the number of deadlocks.</summary>
    private async Task<long> RunAsync(ConcurrencyMode mode, bool insertsMeet)
    {
        var nodes = new[] { NewNode(Time, mode), NewNode(Time, mode) };
        if (!insertsMeet)
            await BeginAsync(nodes[0]);

        var before = Deadlocks();

        // For the others, whatever this node writes has expired long ago.
        var past = NewNode(new FakeTimeProvider(Time.GetUtcNow() - TimeSpan.FromHours(2)), mode);
        _expected.Clear();
        var writing = Task.WhenAll(Enumerable.Range(0, Writers).Select(number => Task.Run(() => WriteAsync(nodes[number % 2], past, number, insertsMeet))));
        await Task.WhenAll(
            writing,
            Task.Run(() => SweepUntilAsync(writing, nodes[0])),
            Task.Run(() => SweepUntilAsync(writing, nodes[1])),
            Task.Run(() => TouchUntilAsync(writing, mode, 1)),
            Task.Run(() => TouchUntilAsync(writing, mode, 2)));
        await nodes[0].Inner.RemoveExpiredAsync();
        var deadlocks = Deadlocks() - before;

        var own = _expected.ToDictionary(expected => expected.Key, expected => Table.Entries(expected.Key));
        Assert.That(own, Is.EquivalentTo(_expected));
        Assert.That(
            Enumerable.Range(0, Shared).SelectMany(session => Entries($"shared {session}")),
            Is.EquivalentTo(from writer in Enumerable.Range(0, Writers) from round in Enumerable.Range(0, Rounds) select $"{writer}.{round}"));
        Assert.That(
            Enumerable.Range(0, Rounds).SelectMany(round => Entries($"begun at once {round}")),
            Is.EquivalentTo(from writer in Enumerable.Range(0, Writers) from round in Enumerable.Range(0, Rounds) select $"{writer}.{round}"));
        Assert.That(Table.Ask("SELECT COUNT(*) FROM {0} WHERE cache_key LIKE 'left%'"), Is.Zero, "the sweepers have removed what expired");
        return deadlocks;
    }

    [Test]
    public async Task The_servers_count_tells_a_deadlock()
    {
        await using var node = NewNode(Time, ConcurrencyMode.Optimistic);
        await node.Inner.SetAsync("a", [1], Expires.ByDefault);
        await node.Inner.SetAsync("b", [1], Expires.ByDefault);
        var before = Deadlocks();
        await using var first = Engine.OpenConnection();
        await using var second = Engine.OpenConnection();
        await LockAsync(first, "START TRANSACTION", 'a');
        await LockAsync(second, "START TRANSACTION", 'b');

        // Whoever is second to ask closes the circle, and one of the two is refused.
        var crossing = Task.WhenAll(LockAsync(first, "SELECT 1", 'b'), LockAsync(second, "SELECT 1", 'a'));
        Assert.That(() => crossing, Throws.InstanceOf<DbException>());
        Assert.That(Deadlocks() - before, Is.EqualTo(1));
        await RunAsync(first, "ROLLBACK");
        await RunAsync(second, "ROLLBACK");
    }

    private Task<int> LockAsync(DbConnection connection, string begin, char key) => RunAsync(
        connection,
        $"{begin}; UPDATE {Engine.Quote(Table.Name)} SET format = format + 1 WHERE key_crc32 = CRC32('{key}') AND cache_key = '{key}'");

    private static Task<int> RunAsync(DbConnection connection, string text) => Task.Run(() => connection.Run(text));

    /// <summary>Has everything there that several writers write.</summary>
    private static async Task BeginAsync(Node node)
    {
        foreach (var key in Enumerable.Range(0, Shared).Select(session => $"shared {session}").Concat(Enumerable.Range(0, Rounds).Select(round => $"begun at once {round}")))
            await SimulatedRequest.SaveAsync(node, key, "begun");

        await node.Inner.SetAsync("page 0", [1], Expires.ByDefault);
        await node.Inner.SetAsync("page 1", [1], Expires.ByDefault);
    }

    private async Task WriteAsync(Node node, Node past, int number, bool insertsMeet)
    {
        for (var round = 0; round < Rounds; round++)
        {
            var name = $"{number}.{round}";
            await SimulatedRequest.SaveAsync(node, $"new {name}", "a");
            await SimulatedRequest.SaveAsync(node, $"begun at once {round}", name);
            await SimulatedRequest.SaveAsync(node, $"shared {(number + round) % Shared}", name);
            await node.Inner.SetAsync($"page {round % 2}", [1], Expires.ByDefault);
            await SimulatedRequest.SaveAsync(past, $"left {name}", "a");
            await SimulatedRequest.SaveAsync(node, $"new {name}", "b");
            _expected[$"new {name}"] = "a= b=";
            if (insertsMeet)
            {
                // The sweepers may have removed it when it is begun again.
                await SimulatedRequest.SaveAsync(past, $"expired {name}", "old");
                await SimulatedRequest.SaveAsync(node, $"expired {name}", "a");
                _expected[$"expired {name}"] = "a=";
            }

            if (round > 0)
            {
                await node.Inner.RemoveAsync($"new {number}.{round - 1}");
                _expected[$"new {number}.{round - 1}"] = null;
            }
        }
    }

    private static async Task SweepUntilAsync(Task end, Node node)
    {
        while (!end.IsCompleted)
            await node.Inner.RemoveExpiredAsync();
    }

    /// <summary>Each flush comes from a node whose clock is a second further, and so moves every row that it does not find locked.</summary>
    private async Task TouchUntilAsync(Task end, ConcurrencyMode mode, int first)
    {
        for (var seconds = first; !end.IsCompleted && seconds < 600; seconds += 2)
        {
            await using var later = NewNode(new FakeTimeProvider(Time.GetUtcNow() + TimeSpan.FromSeconds(seconds)), mode);
            foreach (var key in _expected.Keys.Concat(["shared 0", "shared 1", "shared 2", "page 0", "page 1"]))
                await later.Inner.RefreshAsync(key);

            await later.Inner.FlushAsync();
        }
    }

    private Node NewNode(TimeProvider time, ConcurrencyMode mode) => Owned(new Node(Engine, Table.Name, time, CallStyle.Asynchronous, options =>
    {
        options.Concurrency = mode;
        options.ExpiredRemovalBatchSize = 5;
    }));

    private IEnumerable<string> Entries(string key) => Contract.Rows.SessionBytes.Entries(Table.Row(key).Value).Select(entry => entry.Name).Where(name => name != "begun");

    private long Deadlocks() => Table.Ask("SELECT count FROM information_schema.INNODB_METRICS WHERE name = 'lock_deadlocks'");
}

public sealed class DeadlocksOnMySql : DeadlockContract<MySqlEngine>;

public sealed class DeadlocksOnAutoIncrement : DeadlockContract<AutoIncrementEngine>;

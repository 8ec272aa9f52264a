namespace SmartCache.Contract.Rows;

/// <summary>Reads and saves of different sessions that wait together share statements. Each has the result that it would have alone.</summary>
[TestFixture(false, false)]
[TestFixture(true, false)]
[TestFixture(false, true)]
public abstract class SharedStatementsContract<TEngine>(bool hashesKeys, bool encrypts) : EngineContract<TEngine>
    where TEngine : TestEngine, new()
{
    /// <summary>How many share a statement at most.</summary>
    private const int Batch = 64;
    private const int Many = 100;

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(20);

    private static readonly DistributedCacheEntryOptions[] Lifetimes =
    [
        Expires.Sliding(Window), Expires.After(TimeSpan.FromHours(1)), Expires.SlidingUntil(Window, TimeSpan.FromHours(1)), Expires.SlidingUntil(Window, TimeSpan.FromMinutes(5)),
    ];

    private PausingSource _connections = null!;
    private FaultySource _faults = null!;
    private Node _node = null!;
    private Node _other = null!;

    private RawTable Rows => hashesKeys ? Table.UnderHashes : Table;

    [SetUp]
    public async Task BeginTogether()
    {
        _node = await NewNodeAsync(connections => _faults = new FaultySource(_connections = new PausingSource(connections)));
        _other = await NewNodeAsync();
    }

    [Test]
    public async Task Reads_each_get_their_own_value()
    {
        string[] keys =
        [
            "k", "K", "k ", " k", "k\0", "é", "e\u0301", .. Collisions.Group(3), new('x', 1024), $"{new string('x', 1023)}y", $"{new string('x', 1023)}Y",
            .. Enumerable.Range(0, 60).Select(static number => $"key {number}"),
        ];
        for (var i = 0; i < keys.Length; i++)
            await _other.Inner.SetAsync(keys[i], ValueOf(i), Expires.ByDefault);

        await _other.Inner.SetAsync("expired", [1], Expires.After(TimeSpan.FromMinutes(1)));
        Time.Advance(TimeSpan.FromMinutes(1));
        string[] read = [.. keys, "expired", "missing", "K ", "key", "x"];
        var before = _faults.Reads;

        var values = await ReadTogetherAsync([.. Enumerable.Range(0, Many).Select(i => read[i % read.Length])]);

        for (var i = 0; i < values.Length; i++)
            Assert.That(values[i], Is.EqualTo(i % read.Length < keys.Length ? ValueOf(i % read.Length) : null), read[i % read.Length]);

        AssertStatements(_faults.Reads - before, Many);
    }

    [Test]
    public async Task A_reader_may_change_what_it_gets()
    {
        await _other.Inner.SetAsync("key", [1, 2, 3], Expires.ByDefault);
        var values = await ReadTogetherAsync([.. Enumerable.Repeat("key", 10)]);
        foreach (var value in values)
        {
            Assert.That(value, Is.EqualTo(new byte[] { 1, 2, 3 }));
            Array.Clear(value!);
        }
    }

    [Test]
    public async Task Reads_whose_statement_fails_are_made_up_for()
    {
        for (var i = 0; i < 10; i++)
            await _other.Inner.SetAsync($"{i}", ValueOf(i), Expires.ByDefault);

        var values = await ReadTogetherAsync([.. Enumerable.Range(0, 10).Select(static i => $"{i}")], _faults.BreakNextRead);

        Assert.That(values, Is.EqualTo(Enumerable.Range(0, 10).Select(ValueOf)));
    }

    [Test]
    public async Task Changes_of_many_sessions_all_land([Values] bool keepsLifetime)
    {
        // The last few are saved by themselves, to compare with.
        var keys = NewKeys(Many + Lifetimes.Length);
        for (var i = 0; i < keys.Count; i++)
            await (await LoadedAsync(_other, keys[i]))(Lifetimes[i % Lifetimes.Length], "base", "0");

        var seeds = keys.ConvertAll(Rows.Row);
        Time.Advance(TimeSpan.FromMinutes(2));
        DistributedCacheEntryOptions Lifetime(int i) => Lifetimes[(keepsLifetime ? i : i + 1) % Lifetimes.Length];
        var saves = new List<Func<Task>>();
        for (var i = 0; i < keys.Count; i++)
        {
            var (number, set) = (i, await LoadedAsync(_node, keys[i]));
            saves.Add(() => set(Lifetime(number), "mine", $"{number}"));
        }

        var before = _faults.Writes;
        await MeetAsync(saves.Take(Many));
        AssertStatements(_faults.Writes - before, Many);
        foreach (var save in saves.Skip(Many))
            await save();

        for (var i = 0; i < Many; i++)
        {
            var (expected, row) = (Rows.Row(keys[Many + (i % Lifetimes.Length)]), Rows.Row(keys[i]));
            Assert.That((row.ExpiresAt, row.SlidingMs, row.AbsoluteAt), Is.EqualTo((expected.ExpiresAt, expected.SlidingMs, expected.AbsoluteAt)), $"{i}");
            Assert.That((row.CreatedAt, row.UpdatedAt, row.Format), Is.EqualTo((seeds[i].CreatedAt, Time.Milliseconds, expected.Format)), $"{i}");
            Assert.That(row.Version, Is.Not.EqualTo(seeds[i].Version));
            Assert.That(await EntriesAsync(keys[i]), Is.EqualTo($"base=0 mine={i}"));
        }

        Assert.That(keys.Select(key => Rows.Row(key).Version), Is.Unique);
    }

    [Test]
    public async Task New_sessions_all_land()
    {
        var keys = NewKeys(Many);
        var requests = await LoadAsync(keys);
        var before = _faults.Writes;
        await MeetAsync(requests.Select(static request => (Func<Task>)request.EndAsync));
        AssertStatements(_faults.Writes - before, Many);

        for (var i = 0; i < Many; i++)
        {
            var row = Rows.Row(keys[i]);
            Assert.That((row.CreatedAt, row.UpdatedAt), Is.EqualTo((Time.Milliseconds, Time.Milliseconds)));
            Assert.That((row.ExpiresAt, row.SlidingMs, row.AbsoluteAt), Is.EqualTo((Time.Milliseconds + 1_200_000, 1_200_000, (long?)null)));
            Assert.That(await EntriesAsync(keys[i]), Is.EqualTo($"mine={i}"));
        }

        Assert.That(Table.Count(), Is.EqualTo(Many));
    }

    [Test]
    public async Task A_new_session_that_another_node_has_created_meanwhile_is_merged_and_the_others_land()
    {
        var keys = NewKeys(20);
        var requests = await LoadAsync(keys);
        await MeetAsync(requests.Select(static request => (Func<Task>)request.EndAsync), () => SimulatedRequest.SaveAsync(_other, keys[7], "theirs", "1"));

        for (var i = 0; i < keys.Count; i++)
            Assert.That(await EntriesAsync(keys[i]), Is.EqualTo(i == 7 ? "mine=7 theirs=1" : $"mine={i}"));
    }

    [Test]
    public async Task Values_of_all_sizes_land([Values] bool isNew)
    {
        int[] sizes = [1, 1_000, 20_000, 200_000];
        var keys = NewKeys(40);
        if (!isNew)
            await SaveEachAsync(keys);

        var requests = new List<SimulatedRequest>();
        for (var i = 0; i < keys.Count; i++)
        {
            var request = new SimulatedRequest(_node, keys[i]);
            (await request.LoadAsync()).Set("mine", [.. Enumerable.Repeat((byte)(i + 1), sizes[i % sizes.Length])]);
            requests.Add(request);
        }

        var before = _faults.Writes;
        await MeetAsync(requests.Select(static request => (Func<Task>)request.EndAsync));
        if (Engine.SharesStatements)
            Assert.That(_faults.Writes - before, Is.LessThan(keys.Count));

        for (var i = 0; i < keys.Count; i++)
        {
            var request = new SimulatedRequest(_other, keys[i]);
            var session = await request.LoadAsync();
            Assert.That(session.Get("mine"), Is.EqualTo(Enumerable.Repeat((byte)(i + 1), sizes[i % sizes.Length])), $"{i}");
            Assert.That(session.Keys.Contains("base"), Is.Not.EqualTo(isNew));
        }
    }

    [Test]
    public async Task A_later_touch_is_not_taken_back()
    {
        var keys = NewKeys(20);
        await SaveEachAsync(keys);
        var requests = await LoadAsync(keys);
        var later = new FakeTimeProvider(Time.GetUtcNow() + TimeSpan.FromMinutes(5));
        var toucher = await NewNodeAsync(time: later);
        await MeetAsync(requests.Select(static request => (Func<Task>)request.EndAsync), async () =>
        {
            foreach (var key in keys.Where(static (_, i) => i % 2 == 1))
                await toucher.Inner.RefreshAsync(key);

            await toucher.Inner.FlushAsync();
        });

        for (var i = 0; i < keys.Count; i++)
        {
            Assert.That(Rows.Row(keys[i]).ExpiresAt, Is.EqualTo((i % 2 == 1 ? later : Time).Milliseconds + 1_200_000), $"{i}");
            Assert.That(await EntriesAsync(keys[i]), Is.EqualTo($"base=0 mine={i}"));
        }
    }

    [Test]
    public async Task One_that_loses_its_race_merges_and_the_others_are_not_affected()
    {
        var keys = NewKeys(20);
        await SaveEachAsync(keys);
        var requests = await LoadAsync(keys);
        await MeetAsync(requests.Select(static request => (Func<Task>)request.EndAsync), async () =>
        {
            await SimulatedRequest.SaveAsync(_other, keys[7], "theirs", "1");
            await _other.Inner.RemoveAsync(keys[8]);
        });

        for (var i = 0; i < keys.Count; i++)
        {
            if (i == 8)
                Assert.That(Rows.Find(keys[i]), Is.Null, "a session that was removed stays removed");
            else
                Assert.That(await EntriesAsync(keys[i]), Is.EqualTo(i == 7 ? "base=0 mine=7 theirs=1" : $"base=0 mine={i}"));
        }
    }

    [Test]
    public async Task Counts_add_up_and_rows_keep_their_recent_versions()
    {
        var keys = NewKeys(20);
        await SaveEachAsync(keys);
        var requests = new List<SimulatedRequest>();
        foreach (var key in keys)
        {
            requests.Add(new SimulatedRequest(_node, key));
            await CountUpAsync(requests[^1]);
        }

        await MeetAsync(requests.Select(static request => (Func<Task>)request.EndAsync), async () =>
        {
            foreach (var key in keys.Where(static (_, i) => i % 4 == 3))
            {
                var theirs = new SimulatedRequest(_other, key);
                await CountUpAsync(theirs);
                await theirs.EndAsync();
            }
        });

        for (var i = 0; i < keys.Count; i++)
            Assert.That(await Counting.ReadAsync(_other, keys[i]), Is.EqualTo(i % 4 == 3 ? 2 : 1), $"{i}");

        Assert.That(Table.Ask($"SELECT COUNT(*) FROM {{0}} WHERE {Engine.Quote("recent_versions")} IS NOT NULL"), Is.EqualTo(keys.Count));
    }

    [Test]
    public async Task A_connection_that_breaks_costs_no_count_and_doubles_none(
        [Values(FaultMoment.BeforeTheWork, FaultMoment.AfterTheWork)] FaultMoment moment, [Values] bool isNew)
    {
        var keys = NewKeys(20);
        if (!isNew)
            await SaveEachAsync(keys);

        var requests = new List<SimulatedRequest>();
        foreach (var key in keys)
        {
            requests.Add(new SimulatedRequest(_node, key));
            await CountUpAsync(requests[^1]);
        }

        // Without shared statements it is a request that is told, and that asks again.
        var failed = 0;
        await MeetAsync(
            requests.Select(request => (Func<Task>)(async () =>
            {
                try
                {
                    await request.CommitAsync();
                }
                catch (InjectedFaultException)
                {
                    Interlocked.Increment(ref failed);
                    await request.CommitAsync();
                }
            })),
            () =>
            {
                _faults.BreakNextWrite(moment);
                return Task.CompletedTask;
            });

        Assert.That(failed, Is.EqualTo(Engine.SharesStatements ? 0 : failed));
        foreach (var key in keys)
            Assert.That(await Counting.ReadAsync(_other, key), Is.EqualTo(1));
    }

    [Test]
    public async Task A_save_that_is_cancelled_while_it_waits_writes_nothing()
    {
        using var cancellation = new CancellationTokenSource();
        var keys = NewKeys(5);
        await SaveEachAsync(keys);
        var requests = await LoadAsync(keys);
        var cancelled = Task.CompletedTask;
        await MeetAsync(
            requests.Select((request, i) => (Func<Task>)(async () =>
            {
                if (i != 3)
                    await request.EndAsync();
                else if (Engine.SharesStatements)
                    await (cancelled = request.CommitAsync(cancellation.Token)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            })),
            cancellation.CancelAsync);

        Assert.That(cancelled.IsCanceled, Is.EqualTo(Engine.SharesStatements));
        for (var i = 0; i < keys.Count; i++)
            Assert.That(await EntriesAsync(keys[i]), Is.EqualTo(i == 3 ? "base=0" : $"base=0 mine={i}"));
    }

    private static byte[] ValueOf(int i) => [.. Enumerable.Repeat((byte)i, 1 + (i * 37 % 500))];

    private static List<string> NewKeys(int count) => [.. Enumerable.Range(0, count).Select(static _ => SimulatedRequest.NewKey())];

    private static async Task CountUpAsync(SimulatedRequest request) =>
        (await request.LoadAsync()).SetInt32(Counting.Entry, (request.Session.GetInt32(Counting.Entry) ?? 0) + 1);

    /// <summary>A request that has loaded its session, and adds an entry with a lifetime that the stock session does not know.</summary>
    private static async Task<Func<DistributedCacheEntryOptions, string, string, Task>> LoadedAsync(Node node, string key)
    {
        var request = new SimulatedRequest(node, key);
        var payload = default(byte[]);
        await request.RunAsync(async cache => payload = await cache.GetAsync(key));
        var (id, entries) = payload is null ? (Guid.NewGuid(), []) : (SessionBytes.Id(payload), SessionBytes.Entries(payload));
        return (options, name, value) => request.RunAsync(cache => cache.SetAsync(key, SessionBytes.Of(id, [.. entries, (name, value)]), options));
    }

    private void AssertStatements(int works, int operations) =>
        Assert.That(works, Is.EqualTo(Engine.SharesStatements ? 1 + ((operations - 1 + Batch - 1) / Batch) : operations), "the first alone, all others together");

    /// <summary>Begins the reads while the first one is held up.</summary>
    private async Task<byte[]?[]> ReadTogetherAsync(IReadOnlyList<string> keys, Action? meanwhile = null)
    {
        var pause = _connections.AfterNextRead();
        var reads = new List<Task<byte[]?>>();
        foreach (var key in keys)
        {
            reads.Add(_node.Inner.GetAsync(key));
            await pause.Reached;
        }

        meanwhile?.Invoke();
        pause.Open();
        return await Task.WhenAll(reads).WaitAsync(Patience.Limit);
    }

    /// <summary>Begins the saves while the first one is held up, and lets something more happen before it goes on.</summary>
    private async Task MeetAsync(IEnumerable<Func<Task>> saves, Func<Task>? meanwhile = null)
    {
        var pause = _connections.BeforeNextWrite();
        var under = new List<Task>();
        foreach (var save in saves)
        {
            under.Add(save());
            await pause.Reached;
        }

        await (meanwhile?.Invoke() ?? Task.CompletedTask);
        pause.Open();
        await Task.WhenAll(under).WaitAsync(Patience.Limit);
    }

    private async Task SaveEachAsync(IEnumerable<string> keys)
    {
        foreach (var key in keys)
            await SimulatedRequest.SaveAsync(_other, key, "base", "0");
    }

    private async Task<List<SimulatedRequest>> LoadAsync(List<string> keys)
    {
        var requests = new List<SimulatedRequest>();
        for (var i = 0; i < keys.Count; i++)
        {
            requests.Add(new SimulatedRequest(_node, keys[i]));
            await requests[i].SetAsync("mine", $"{i}");
        }

        return requests;
    }

    /// <summary>The entries by name: without shared statements, others may save first.</summary>
    private async Task<string> EntriesAsync(string key) =>
        string.Join(' ', SessionBytes.Text((await _other.Inner.GetAsync(key))!).Split(' ').Order(StringComparer.Ordinal));

    private async Task<Node> NewNodeAsync(Func<CacheConnections, CacheConnections>? intercept = null, TimeProvider? time = null)
    {
        var node = Owned(new Node(
            Engine,
            Table.Name,
            time ?? Time,
            CallStyle.Asynchronous,
            options =>
            {
                options.CoalescingConnections = 1;
                (options.StoreKeyHash, options.ProtectPayload) = (hashesKeys || options.StoreKeyHash, encrypts);
                options.Merge.Entry(Counting.Entry).Add();
            },
            intercept: intercept));
        await node.Inner.GetAsync("finds the table");
        return node;
    }
}

namespace SmartCache.Contract.Owners;

/// <summary>The list of an owner's sessions, and how they are ended.</summary>
public abstract class DirectoryContract<TEngine>(CallStyle style, ConcurrencyMode mode) : OwnedSessionContract<TEngine>(style, mode)
    where TEngine : TestEngine, new()
{
    private static IEnumerable<Storage> Storages => Storage.All;

    [TestCaseSource(nameof(Storages))]
    public async Task An_owners_live_sessions_are_listed_newest_first(object storage)
    {
        Use((Storage)storage);
        var keys = await SaveManyAsync("alice", 3, apart: TimeSpan.FromMinutes(1));
        await SaveAsAsync("bob");
        await SaveAsAsync(null, SimulatedRequest.NewKey());
        var current = As(new SimulatedRequest(Node, keys[1]), "alice");
        await current.LoadAsync();

        List<SessionInfo> listed = [];
        await current.RunAsync(async _ => listed = await ListAsync(Directory, "alice"));

        Assert.That(listed.Select(static session => session.CreatedAt.ToUnixTimeMilliseconds()), Is.EqualTo(keys.Reverse().Select(key => Rows.Row(key).CreatedAt)));
        Assert.That(listed.Select(static session => session.Size), Is.EqualTo(keys.Reverse().Select(key => Rows.Row(key).Value.LongLength)));
        Assert.That(listed.Select(static session => session.IsCurrent), Is.EqualTo(new[] { false, true, false }));
        Assert.That(listed.Select(static session => session.Kind), Has.All.EqualTo(SessionKind.Session));
        Assert.That(listed.Select(static session => session.Reference), Is.Unique.And.None.AnyOf([.. keys]));
        await current.EndAsync();
        Time.Advance(TimeSpan.FromMinutes(17.5));
        Assert.That(await ListAsync(Directory, "alice"), Has.Count.EqualTo(2), "one has expired");
        Assert.That((await Directory.CountAsync("alice"), await Directory.CountAllAsync()), Is.EqualTo((2, 4)));
    }

    [Test]
    public async Task The_current_session_is_known_though_the_request_has_not_used_it_yet()
    {
        await SaveAsAsync("alice");
        await SaveAsAsync("alice", SimulatedRequest.NewKey());
        var request = As(Begin(), "alice");
        List<SessionInfo> listed = [];
        await request.RunAsync(async _ =>
        {
            // A value of the app's own that looks like a session.
            await Node.Cache.SetAsync(SimulatedRequest.NewKey(), SessionBytes.Of(Guid.NewGuid(), ("a", "1")), Expires.ByDefault);
            listed = await ListAsync(Directory, "alice");
        });

        Assert.That(listed.Count(static session => session.IsCurrent), Is.EqualTo(1));
    }

    [Test]
    public async Task Touches_that_wait_on_this_node_count()
    {
        await SaveAsAsync("alice");
        var reference = (await ListAsync(Directory, "alice")).Single().Reference;
        Time.Advance(TimeSpan.FromMinutes(15));
        await ReadAsAsync(null);
        Assert.That(Rows.Row(Key).ExpiresAt, Is.EqualTo(Time.Milliseconds + 300_000), "the touch waits");

        var session = (await ListAsync(Directory, "alice")).Single();
        Assert.That((session.LastSeenAt, session.ExpiresAt), Is.EqualTo((Time.GetUtcNow(), Time.GetUtcNow() + SimulatedRequest.IdleTimeout)));
        Assert.That(session.Reference, Is.EqualTo(reference));

        // The row's columns say that it has expired. The grace period has not passed, so no sweep removes it before the touch is written.
        Time.Advance(TimeSpan.FromMinutes(7));
        Assert.That((await ListAsync(Directory, "alice")).Count, Is.EqualTo(1));
        Assert.That((await Directory.CountAsync("alice"), await Directory.CountAllAsync()), Is.EqualTo((1, 1)));
        Assert.That(await Directory.EndAsync("alice", reference), Is.True);
        await Node.Inner.FlushAsync();
        Assert.That(Table.Count(), Is.Zero);
    }

    [TestCaseSource(nameof(Storages))]
    public async Task A_session_ended_in_the_middle_of_a_request_on_another_node_stays_ended(object storage)
    {
        Use((Storage)storage);
        await SaveAsAsync("alice");
        var other = NewNode(((Storage)storage).Configure);
        var changing = As(await LoadedAsync(other), "alice");
        var reading = As(await LoadedAsync(other), "bob");
        var here = await LoadedAsync();
        using var meter = new MeterReading();
        Assert.That(await Directory.EndAsync("alice", (await ListAsync(Directory, "alice")).Single().Reference), Is.True);
        Assert.That(Table.Count(), Is.Zero);
        await changing.SetAsync("b", "2");
        await changing.EndAsync();
        await reading.EndAsync();
        await here.SetAsync("b", "2");
        await here.EndAsync();
        await other.Inner.FlushAsync();
        await Node.Inner.FlushAsync();

        Assert.That(Table.Count(), Is.Zero);
        Assert.That(meter.Discarded, Is.EqualTo(3));
    }

    [TestCaseSource(nameof(Storages))]
    public async Task No_one_else_can_end_a_session(object storage)
    {
        Use((Storage)storage);
        await SaveAsAsync("alice");
        await SaveAsAsync("mallory", SimulatedRequest.NewKey());
        var reference = (await ListAsync(Directory, "alice")).Single().Reference;
        string[] guesses = [reference[..^1], $"{reference}=", reference.ToUpperInvariant(), "", Key, $"A{reference[1..]}", $"{reference[..^4]}AAAA"];

        Assert.That(await Directory.EndAsync("mallory", reference), Is.False);
        foreach (var guess in guesses.Where(guess => guess != reference))
            Assert.That(await Directory.EndAsync("alice", guess), Is.False, guess);

        Assert.That(Table.Count(), Is.EqualTo(2));
        Assert.That(await Directory.EndAsync("alice", reference), Is.True);
        Assert.That(await Directory.EndAsync("alice", reference), Is.False, "once");
        Assert.That(Table.Count(), Is.EqualTo(1));
    }

    [TestCaseSource(nameof(Storages))]
    public async Task All_sessions_of_an_owner_end_or_all_but_the_current_one(object storage)
    {
        const int Many = 150;
        Use((Storage)storage);
        await SaveManyAsync("alice", Many, apart: TimeSpan.Zero);
        await SaveAsAsync("alice");
        await SaveAsAsync("bob", SimulatedRequest.NewKey());
        var request = As(Begin(), "alice");
        await request.RunAsync(async _ => Assert.That(await Directory.EndAllAsync("alice", exceptCurrent: true), Is.EqualTo(Many)));
        await request.SetAsync("b", "2");
        await request.EndAsync();

        Assert.That((Table.Count(), await Directory.CountAsync("alice")), Is.EqualTo((2, 1)));
        Assert.That(await new SimulatedRequest(Node, Key).GetAsync("b"), Is.EqualTo("2"));
        Assert.That(await Directory.EndAllAsync("alice"), Is.EqualTo(1));
        Assert.That(await Directory.EndAllAsync("alice"), Is.Zero);
        Assert.That((Table.Count(), await Directory.CountAsync("bob")), Is.EqualTo((1, 1)));
    }

    [Test]
    public async Task The_current_session_can_be_ended_and_does_not_come_back([Values] SessionUse use, [Values] bool changesBefore, [Values] bool recreates, [LogLevels] LogLevel level)
    {
        Use(options => options.RemovedDuringRequest = recreates ? RemovedSessionPolicy.Recreate : RemovedSessionPolicy.Discard, level);
        await SaveAsAsync("alice");
        var request = As(Begin(), "alice");
        await (use == SessionUse.Changed && changesBefore ? request.SetAsync("b", "2") : use != SessionUse.Untouched ? request.LoadAsync() : Task.CompletedTask);
        await request.RunAsync(async _ => Assert.That(await Directory.EndAllAsync("alice"), Is.EqualTo(1)));
        await (use == SessionUse.Changed && !changesBefore ? request.SetAsync("b", "2") : Task.CompletedTask);
        await request.EndAsync();
        await Node.Inner.FlushAsync();

        Assert.That(Table.Count(), Is.Zero);
    }

    [Test]
    public async Task Saves_at_the_same_time_do_not_bring_ended_sessions_back()
    {
        var keys = await SaveManyAsync("alice", 40, apart: TimeSpan.Zero);
        var requests = await Task.WhenAll(keys.Select(async key =>
        {
            var request = As(new SimulatedRequest(Node, key), "alice");
            await request.SetAsync("b", "2");
            return request;
        }));
        await Task.WhenAll([.. requests.Select(request => Task.Run(request.EndAsync)), Task.Run(() => Directory.EndAllAsync("alice"))]);

        Assert.That((Table.Count(), await Directory.CountAsync("alice")), Is.EqualTo((0, 0)));
    }

    [Test]
    public async Task Ten_thousand_sessions_of_one_owner_are_listed_each_once()
    {
        const int Many = 10_000;
        var keys = Enumerable.Range(0, Many).Select(_ => SimulatedRequest.NewKey()).ToList();
        foreach (var some in keys.Chunk(Many / 4))
        {
            await Parallel.ForEachAsync(some, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (key, _) => await SaveAsAsync("alice", key));
            Time.Advance(TimeSpan.FromSeconds(1));
        }

        var listed = await ListAsync(Directory, "alice");
        Assert.That(listed, Has.Count.EqualTo(Many));
        Assert.That(listed.DistinctBy(static session => session.Reference).Count(), Is.EqualTo(Many));
        Assert.That(listed.Select(static session => session.CreatedAt), Is.Ordered.Descending);
        Assert.That(await Directory.CountAsync("alice"), Is.EqualTo(Many));
        Assert.That(await Directory.EndAllAsync("alice"), Is.EqualTo(Many));
    }

    [Test]
    public async Task The_directory_agrees_with_the_table_after_a_thousand_random_events([Values(1, 2)] int seed)
    {
        var random = new Random(seed);
        var users = new[] { "alice", "bob", "carol" };
        var keys = Enumerable.Range(0, 30).Select(_ => SimulatedRequest.NewKey()).ToArray();
        for (var i = 0; i < 1_000; i++)
        {
            var (key, user) = (keys[random.Next(keys.Length)], users[random.Next(users.Length)]);
            switch (random.Next(12))
            {
                case 0:
                    Time.Advance(TimeSpan.FromMinutes(random.Next(8)));
                    break;
                case 1:
                    await Cache.RemoveAsync(key);
                    break;
                case 2 when await ListAsync(Directory, user) is [_, ..] listed:
                    Assert.That(await Directory.EndAsync(user, listed[random.Next(listed.Count)].Reference), Is.True);
                    break;
                case 3 when random.Next(5) == 0:
                    Assert.That(await Directory.EndAllAsync(user), Is.LessThanOrEqualTo(keys.Length));
                    break;
                case 4:
                    await Node.Inner.RemoveExpiredAsync();
                    break;
                case < 8:
                    await SaveAsAsync(random.Next(3) == 0 ? null : user, key, $"e{random.Next(3)}");
                    break;
                default:
                    var request = As(new SimulatedRequest(Node, key), random.Next(2) == 0 ? null : user);
                    await request.LoadAsync();
                    await request.EndAsync();
                    break;
            }
        }

        await Node.Inner.FlushAsync();
        var live = keys.Where(key => Rows.Find(key)?.ExpiresAt > Time.Milliseconds).ToList();
        foreach (var user in users)
        {
            var owned = live.Where(key => Rows.Owner(key) == user).Select(Rows.Row).ToList();
            var listed = await ListAsync(Directory, user);
            Assert.That(
                listed.Select(static session => (session.CreatedAt.ToUnixTimeMilliseconds(), session.ExpiresAt.ToUnixTimeMilliseconds(), session.Size)),
                Is.EquivalentTo(owned.Select(static row => (row.CreatedAt, row.ExpiresAt, row.Value.LongLength))));
            Assert.That(await Directory.CountAsync(user), Is.EqualTo(owned.Count));
        }

        Assert.That(await Directory.CountAllAsync(), Is.EqualTo(live.Count));
    }

    [Test]
    public async Task The_directory_is_a_service_of_the_app()
    {
        await SaveAsAsync("alice");
        await using var services = Engine.AddCache(new ServiceCollection().AddSingleton<TimeProvider>(Time), Table.Name).BuildServiceProvider();

        // It reads owners though this app saves none.
        Assert.That(await ListAsync(services.GetRequiredService<ISessionDirectory>(), "alice"), Has.Count.EqualTo(1));
    }

    private async Task<string[]> SaveManyAsync(string user, int count, TimeSpan apart)
    {
        var keys = Enumerable.Range(0, count).Select(_ => SimulatedRequest.NewKey()).ToArray();
        foreach (var key in keys)
        {
            await SaveAsAsync(user, key);
            Time.Advance(apart);
        }

        return keys;
    }
}

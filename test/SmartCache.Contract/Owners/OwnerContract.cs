namespace SmartCache.Contract.Owners;

/// <summary>Whose session a row is, as its last request with a user said.</summary>
public abstract class OwnerContract<TEngine>(CallStyle style, ConcurrencyMode mode) : OwnedSessionContract<TEngine>(style, mode)
    where TEngine : TestEngine, new()
{
    private static IEnumerable<Storage> Storages => Storage.All;

    private static IEnumerable<string> BadOwners() => ["", new('a', 256), new('\u20ac', 86), "a\0b", "\ud83d"];

    [TestCaseSource(nameof(Storages))]
    public async Task Each_save_writes_the_owner_and_one_without_a_user_leaves_it(object storage)
    {
        Use((Storage)storage);
        await SaveAsAsync(null);
        Assert.That(Rows.Owner(Key), Is.Null, "a new session without a user");
        await SaveAsAsync("alice", entry: "b");
        Assert.That(Rows.Owner(Key), Is.EqualTo("alice"), "a changed one with a user");
        await SaveAsAsync(null, entry: "c");
        Assert.That(Rows.Owner(Key), Is.EqualTo("alice"), "a changed one without a user");
        await SaveAsAsync("bob", entry: "d");
        Assert.That(Rows.Owner(Key), Is.EqualTo("bob"), "a changed one with another user");

        var other = SimulatedRequest.NewKey();
        await SaveAsAsync("alice", other);
        Assert.That(Rows.Owner(other), Is.EqualTo("alice"), "a new session with a user");
    }

    [TestCaseSource(nameof(Storages))]
    public async Task The_first_page_after_a_login_writes_the_owner_and_nothing_else(object storage)
    {
        Use((Storage)storage);
        await SaveAsAsync(null);
        var before = Rows.Row(Key);
        await ReadAsAsync(null);
        Assert.That(Rows.Owner(Key), Is.Null);
        await ReadAsAsync("alice");

        var after = Rows.Row(Key);
        Assert.That(Rows.Owner(Key), Is.EqualTo("alice"));
        Assert.That((after.Version, after.ExpiresAt, after.CreatedAt, after.UpdatedAt), Is.EqualTo((before.Version, before.ExpiresAt, before.CreatedAt, before.UpdatedAt)));
        Assert.That(after.Value, Is.EqualTo(before.Value));
    }

    [Test]
    public async Task A_session_saved_as_it_was_loaded_gets_its_owner()
    {
        await SaveAsAsync(null);
        await SaveAsAsync("alice");

        Assert.That(Rows.Owner(Key), Is.EqualTo("alice"));
    }

    [TestCaseSource(nameof(Storages))]
    public async Task A_save_that_loses_its_race_writes_the_owner_too(object storage)
    {
        Use((Storage)storage);
        await SaveAsAsync(null);
        var slow = As(await LoadedAsync(), "alice");
        var first = As(await LoadedAsync(), "carol");
        await SaveAsAsync("bob", entry: "b");
        await slow.SetAsync("c", "1");
        await slow.EndAsync();
        Assert.That(Rows.Owner(Key), Is.EqualTo("alice"));
        await first.EndAsync();

        Assert.That(Rows.Owner(Key), Is.EqualTo("carol"), "one that only has the owner to write");
        Assert.That(await Begin().GetAsync("c"), Is.EqualTo("1"));
    }

    [Test]
    public async Task Each_save_asks_for_the_owner_once()
    {
        var asked = 0;
        Use(options => options.Owner = _ => $"user {++asked}");
        await SaveAsAsync(null);
        Assert.That((asked, Rows.Owner(Key)), Is.EqualTo((1, "user 1")));
        await SaveAsAsync(null, entry: "b");

        Assert.That((asked, Rows.Owner(Key)), Is.EqualTo((2, "user 2")));
    }

    [Test]
    public async Task What_the_app_throws_when_it_is_asked_fails_the_save([Values] bool changes)
    {
        await SaveAsAsync("alice");
        var before = Rows.Row(Key);
        Use(options => options.Owner = static _ => throw new TimeZoneNotFoundException());
        var request = await LoadedAsync();
        await (changes ? request.SetAsync("b", "2") : Task.CompletedTask);

        Assert.That(request.EndAsync, Throws.TypeOf<TimeZoneNotFoundException>());
        Assert.That(Rows.Row(Key).Version, Is.EqualTo(before.Version));
    }

    [TestCaseSource(nameof(BadOwners))]
    public async Task A_text_that_cannot_be_stored_is_an_error_that_names_the_option_and_not_the_text(string owner)
    {
        await SaveAsAsync("alice");
        var request = As(await LoadedAsync(), owner);
        await request.SetAsync("b", "2");

        var error = Assert.CatchAsync<InvalidOperationException>(request.EndAsync)!;
        Assert.That(error.Message, Does.Contain("Options.Owner "));
        Assert.That(error.Message, owner.Length == 0 ? Does.Contain("empty") : Does.Not.Contain(owner));
        Assert.That(() => Directory.ListAsync(owner), Throws.ArgumentException.With.Property("ParamName").EqualTo("owner"));
        Assert.That(Rows.Entries(Key), Is.EqualTo("a=1"));
    }

    [Test]
    public async Task Owners_are_compared_byte_by_byte()
    {
        string[] owners = ["alice", "Alice", "alice ", " alice", "\u00e1lice", "a\u0301lice", "\u2603", new('z', 255)];
        foreach (var owner in owners)
        {
            var key = SimulatedRequest.NewKey();
            await SaveAsAsync(owner, key);
            Assert.That(Rows.Owner(key), Is.EqualTo(owner));
        }

        foreach (var owner in owners)
            Assert.That(await ListAsync(Directory, owner), Has.Count.EqualTo(1), owner);
    }

    [Test]
    public async Task A_request_that_asks_not_to_save_or_refresh_is_heard([Values] bool skipsSave)
    {
        await SaveAsAsync(null);
        var before = Rows.Row(Key);
        Time.Advance(TimeSpan.FromMinutes(5));
        await ReadAsAsync("alice", context =>
        {
            if (skipsSave)
                context.SkipSessionSave();
            else
                context.SkipSessionRefresh();
        });
        await Node.Inner.FlushAsync();

        Assert.That(Rows.Owner(Key), skipsSave ? Is.Null : Is.EqualTo("alice"));
        Assert.That(Rows.Row(Key).ExpiresAt, skipsSave ? Is.GreaterThan(before.ExpiresAt) : Is.EqualTo(before.ExpiresAt));
    }

    [Test]
    public async Task An_owner_alone_does_not_bring_a_removed_session_back([Values] bool recreates)
    {
        Use(Storage.Usual, options => options.RemovedDuringRequest = recreates ? RemovedSessionPolicy.Recreate : RemovedSessionPolicy.Discard);
        await SaveAsAsync(null);
        var slow = As(await LoadedAsync(), "alice");
        Table.Clear();
        await slow.EndAsync();
        await Node.Inner.FlushAsync();

        Assert.That(Table.Count(), Is.Zero);
    }

    [Test]
    public async Task What_a_removed_session_leaves_to_a_new_one_has_the_new_ones_owner()
    {
        Use(Storage.Usual, options => options.RemovedDuringRequest = RemovedSessionPolicy.Recreate);
        await SaveAsAsync("alice");
        var slow = As(await LoadedAsync(), "bob");
        Table.Clear();
        await slow.SetAsync("b", "2");
        await slow.EndAsync();

        Assert.That((Rows.Entries(Key), Rows.Owner(Key)), Is.EqualTo(("b=2", "bob")));
    }

    [Test]
    public async Task A_session_that_begins_under_an_expired_key_is_not_the_old_owners([Values(null, "bob")] string? user)
    {
        await SaveAsAsync("alice");
        Time.Advance(TimeSpan.FromHours(1));
        await SaveAsAsync(user);

        Assert.That(Rows.Owner(Key), Is.EqualTo(user));
    }

    [Test]
    public async Task A_value_has_no_owner_and_a_session_saved_outside_a_request_keeps_its_own()
    {
        await SaveAsAsync("alice");
        await Cache.SetAsync(Key, SessionBytes.Of(Guid.NewGuid(), ("b", "2")), Expires.ByDefault);
        Assert.That((Rows.Entries(Key), Rows.Owner(Key)), Is.EqualTo(("b=2", "alice")));
        await As(Begin(), "alice").RunAsync(static cache => cache.SetAsync("page", [1], Expires.ByDefault));

        Assert.That(Rows.Owner("page"), Is.Null);
    }

    /// <summary>They share statements, where the engine has some for several rows, or a transaction.</summary>
    [Test]
    public async Task Saves_of_many_sessions_at_once_write_each_its_owner([Values] bool isSecondSave)
    {
        Use(Storage.Counting, static options => options.CoalescingConnections = 1);
        var keys = Enumerable.Range(0, 40).Select(_ => SimulatedRequest.NewKey()).ToList();
        if (isSecondSave)
            await Task.WhenAll(keys.Select((key, number) => Task.Run(() => SaveAsAsync(number % 2 == 0 ? null : "someone", key))));

        await Task.WhenAll(keys.Select((key, number) => Task.Run(() => SaveAsAsync(number % 3 == 0 ? null : $"user {number}", key, "b"))));

        Assert.That(
            keys.Select(Rows.Owner),
            Is.EqualTo(keys.Select((_, number) => number % 3 != 0 ? $"user {number}" : isSecondSave && number % 2 != 0 ? "someone" : null)));
    }

    [Test]
    public async Task Requests_of_one_session_that_save_at_once_leave_the_owner_of_one_of_them()
    {
        await SaveAsAsync("alice");
        await Task.WhenAll(Enumerable.Range(0, 8).Select(number => Task.Run(() => SaveAsAsync(number == 0 ? null : $"user {number}", entry: $"e{number}"))));

        Assert.That(Rows.Owner(Key), Does.StartWith("user "));
        Assert.That(Rows.Entries(Key)!.Split(' '), Has.Length.EqualTo(9));
    }
}

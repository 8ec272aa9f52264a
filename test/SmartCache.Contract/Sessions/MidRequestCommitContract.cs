namespace SmartCache.Contract.Sessions;

/// <summary>An app may commit in the middle of a request and go on. The session in memory does not show what a merge brought in.</summary>
[SessionVariants(differ: true)]
public abstract class MidRequestCommitContract<TEngine>(CallStyle style, ConcurrencyMode mode) : SessionContract<TEngine>(style, mode)
    where TEngine : TestEngine, new()
{
    [TestCase("mine: a=1 commit; row: a=1; mine: b=1 commit; row: a=1 b=1; mine: b=2 -a c=3", "b=2 c=3", TestName = "What is changed before and after commits is saved")]
    [TestCase("theirs: a=1; mine: load; theirs: t=2; mine: b=3 commit !t; row: a=1 t=2 b=3; theirs: u=4; mine: !u c=5", "a=1 t=2 b=3 u=4 c=5", TestName = "What others save before and after a commit is kept")]
    [TestCase("mine: load; theirs: t=2; mine: b=3 commit !t; row: t=2 b=3; theirs: u=4; mine: !u c=5", "t=2 b=3 u=4 c=5", TestName = "What others save before and after the commit of a new session is kept")]
    [TestCase("theirs: a=1; mine: a=2 commit; theirs: a=3; mine: b=4", "a=3 b=4", TestName = "What was committed and left alone gives way to a later change of theirs")]
    [TestCase("mine: a=2 commit; theirs: a=3; mine: b=4", "a=3 b=4", TestName = "What was committed first and left alone gives way to a later change of theirs")]
    [TestCase("mine: a=2 commit; theirs: -a; mine: b=4", "b=4", TestName = "What was committed and left alone gives way to a later removal of theirs")]
    [TestCase("theirs: a=1; mine: a=2 commit a=1", "a=1", TestName = "An entry set back after a commit is a change")]
    [TestCase("theirs: b=1 d=1; mine: load; theirs: clear; mine: a=2 commit; row: a=2; theirs: d=3; mine: -d", "a=2", TestName = "A removal is saved though the row did not have the entry when it was last seen")]
    [TestCase("theirs: a=1; mine: a=2; theirs: a=2; mine: read; theirs: a=3", "a=2", TestName = "A change is saved though the row had it already when it was last seen")]
    [TestCase("theirs: a=1; mine: load; theirs: t=2; mine: read b=3", "a=1 t=2 b=3", TestName = "A second read by the app is no new base")]
    [TestCase("theirs: a=1; mine: load; theirs: remove; mine: read b=2", null, TestName = "A second read that finds the session removed does not revive it")]
    [TestCase("mine: load; yours: a=0 commit; mine: b=0 commit; yours: a=1 commit; mine: b=1 commit; yours: a=2 commit; mine: b=2 commit", "a=2 b=2", TestName = "Two requests may commit by turns")]
    public async Task Commits_in_mid_request_follow_the_rules(string script, string? after)
    {
        foreach (var level in new[] { LogLevel.Warning, LogLevel.Information })
        {
            Table.Clear();
            Use(static _ => { }, level);
            await PlayAsync(script);

            Assert.That(Table.Entries(Key), Is.EqualTo(after), $"{level}");
        }
    }

    [Test]
    public async Task Commits_without_a_change_write_nothing([LogLevels] LogLevel level)
    {
        Use(static _ => { }, level);
        await SaveAsync(("a", "1"));
        var before = Table.Row(Key);
        var request = await LoadedAsync();
        await request.CommitAsync();
        await request.SetAsync("a", "1");
        await request.CommitAsync();
        await request.SetAsync("a", "2");
        await request.SetAsync("a", "1");
        await request.EndAsync();

        Assert.That(Table.Row(Key).Version, Is.EqualTo(before.Version));
    }

    [Test]
    public async Task What_the_app_does_to_the_arrays_it_passes_changes_no_base()
    {
        await SaveAsync(("a", "1"));
        var request = Begin();
        await request.RunAsync(async cache =>
        {
            var payload = (await cache.GetAsync(Key))!;
            payload[^1] = (byte)'2';
            await cache.SetAsync(Key, payload, Expires.ByDefault);
            Assert.That(Table.Entries(Key), Is.EqualTo("a=2"), "the change of the array read is seen");

            payload[^1] = (byte)'3';
            await cache.SetAsync(Key, payload, Expires.ByDefault);
            Assert.That(Table.Entries(Key), Is.EqualTo("a=3"), "the change of the array saved is seen");
        });
        await request.EndAsync();
    }

    [Test]
    public async Task The_session_keeps_its_id_from_commit_to_commit()
    {
        await PlayAsync("mine: a=1 commit; row: a=1");
        var id = Table.Row(Key).SessionId;
        await PlayAsync("mine: a=2 commit a=3; theirs: a=4");

        Assert.That(Table.Row(Key).SessionId, Is.EqualTo(id));
    }
}

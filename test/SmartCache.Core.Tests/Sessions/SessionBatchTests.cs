using SmartCache.Connections;
using SmartCache.Payloads;
using SmartCache.Primitives;
using SmartCache.Rows;
using SmartCache.Sessions;
using SmartCache.Sql;
using SmartCache.Sweeping;
using SmartCache.Touches;
using static SmartCache.Core.Tests.Sessions.Payloads;

namespace SmartCache.Core.Tests.Sessions;

/// <summary>Stores that share one write leave the row as they would one after the other, and each learns the same of itself.</summary>
public sealed class SessionBatchTests
{
    private const long Now = CommitScene.Now;
    private static readonly CacheKey Key = CacheKey.From("key");

    private readonly TouchQueue _touches = new();

    [Test]
    public void Together_is_as_one_after_the_other([Range(1, 50)] int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < 400; i++)
        {
            var options = new TestOptions
            {
                RemovedDuringRequest = random.Next(2) == 0 ? RemovedSessionPolicy.Discard : RemovedSessionPolicy.Recreate,
                MaxValueSize = random.Next(4) == 0 ? 34 : 1_000,
                PayloadFormat = random.Next(4) == 0 ? PayloadFormat.Json : PayloadFormat.Binary,
            };
            if (random.Next(3) == 0)
            {
                options.Merge.Entry("a").Add(EntryNumber.SetString);
            }

            var row = AnyRow(random);

            // Where a store in between had another window the row may keep an access of before, which it then had forgotten.
            var window = random.Next(2) == 0 ? 5_000 : 60_000;
            var requests = Enumerable.Range(0, random.Next(1, 6)).Select(_ => AnyRequest(random, window)).ToList();

            var alone = requests.ConvertAll(request => new SessionCommit(request, options, _touches));
            var expected = new RowModel(row);
            var failures = new List<Type?>();
            foreach (var commit in alone)
            {
                (expected, var failure) = OneAfterTheOther(expected, commit);
                failures.Add(failure);
            }

            var stores = requests.ConvertAll(request => new WaitingStore(new SessionCommit(request, options, _touches)));
            using var batch = new SessionBatch(Key, stores, _touches, isListed: false);
            var actual = new RowModel(row).After(batch.Decide(row), batch.Now);

            if (options.RemovedDuringRequest == RemovedSessionPolicy.Discard)
            {
                // An id that is made up for a session begun anew is another one each time.
                Assert.That(actual.Visible, Is.EqualTo(expected.Visible));
            }

            Assert.That(stores.Select(store => store.Failure?.GetType()), Is.EqualTo(failures));
            Assert.That(
                stores.Where(store => store.Failure is null).Select(store => Told(store.Commit)),
                Is.EqualTo(alone.Where((_, index) => failures[index] is null).Select(Told)));
        }
    }

    [Test]
    public void Whoever_stores_again_after_a_shared_write_starts_from_what_all_left()
    {
        var row = CommitScene.Row(Session("a=1"));
        var stores = new[] { "a=1 b=2", "a=1 c=3" }.Select(mine => new WaitingStore(Commit(Session("a=1"), Session(mine)))).ToList();
        using var batch = new SessionBatch(Key, stores, _touches, isListed: false);
        var after = new RowModel(row).After(batch.Decide(row), batch.Now);
        batch.Complete();

        foreach (var store in stores)
        {
            var snapshot = store.Commit.SnapshotAfter(new SessionSnapshot { Theirs = RowView.Absent });
            Assert.That(Text(snapshot.Theirs.Session!), Is.EqualTo("a=1 b=2 c=3"));
            Assert.That(snapshot.Theirs.Version, Is.EqualTo(after.Row!.Version).And.EqualTo(snapshot.BaseVersion));
        }

        Assert.That(Text(stores[0].Commit.SnapshotAfter(new SessionSnapshot { Theirs = RowView.Absent }).Base!), Is.EqualTo("a=1 b=2"), "the base is what the request itself stored");
    }

    [Test]
    public void A_batch_that_finds_its_own_stamp_had_landed()
    {
        var row = CommitScene.Row(Session("a=1"));
        var stores = new[] { "a=1 b=2", "a=1 c=3" }.Select(mine => new WaitingStore(Commit(Session("a=1"), Session(mine)))).ToList();
        using var batch = new SessionBatch(Key, stores, _touches, isListed: false);
        var landed = new RowModel(row).After(batch.Decide(row), batch.Now);

        Assert.That(batch.Decide(landed.Row).Action, Is.EqualTo(MergeAction.None));
        batch.Complete();
        Assert.That(stores.Select(store => store.Commit.Outcome), Is.All.EqualTo(CommitOutcome.Stored));
        Assert.That(batch.Written!.Version, Is.EqualTo(landed.Row!.Version));
    }

    [Test]
    public void A_caller_that_has_gone_before_is_left_out_and_knows_nothing_of_the_stamp()
    {
        var stores = new[] { "b=2", "c=3" }.Select(mine => new WaitingStore(Commit(null, Session(mine)))).ToList();
        stores[0].Leave();
        using var batch = new SessionBatch(Key, stores, _touches, isListed: false);
        var step = batch.Decide(row: null);

        Assert.That(Text(Parse(step.Write.Value)), Is.EqualTo("c=3"));
        Assert.That(stores[0].Commit.Stamp, Is.Not.EqualTo(step.Write.Version));
        Assert.That(batch.Cancellation.IsCancellationRequested, Is.False);
    }

    [Test]
    public void A_caller_that_has_gone_meanwhile_is_left_out_of_what_is_sent_again()
    {
        var stores = new[] { "a=1 b=2", "a=1 c=3" }.Select(mine => new WaitingStore(Commit(Session("a=1"), Session(mine)))).ToList();
        using var batch = new SessionBatch(Key, stores, _touches, isListed: false);
        var first = batch.Decide(CommitScene.Row(Session("a=1")));
        stores[0].Leave();
        var second = batch.Decide(CommitScene.Row(Session("a=5"), version: 99));

        // Its caller knows of the first write alone, and may store the same again.
        Assert.That(Text(Parse(second.Write.Value)), Is.EqualTo("a=5 c=3"));
        var pending = stores[0].Commit.SnapshotAfterFailure(Snapshot(Session("a=1"))).Pending!;
        Assert.That((pending.Stamp, pending.Over), Is.EqualTo((first.Write.Version, CommitScene.RowVersion)));
    }

    [Test]
    public void Each_of_a_batch_knows_what_its_write_was_to_be_written_over()
    {
        var stores = new[] { "a=1 b=2", "a=1 c=3" }.Select(mine => new WaitingStore(Commit(Session("a=1"), Session(mine)))).ToList();
        using var batch = new SessionBatch(Key, stores, _touches, isListed: false);
        batch.Decide(CommitScene.Row(Session("a=1")));

        Assert.That(stores.Select(store => store.Commit.SnapshotAfterFailure(Snapshot(Session("a=1"))).Pending!.Over), Is.All.EqualTo(CommitScene.RowVersion));
    }

    [Test]
    public void A_batch_is_cancelled_when_the_last_caller_has_gone()
    {
        var stores = new[] { "b=2", "c=3" }.Select(mine => new WaitingStore(Commit(null, Session(mine)))).ToList();
        using var batch = new SessionBatch(Key, stores, _touches, isListed: false);
        stores[1].Leave();
        Assert.That(batch.Cancellation.IsCancellationRequested, Is.False);
        stores[0].Leave();
        Assert.That(batch.Cancellation.IsCancellationRequested, Is.True);
    }

    [Test]
    public void A_store_that_fails_alone_is_not_taken_for_landed_with_the_others()
    {
        var options = new TestOptions { MaxValueSize = 40 };
        var row = CommitScene.Row(Session("a=1"));
        var stores = new[] { "a=1 b=2", "a=1 c=much-too-long" }.Select(mine => new WaitingStore(Commit(Session("a=1"), Session(mine), options))).ToList();
        using var batch = new SessionBatch(Key, stores, _touches, isListed: false);
        new RowModel(row).After(batch.Decide(row), batch.Now);
        batch.Complete();

        Assert.That(stores[1].Failure, Is.TypeOf<CacheValueTooLargeException>());
        Assert.That(stores[1].Commit.SnapshotAfterFailure(Snapshot(Session("a=1"))).Pending, Is.Null, "the row has the stamp that it would look for");
    }

    private static (RowModel Row, Type? Failure) OneAfterTheOther(RowModel row, SessionCommit commit)
    {
        try
        {
            return (row.After(commit.Decide(row.Row), commit.Now), null);
        }
        catch (CacheValueTooLargeException failure)
        {
            return (row, failure.GetType());
        }
    }

    private static string Told(SessionCommit commit) =>
        $"{commit.Outcome} {commit.HasWrittenExpiry} {string.Join(' ', commit.Conflicts)}";

    private SessionCommit Commit(SessionPayload? loaded, SessionPayload mine, TestOptions? options = null) => new(
        new CommitRequest(Key, mine, CommitScene.Given, Snapshot(loaded), Force: false, KeepExpiry: false, SkipEmpty: true, Now), options ?? new TestOptions(), _touches);

    private static CommitRequest AnyRequest(Random random, long window)
    {
        var now = Now + random.Next(3);
        var loaded = random.Next(4) == 0 ? null : Session((byte)random.Next(1, 3), AnyEntries(random));
        var mine = random.Next(5) == 0 && loaded is not null ? loaded
            : Session(loaded is null ? (byte)random.Next(1, 4) : loaded.Id[0], AnyEntries(random));
        return new CommitRequest(Key, mine, new Lifetime(now + window, window, null), Snapshot(loaded), Force: random.Next(5) == 0, KeepExpiry: random.Next(4) == 0, SkipEmpty: random.Next(2) == 0, now);
    }

    private static SessionSnapshot Snapshot(SessionPayload? loaded) =>
        new() { Base = loaded, Incarnation = loaded, BaseVersion = CommitScene.RowVersion, Theirs = RowView.Absent };

    private static CacheRow? AnyRow(Random random)
    {
        var lifetime = random.Next(3) == 0 ? CommitScene.Dead : new Lifetime(Now + random.Next(59_990, 60_010), 60_000, null);
        var session = Session((byte)random.Next(1, 3), AnyEntries(random));
        var row = random.Next(8) switch
        {
            0 => null,
            1 => new CacheRow("any bytes"u8.ToArray(), RowFormat.Opaque, CommitScene.RowVersion, lifetime),
            2 => new CacheRow(session.Array[..^1], RowFormat.Session, CommitScene.RowVersion, lifetime),
            _ => CommitScene.Row(session, lifetime),
        };
        return row is null ? null : row with { IsUnderPlainKey = random.Next(4) == 0 };
    }

    private static string AnyEntries(Random random) =>
        string.Join(' ', "abc".Where(_ => random.Next(2) == 0).Select(name => $"{name}={random.Next(3)}"));
}

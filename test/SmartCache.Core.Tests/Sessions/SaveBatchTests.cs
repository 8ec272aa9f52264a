using SmartCache.Payloads;
using SmartCache.Primitives;
using SmartCache.Rows;
using SmartCache.Sessions;
using SmartCache.Touches;

namespace SmartCache.Core.Tests.Sessions;

/// <summary>Saves that share one write leave the row as they would one after the other, and each learns the same about itself.</summary>
public sealed class SaveBatchTests
{
    private const long Now = SaveScene.Now;
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
                options.Merge.Entry("a").Add(EntryNumber.SetString);

            var row = AnyRow(random);

            // Where a save in between had another window the row may keep a touch of before, which it then had forgotten.
            var window = random.Next(2) == 0 ? 5_000 : 60_000;
            var requests = Enumerable.Range(0, random.Next(1, 6)).Select(_ => AnyRequest(random, window)).ToList();

            var alone = requests.ConvertAll(request => new TestSave(request, options, _touches));
            var expected = new RowModel(row);
            var failures = new List<Type?>();
            foreach (var save in alone)
            {
                (expected, var failure) = OneAfterTheOther(expected, save);
                failures.Add(failure);
            }

            var saves = requests.ConvertAll(request => new SessionSave(request, options));
            var batch = new SaveBatch(saves, _touches);
            var actual = new RowModel(row).After(batch.Decide(row ?? Row.Absent), batch.Now);

            if (options.RemovedDuringRequest == RemovedSessionPolicy.Discard)
            {
                // An id that is made up for a session begun anew is another one each time.
                Assert.That(actual.Visible, Is.EqualTo(expected.Visible));
            }

            Assert.That(saves.ConvertAll(FailureOf), Is.EqualTo(failures));
            Assert.That(
                saves.Where(save => !save.HasFailed).Select(Told),
                Is.EqualTo(alone.Where((_, index) => failures[index] is null).Select(save => Told(save.Save))));
        }
    }

    [Test]
    public void Whoever_saves_again_after_a_shared_write_starts_from_what_all_left()
    {
        var row = SaveScene.Row(Session("a=1"));
        var saves = new[] { "a=1 b=2", "a=1 c=3" }.Select(mine => Save(Session("a=1"), Session(mine))).ToList();
        var batch = new SaveBatch(saves, _touches);
        var after = new RowModel(row).After(batch.Decide(row), batch.Now);
        batch.Complete();

        foreach (var save in saves)
        {
            var snapshot = save.SnapshotAfter(Snapshot(null));
            Assert.That(Text(snapshot.Theirs.Session!), Is.EqualTo("a=1 b=2 c=3"));
            Assert.That(snapshot.Theirs.Version, Is.EqualTo(after.Row!.Version).And.EqualTo(snapshot.BaseVersion));
        }

        Assert.That(Text(saves[0].SnapshotAfter(Snapshot(null)).Basis.Base!), Is.EqualTo("a=1 b=2"), "the base is what the request itself saved");
    }

    [Test]
    public void A_batch_that_finds_its_own_version_had_landed()
    {
        var row = SaveScene.Row(Session("a=1"));
        var saves = new[] { "a=1 b=2", "a=1 c=3" }.Select(mine => Save(Session("a=1"), Session(mine))).ToList();
        var batch = new SaveBatch(saves, _touches);
        var landed = new RowModel(row).After(batch.Decide(row), batch.Now);

        Assert.That(batch.Decide(landed.Row!), Is.Null);
        batch.Complete();
        Assert.That(saves.Select(save => save.Decision.Outcome), Is.All.EqualTo(SaveOutcome.Saved));
        Assert.That(saves.Select(save => save.SnapshotAfter(Snapshot(null)).Theirs.Version), Is.All.EqualTo(landed.Row!.Version));
    }

    [Test]
    public void A_caller_that_has_left_before_is_left_out_and_has_nothing_in_doubt()
    {
        var saves = new[] { "b=2", "c=3" }.Select(mine => Save(null, Session(mine))).ToList();
        saves[0].Leave();
        var batch = new SaveBatch(saves, _touches);
        var write = batch.Decide(Row.Absent)!;

        Assert.That(Text(Parse(write.Value!)), Is.EqualTo("c=3"));
        Assert.That(saves[0].SnapshotAfterFailure(Snapshot(null)).Basis.InDoubt, Is.Empty);
    }

    [Test]
    public void A_caller_that_has_gone_meanwhile_is_left_out_of_what_is_sent_again()
    {
        var saves = new[] { "a=1 b=2", "a=1 c=3" }.Select(mine => Save(Session("a=1"), Session(mine))).ToList();
        var batch = new SaveBatch(saves, _touches);
        var first = batch.Decide(SaveScene.Row(Session("a=1")));
        saves[0].Leave();
        var second = batch.Decide(SaveScene.Row(Session("a=5"), version: 99))!;

        // Its caller knows of the first write alone, and may save the same again.
        Assert.That(Text(Parse(second.Value!)), Is.EqualTo("a=5 c=3"));
        var inDoubt = saves[0].SnapshotAfterFailure(Snapshot(Session("a=1"))).Basis.InDoubt.Single();
        Assert.That((inDoubt.Version, inDoubt.Over), Is.EqualTo((first!.Version, SaveScene.RowVersion)));
    }

    [Test]
    public void A_caller_that_leaves_before_it_is_told_looks_for_its_write_later([Values] bool isCompletedFirst)
    {
        var saves = new[] { "a=1 b=2", "a=1 c=3" }.Select(mine => Save(Session("a=1"), Session(mine))).ToList();
        var batch = new SaveBatch(saves, _touches);
        var write = batch.Decide(SaveScene.Row(Session("a=1")))!;
        Action[] ends = isCompletedFirst ? [() => batch.Complete(), saves[0].Leave] : [saves[0].Leave, () => batch.Complete()];
        Array.ForEach(ends, static end => end());

        Assert.That(saves[0].SnapshotAfterFailure(Snapshot(Session("a=1"))).Basis.InDoubt.Single().Version, Is.EqualTo(write.Version));
    }

    [Test]
    public void A_caller_that_has_left_does_not_take_a_later_refusal_for_that_of_its_own_write()
    {
        var saves = new[] { "a=1 b=2", "a=1 c=3" }.Select(mine => Save(Session("a=1"), Session(mine))).ToList();
        var batch = new SaveBatch(saves, _touches);
        var first = batch.Decide(SaveScene.Row(Session("a=1")))!;
        saves[0].Leave();
        batch.Decide(SaveScene.Row(Session("a=5"), version: 99));
        batch.Refused();

        Assert.That(saves[0].SnapshotAfterFailure(Snapshot(Session("a=1"))).Basis.InDoubt.Single().Version, Is.EqualTo(first.Version));
    }

    [Test]
    public void Each_of_a_batch_knows_what_its_write_was_to_be_written_over()
    {
        var saves = new[] { "a=1 b=2", "a=1 c=3" }.Select(mine => Save(Session("a=1"), Session(mine))).ToList();
        var batch = new SaveBatch(saves, _touches);
        batch.Decide(SaveScene.Row(Session("a=1")));

        Assert.That(saves.Select(save => save.SnapshotAfterFailure(Snapshot(Session("a=1"))).Basis.InDoubt.Single().Over), Is.All.EqualTo(SaveScene.RowVersion));
    }

    [Test]
    public void A_save_that_fails_alone_is_not_taken_for_landed_with_the_others()
    {
        var options = new TestOptions { MaxValueSize = 40 };
        var row = SaveScene.Row(Session("a=1"));
        var saves = new[] { "a=1 b=2", "a=1 c=much-too-long" }.Select(mine => Save(Session("a=1"), Session(mine), options)).ToList();
        var batch = new SaveBatch(saves, _touches);
        new RowModel(row).After(batch.Decide(row), batch.Now);
        batch.Complete();

        Assert.That(FailureOf(saves[1]), Is.EqualTo(typeof(CacheValueTooLargeException)));
        Assert.That(saves[1].SnapshotAfterFailure(Snapshot(Session("a=1"))).Basis.InDoubt, Is.Empty, "the row has the version that it would look for");
    }

    private static (RowModel Row, Type? Failure) OneAfterTheOther(RowModel row, TestSave save)
    {
        try
        {
            return (row.After(save.Decide(row.Row), save.Save.Request.Now), null);
        }
        catch (CacheValueTooLargeException failure)
        {
            return (row, failure.GetType());
        }
    }

    private static Type? FailureOf(SessionSave save)
    {
        try
        {
            save.ThrowIfFailed();
            return null;
        }
        catch (Exception exception)
        {
            return exception.GetType();
        }
    }

    private static string Told(SessionSave save) =>
        $"{save.Decision.Outcome} {save.Decision.WritesExpiry} {string.Join(' ', save.Decision.Conflicts)}";

    private static SessionSave Save(SessionPayload? loaded, SessionPayload mine, TestOptions? options = null) => new(
        new SaveRequest(Key, mine, SaveScene.Given, Snapshot(loaded), Force: false, KeepExpiry: false, SkipEmpty: true, Now), options ?? new TestOptions());

    private static SaveRequest AnyRequest(Random random, long window)
    {
        var now = Now + random.Next(3);
        var loaded = random.Next(4) == 0 ? null : Session((byte)random.Next(1, 3), AnyEntries(random));
        var mine = random.Next(5) == 0 && loaded is not null ? loaded
            : Session(loaded is null ? (byte)random.Next(1, 4) : loaded.Id[0], AnyEntries(random));
        return new SaveRequest(Key, mine, new Lifetime(now + window, window, null), Snapshot(loaded), Force: random.Next(5) == 0, KeepExpiry: random.Next(4) == 0, SkipEmpty: random.Next(2) == 0, now);
    }

    private static SessionSnapshot Snapshot(SessionPayload? loaded) =>
        new() { Basis = new SaveBasis(loaded, loaded, []), BaseVersion = SaveScene.RowVersion, Theirs = Row.Absent };

    private static Row? AnyRow(Random random)
    {
        var lifetime = random.Next(3) == 0 ? SaveScene.Dead : new Lifetime(Now + random.Next(59_990, 60_010), 60_000, null);
        var session = Session((byte)random.Next(1, 3), AnyEntries(random));
        var row = random.Next(8) switch
        {
            0 => null,
            1 => SaveScene.RowOf("any bytes"u8.ToArray(), RowFormat.Opaque, lifetime),
            2 => SaveScene.RowOf(session.Array[..^1], RowFormat.Session, lifetime),
            _ => SaveScene.Row(session, lifetime),
        };
        return row is null ? null : row with { IsUnderPlainKey = random.Next(4) == 0 };
    }

    private static string AnyEntries(Random random) =>
        string.Join(' ', "abc".Where(_ => random.Next(2) == 0).Select(name => $"{name}={random.Next(3)}"));
}

using SmartCache.Connections;
using SmartCache.Payloads;
using SmartCache.Primitives;
using SmartCache.Rows;
using SmartCache.Sessions;
using SmartCache.Sql;
using static SmartCache.Core.Tests.Sessions.Payloads;

namespace SmartCache.Core.Tests.Sessions;

/// <summary>A store failed, and nobody can say whether it had landed: the stamp in the row does.</summary>
public sealed class UnknownOutcomeTests
{
    private static readonly SessionPayload Loaded = Session("a=1");

    private readonly CommitScene _scene = new() { Base = Loaded, Mine = Session("a=2") };

    [Test]
    public void A_retry_that_finds_its_own_stamp_had_landed()
    {
        var commit = _scene.Commit();
        var sent = commit.Decide(CommitScene.Row(Loaded)).Write;

        var retry = commit.Decide(new CacheRow(sent.Value, sent.Format, sent.Version, sent.Lifetime));

        Assert.That(retry.Action, Is.EqualTo(MergeAction.None));
        Assert.That(commit.Outcome, Is.EqualTo(CommitOutcome.Stored));
        Assert.That(commit.HasWrittenExpiry, Is.True);
        var after = commit.SnapshotAfter(_scene.Before);
        Assert.That(after.Base, Is.SameAs(_scene.Mine));
        Assert.That(after.Theirs.Version, Is.EqualTo(sent.Version));
        Assert.That(after.Incarnation!.Id.ToArray(), Is.EqualTo(Loaded.Id.ToArray()));
    }

    [Test]
    public void A_landed_store_on_which_someone_merged_may_be_applied_again()
    {
        var commit = _scene.Commit();
        commit.Decide(CommitScene.Row(Loaded));

        var retry = commit.Decide(CommitScene.Row(Session("a=2 b=3"), version: 99));

        Assert.That(retry.Action, Is.EqualTo(MergeAction.None));
        Assert.That(commit.Outcome, Is.EqualTo(CommitOutcome.Stored));
    }

    [Test]
    public void A_retry_that_had_landed_and_is_not_told_so_either_looks_again()
    {
        var commit = _scene.Commit();
        var landed = Written(commit.Decide(CommitScene.Row(Loaded)).Write);

        Assert.That(commit.Decide(landed).Action, Is.EqualTo(MergeAction.None));
        Assert.That(commit.Decide(landed).Action, Is.EqualTo(MergeAction.None));
        Assert.That(commit.Outcome, Is.EqualTo(CommitOutcome.Stored));
        Assert.That(commit.SnapshotAfterFailure(_scene.Before).Pending!.Stamp, Is.EqualTo(landed.Version));
    }

    [Test]
    public void A_failed_store_leaves_its_stamp_and_payload_behind()
    {
        var commit = _scene.Commit();
        var sent = commit.Decide(CommitScene.Row(Loaded)).Write;

        var after = commit.SnapshotAfterFailure(_scene.Before);

        Assert.That(after.Pending, Is.EqualTo(new PendingStore(sent.Version, _scene.Mine, CommitScene.RowVersion)));
        Assert.That(after.Base, Is.SameAs(Loaded));
        Assert.That(After(after, "a=2").Commit().MustReadFirst, Is.True);
    }

    [Test]
    public void A_first_store_that_had_landed_has_a_session_to_keep_alive_though_the_next_changes_nothing()
    {
        var next = new CommitScene { Base = null, Mine = Session("a=1"), Pending = new PendingStore(7, Session("a=1"), CommitScene.RowVersion) }.Commit();

        Assert.That(next.Decide(CommitScene.Row(Session("a=1"), version: 7)).Action, Is.EqualTo(MergeAction.None));
        Assert.That(next.HasBase, Is.True);
    }

    [Test]
    public void A_store_sent_again_that_had_landed_is_the_base_of_what_follows()
    {
        var mine = Session("a=2");
        var scene = new CommitScene { Base = Loaded, Mine = mine, Pending = new PendingStore(7, mine, CommitScene.RowVersion) };
        var again = scene.Commit();
        var step = again.Decide(CommitScene.Row(mine, version: 7));
        Assert.That(step.Action, Is.EqualTo(MergeAction.None));

        var after = again.SnapshotAfter(scene.Before);

        // Else a third store would undo what another request changes from here on.
        Assert.That(Text(after.Base!), Is.EqualTo("a=2"));
        var third = After(after, "a=2").Commit().Decide(CommitScene.Row(Session("a=5"), version: 8));
        Assert.That(third.Action, Is.EqualTo(MergeAction.None));
    }

    [Test]
    public void A_settled_store_leaves_nothing_pending()
    {
        var scene = new CommitScene { Base = Loaded, Mine = Session("a=3"), Pending = new PendingStore(7, Session("a=2"), CommitScene.RowVersion) };
        var commit = scene.Commit();
        commit.Decide(CommitScene.Row(Loaded));

        Assert.That(commit.SnapshotAfter(scene.Before).Pending, Is.Null);
    }

    [Test]
    public void A_store_that_fails_before_it_could_read_leaves_the_earlier_one_pending()
    {
        var pending = new PendingStore(7, Session("a=2"), CommitScene.RowVersion);
        var scene = new CommitScene { Base = Loaded, Mine = Session("a=3"), Pending = pending };

        Assert.That(scene.Commit().SnapshotAfterFailure(scene.Before).Pending, Is.SameAs(pending));
    }

    [Test]
    public void Failure_upon_failure_keeps_the_base_that_is_known_to_have_landed()
    {
        var landed = Session("a=2");
        var scene = new CommitScene { Base = Loaded, Mine = Session("a=3"), Pending = new PendingStore(7, landed, CommitScene.RowVersion) };
        var second = scene.Commit();
        var sent = second.Decide(CommitScene.Row(landed, version: 7)).Write;

        var after = second.SnapshotAfterFailure(scene.Before);

        Assert.That(after.Base, Is.SameAs(landed));
        Assert.That(after.Pending, Is.EqualTo(new PendingStore(sent.Version, scene.Mine, 7)));

        // The third store finds the first one's payload, so the second had not landed.
        var third = After(after, "a=3").Commit().Decide(CommitScene.Row(landed, version: 7));
        Assert.That(Text(Parse(third.Write.Value)), Is.EqualTo("a=3"));
    }

    [Test]
    public void A_try_after_one_of_unknown_outcome_has_a_stamp_of_its_own()
    {
        var commit = _scene.Commit();
        var first = commit.Decide(CommitScene.Row(Loaded)).Write;
        var second = commit.Decide(CommitScene.Row(Session("a=1 b=3"), version: 99)).Write;

        // Else a third request that had read what the first left would write over what the second left.
        Assert.That(second.Version, Is.Not.EqualTo(first.Version));
        Assert.That(commit.Decide(CommitScene.Row(Session("a=2"), version: second.Version)).Action, Is.EqualTo(MergeAction.None));
    }

    [Test]
    public void What_a_request_takes_back_goes_though_others_have_merged_on_top_of_it()
    {
        var next = new CommitScene { Base = Loaded, Mine = Loaded, Pending = new PendingStore(7, Session("a=1 c=1"), CommitScene.RowVersion) }.Commit();

        var step = next.Decide(CommitScene.Row(Session("a=5 c=1"), version: 8));

        Assert.That(Text(Parse(step.Write.Value)), Is.EqualTo("a=5"));
    }

    [Test]
    public void What_a_request_takes_back_stays_where_another_has_stored_it_since()
    {
        var next = new CommitScene { Base = Loaded, Mine = Loaded, Pending = new PendingStore(7, Session("a=1 c=1"), CommitScene.RowVersion) }.Commit();

        Assert.That(next.Decide(CommitScene.Row(Session("a=5 c=2"), version: 8)).Action, Is.EqualTo(MergeAction.None));
    }

    [Test]
    public void What_a_request_takes_back_cannot_be_stored_later_by_a_straggler()
    {
        var next = new CommitScene { Base = Loaded, Mine = Loaded, Pending = new PendingStore(7, Session("a=1 c=1"), CommitScene.RowVersion) }.Commit();

        var step = next.Decide(CommitScene.Row(Loaded));

        Assert.That(step.Action, Is.EqualTo(MergeAction.Update));
        Assert.That(step.Write.Version, Is.Not.EqualTo(CommitScene.RowVersion));
    }

    [Test]
    public void A_counter_is_not_counted_twice_when_its_first_try_lands_late()
    {
        var scene = Counter("n=2");
        var row = CommitScene.Row(Session("n=1"));
        var late = Counted(Written(scene.Commit().Decide(row).Write), times: 0);
        var pending = new PendingStore(late.Version, scene.Mine, CommitScene.RowVersion);
        var next = new CommitScene { Options = scene.Options, Base = Session("n=1"), Pending = pending, Mine = Session("n=3") }.Commit();
        next.Decide(row);

        // The next one's own write met the straggler.
        next.Refused();

        Assert.That(Text(Parse(next.Decide(Counted(late, times: 10)).Write.Value)), Is.EqualTo("n=13"));
    }

    [Test]
    public void A_counter_whose_store_had_not_landed_is_counted([Values(0, 1, 62)] int others)
    {
        var commit = Counter("n=2").Commit();
        var row = CommitScene.Row(Session("n=1"));
        commit.Decide(row);

        var retry = commit.Decide(Counted(row, others));

        Assert.That(Text(Parse(retry.Write.Value)), Is.EqualTo($"n={others + 2}"));
    }

    [Test]
    public void A_counter_is_left_alone_when_its_fate_cannot_be_told_any_more([Values] bool hasLanded)
    {
        var commit = Counter("n=2").Commit();
        var row = CommitScene.Row(Session("n=1"));
        var sent = commit.Decide(row).Write;

        var later = Counted(hasLanded ? Written(sent) : row, times: 70);

        Assert.That(() => commit.Decide(later), Throws.TypeOf<SessionMergeException>().With.Property("EntryName").EqualTo("n"));
        Assert.That(commit.SnapshotAfterFailure(Counter("n=2").Before).Pending!.Stamp, Is.EqualTo(sent.Version), "still open");
    }

    [Test]
    public void A_counter_that_was_refused_for_certain_is_counted_however_many_came_between()
    {
        var commit = Counter("n=2").Commit();
        var row = CommitScene.Row(Session("n=1"));
        commit.Decide(row);
        commit.Refused();

        Assert.That(Text(Parse(commit.Decide(Counted(row, times: 70)).Write.Value)), Is.EqualTo("n=72"));
    }

    [Test]
    public void Other_entries_are_stored_again_though_the_fate_of_the_first_try_cannot_be_told()
    {
        var scene = Counter("n=1 a=2");
        var commit = scene.Commit();
        var row = CommitScene.Row(Session("n=1"));
        commit.Decide(row);

        Assert.That(Text(Parse(commit.Decide(Counted(row, times: 70)).Write.Value)), Is.EqualTo("n=71 a=2"));
    }

    [Test]
    public void A_later_store_of_the_request_knows_what_had_landed_under_what_others_counted()
    {
        var scene = Counter("n=2");
        var commit = scene.Commit();
        var row = Counted(Written(commit.Decide(CommitScene.Row(Session("n=1"))).Write), times: 10);
        var after = commit.SnapshotAfterFailure(scene.Before);

        var next = new CommitScene { Options = scene.Options, Base = after.Base, Theirs = after.Theirs, Pending = after.Pending, Mine = Session("n=3") };

        Assert.That(Text(Parse(next.Commit().Decide(row).Write.Value)), Is.EqualTo("n=13"));
    }

    private static CommitScene Counter(string mine)
    {
        var options = new TestOptions();
        options.Merge.Entry("n").Add(EntryNumber.SetString);
        return new CommitScene { Options = options, Base = Session("n=1"), Mine = Session(mine) };
    }

    private static CacheRow Written(RowWrite write) => new(write.Value, write.Format, write.Version, write.Lifetime, write.Recent);

    /// <summary>The row after other requests have each counted up by one.</summary>
    private static CacheRow Counted(CacheRow row, int times)
    {
        for (var i = 0; i < times; i++)
        {
            var session = Text(Parse(row.Value)).Split(' ');
            var n = int.Parse(session[0][2..], System.Globalization.CultureInfo.InvariantCulture);
            var scene = new CommitScene { Options = Counter("n=0").Options, Base = Parse(row.Value), Mine = Session($"n={n + 1}") };
            row = Written(scene.Commit().Decide(row).Write);
        }

        return row;
    }

    private static CommitScene After(SessionSnapshot snapshot, string mine) =>
        new() { Base = snapshot.Base, Theirs = snapshot.Theirs, Pending = snapshot.Pending, Mine = Session(mine) };
}

using SmartCache.Sessions;
using SmartCache.Storage;
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
    public void A_failed_store_leaves_its_stamp_and_payload_behind()
    {
        var commit = _scene.Commit();
        var sent = commit.Decide(CommitScene.Row(Loaded)).Write;

        var after = commit.SnapshotAfterFailure(_scene.Before);

        Assert.That(after.Pending, Is.EqualTo(new PendingStore(sent.Version, _scene.Mine)));
        Assert.That(after.Base, Is.SameAs(Loaded));
        Assert.That(After(after, "a=2").Commit().MustReadFirst, Is.True);
    }

    [Test]
    public void A_later_store_that_finds_the_pending_stamp_starts_from_what_had_landed()
    {
        var next = new CommitScene { Base = Loaded, Mine = Session("b=3"), Pending = new PendingStore(7, Session("a=2 b=2")) }.Commit();

        var step = next.Decide(CommitScene.Row(Session("a=2 b=2 x=9"), version: 7));

        Assert.That(Text(Parse(step.Write.Value)), Is.EqualTo("b=3 x=9"));
        Assert.That(step.OldVersion, Is.EqualTo(7));
    }

    [Test]
    public void A_later_store_that_does_not_find_the_pending_stamp_starts_from_what_was_loaded()
    {
        var next = new CommitScene { Base = Loaded, Mine = Session("a=1 b=3"), Pending = new PendingStore(7, Session("a=2")) }.Commit();

        var step = next.Decide(CommitScene.Row(Session("a=8"), version: 8));

        Assert.That(Text(Parse(step.Write.Value)), Is.EqualTo("a=8 b=3"));
    }

    [Test]
    public void A_first_store_that_had_landed_is_the_base_of_the_next()
    {
        var next = new CommitScene { Base = null, Mine = Session("b=2"), Pending = new PendingStore(7, Session("a=1")) }.Commit();

        var step = next.Decide(CommitScene.Row(Session("a=1"), version: 7));

        Assert.That(step.Action, Is.EqualTo(MergeAction.Update));
        Assert.That(Text(Parse(step.Write.Value)), Is.EqualTo("b=2"));
    }

    [Test]
    public void A_first_store_that_had_not_landed_is_made_by_the_next()
    {
        var next = new CommitScene { Base = null, Mine = Session("a=1"), Pending = new PendingStore(7, Session("a=1")) }.Commit();

        Assert.That(next.Decide(null).Action, Is.EqualTo(MergeAction.Insert));
    }

    [Test]
    public void A_store_sent_again_that_had_landed_is_the_base_of_what_follows()
    {
        var mine = Session("a=2");
        var scene = new CommitScene { Base = Loaded, Mine = mine, Pending = new PendingStore(7, mine) };
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
        var scene = new CommitScene { Base = Loaded, Mine = Session("a=3"), Pending = new PendingStore(7, Session("a=2")) };
        var commit = scene.Commit();
        commit.Decide(CommitScene.Row(Loaded));

        Assert.That(commit.SnapshotAfter(scene.Before).Pending, Is.Null);
    }

    [Test]
    public void A_store_that_fails_before_it_could_read_leaves_the_earlier_one_pending()
    {
        var pending = new PendingStore(7, Session("a=2"));
        var scene = new CommitScene { Base = Loaded, Mine = Session("a=3"), Pending = pending };

        Assert.That(scene.Commit().SnapshotAfterFailure(scene.Before).Pending, Is.SameAs(pending));
    }

    [Test]
    public void Failure_upon_failure_keeps_the_base_that_is_known_to_have_landed()
    {
        var landed = Session("a=2");
        var scene = new CommitScene { Base = Loaded, Mine = Session("a=3"), Pending = new PendingStore(7, landed) };
        var second = scene.Commit();
        var sent = second.Decide(CommitScene.Row(landed, version: 7)).Write;

        var after = second.SnapshotAfterFailure(scene.Before);

        Assert.That(after.Base, Is.SameAs(landed));
        Assert.That(after.Pending, Is.EqualTo(new PendingStore(sent.Version, scene.Mine)));

        // The third store finds the first one's payload, so the second had not landed.
        var third = After(after, "a=3").Commit().Decide(CommitScene.Row(landed, version: 7));
        Assert.That(Text(Parse(third.Write.Value)), Is.EqualTo("a=3"));
    }

    [Test]
    public void A_session_removed_after_a_failed_store_stays_removed()
    {
        var next = new CommitScene { Base = Loaded, Mine = Session("a=2"), Pending = new PendingStore(7, Session("a=2")) }.Commit();

        Assert.That(next.Decide(null).Action, Is.EqualTo(MergeAction.None));
        Assert.That(next.Outcome, Is.EqualTo(CommitOutcome.Discarded));
    }

    private static CommitScene After(SessionSnapshot snapshot, string mine) =>
        new() { Base = snapshot.Base, Theirs = snapshot.Theirs, Pending = snapshot.Pending, Mine = Session(mine) };
}

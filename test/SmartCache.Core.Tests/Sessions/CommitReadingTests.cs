using SmartCache.Connections;
using SmartCache.Payloads;
using SmartCache.Primitives;
using SmartCache.Rows;
using SmartCache.Sql;
using static SmartCache.Core.Tests.Sessions.Payloads;

namespace SmartCache.Core.Tests.Sessions;

/// <summary>On the strength of which row a store is decided, and what it makes of rows it cannot read.</summary>
public sealed class CommitReadingTests
{
    private readonly CommitScene _changed = new() { Base = Session("a=1"), Mine = Session("a=2") };

    [Test]
    public void The_first_decision_needs_no_reading()
    {
        var row = CommitScene.Row(Session("a=1"));
        var commit = new CommitScene { Base = Session("a=1"), Mine = Session("a=2"), Theirs = _changed.View(row) }.Commit();

        var step = commit.Decide();

        Assert.That(commit.MustReadFirst, Is.False);
        Assert.That(step.Action, Is.EqualTo(MergeAction.Update));
        Assert.That(step.OldVersion, Is.EqualTo(row.Version));
    }

    [Test]
    public void The_first_decision_takes_the_newest_row_the_request_has_seen()
    {
        var newer = _changed.View(CommitScene.Row(Session("a=1 b=2"), version: 43));
        var step = new CommitScene { Base = Session("a=1"), Mine = Session("a=2"), Theirs = newer }.Commit().Decide();

        Assert.That(Text(Parse(step.Write.Value)), Is.EqualTo("a=2 b=2"));
        Assert.That(step.OldVersion, Is.EqualTo(43));
    }

    [Test]
    public void A_lost_race_applies_the_same_difference_to_the_row_read_anew()
    {
        var commit = _changed.Commit();
        commit.Decide(CommitScene.Row(Session("a=1 b=2")));

        var second = commit.Decide(CommitScene.Row(Session("a=1 b=3 c=4"), version: 43));

        Assert.That(Text(Parse(second.Write.Value)), Is.EqualTo("a=2 b=3 c=4"));
        Assert.That(second.OldVersion, Is.EqualTo(43));
    }

    [Test]
    public void A_store_that_was_refused_for_certain_keeps_its_stamp()
    {
        var commit = _changed.Commit();

        var first = commit.Decide(CommitScene.Row(Session("a=1")));
        commit.Refused();
        var second = commit.Decide(CommitScene.Row(Session("a=3"), version: 43));

        Assert.That(second.Write.Version, Is.EqualTo(first.Write.Version));
    }

    [Test]
    public void Two_stores_carry_different_stamps() =>
        Assert.That(
            _changed.Commit().Decide(CommitScene.Row(Session("a=1"))).Write.Version,
            Is.Not.EqualTo(_changed.Commit().Decide(CommitScene.Row(Session("a=1"))).Write.Version));

    [Test]
    public void Conflicts_and_merging_are_told_of_the_last_try_only()
    {
        var commit = _changed.Commit();

        commit.Decide(CommitScene.Row(Session("a=7 b=1"), version: CommitScene.RowVersion + 1));
        Assert.That(commit.Conflicts, Is.EqualTo(new[] { "a" }));
        Assert.That(commit.IsMerged, Is.True);

        commit.Decide(CommitScene.Row(Session("a=1")));
        Assert.That(commit.Conflicts, Is.Empty);
        Assert.That(commit.IsMerged, Is.False);
    }

    [Test]
    public void A_recreated_session_keeps_its_new_id_over_the_tries()
    {
        _changed.Options.RemovedDuringRequest = RemovedSessionPolicy.Recreate;
        var commit = _changed.Commit();

        var (first, second) = (commit.Decide(null), commit.Decide(null));

        Assert.That(first.Write.Value, Is.Not.Empty);
        Assert.That(second.Write.Value, Is.EqualTo(first.Write.Value));
    }

    [TestCase(ConcurrencyMode.Optimistic, "a=2", false, false)]
    [TestCase(ConcurrencyMode.Optimistic, "a=1", true, false)]
    [TestCase(ConcurrencyMode.Pessimistic, "a=1", false, false)]
    [TestCase(ConcurrencyMode.Pessimistic, "a=2", false, true)]
    [TestCase(ConcurrencyMode.Pessimistic, "a=1", true, true)]
    public void Pessimistic_stores_read_first_unless_there_is_nothing_to_store(ConcurrencyMode mode, string mine, bool force, bool expected)
    {
        var scene = new CommitScene { Base = Session("a=1"), Mine = Session(mine), Force = force };
        scene.Options.Concurrency = mode;

        Assert.That(scene.Commit().MustReadFirst, Is.EqualTo(expected));
    }

    [Test]
    public void An_expired_row_of_an_unknown_format_is_an_error_too() =>
        Assert.That(
            () => new CommitScene().Commit().Decide(CommitScene.Row(Session("a=1"), CommitScene.Dead) with { Format = 99 }),
            Throws.TypeOf<NotSupportedException>());

    [Test]
    public void A_row_that_an_unwritten_access_keeps_alive_is_alive()
    {
        var scene = new CommitScene { Mine = Session(2, "a=1") };
        scene.Touches.Note(scene.Key, CommitScene.Now - 5_000, CommitScene.Dead);

        var step = scene.Commit().Decide(CommitScene.Row(Session(1, "b=2"), CommitScene.Dead));

        Assert.That(step.Action, Is.EqualTo(MergeAction.Update));
        Assert.That(Text(Parse(step.Write.Value)), Is.EqualTo("b=2 a=1"));
    }
}

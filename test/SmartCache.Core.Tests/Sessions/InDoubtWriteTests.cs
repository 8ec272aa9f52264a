using SmartCache.Payloads;
using SmartCache.Rows;
using SmartCache.Sessions;

namespace SmartCache.Core.Tests.Sessions;

/// <summary>A save failed without an answer: the version in the row tells whether it had landed.</summary>
public sealed class InDoubtWriteTests
{
    private static readonly SessionPayload Loaded = Session("a=1");

    private readonly SaveScene _scene = new() { Base = Loaded, Mine = Session("a=2") };

    [Test]
    public void A_retry_that_finds_its_own_version_had_landed()
    {
        var save = _scene.Save();
        var sent = save.Decide(SaveScene.Row(Loaded))!;

        var retry = save.Decide(Written(sent));

        Assert.That(retry, Is.Null);
        Assert.That(save.Decision.Outcome, Is.EqualTo(SaveOutcome.Saved));
        Assert.That(save.Decision.WritesExpiry, Is.True);
        var after = save.SnapshotAfter(_scene.Before);
        Assert.That(after.Basis.Base, Is.SameAs(_scene.Mine));
        Assert.That(after.Theirs.Version, Is.EqualTo(sent.Version));
        Assert.That(after.Basis.Incarnation!.Id.ToArray(), Is.EqualTo(Loaded.Id.ToArray()));
    }

    [Test]
    public void A_landed_save_on_which_someone_merged_may_be_applied_again()
    {
        var save = _scene.Save();
        save.Decide(SaveScene.Row(Loaded));

        var retry = save.Decide(SaveScene.Row(Session("a=2 b=3"), version: 99));

        Assert.That(retry, Is.Null);
        Assert.That(save.Decision.Outcome, Is.EqualTo(SaveOutcome.Saved));
    }

    [Test]
    public void A_retry_that_had_landed_and_is_not_told_so_either_looks_again()
    {
        var save = _scene.Save();
        var landed = Written(save.Decide(SaveScene.Row(Loaded))!);

        Assert.That(save.Decide(landed), Is.Null);
        Assert.That(save.Decide(landed), Is.Null);
        Assert.That(save.Decision.Outcome, Is.EqualTo(SaveOutcome.Saved));
        Assert.That(save.Save.SnapshotAfterFailure(_scene.Before).Basis.InDoubt.Single().Version, Is.EqualTo(landed.Version));
    }

    [Test]
    public void A_failed_save_leaves_its_version_and_payload_behind()
    {
        var save = _scene.Save();
        var sent = save.Decide(SaveScene.Row(Loaded))!;

        var after = save.Save.SnapshotAfterFailure(_scene.Before);

        Assert.That(after.Basis.InDoubt, Is.EqualTo(new[] { new InDoubtWrite(sent.Version, SaveScene.RowVersion, _scene.Mine) }));
        Assert.That(after.Basis.Base, Is.SameAs(Loaded));
        Assert.That(After(after, "a=2").Save().Save.MustReadFirst, Is.True);
    }

    [Test]
    public void A_first_save_that_had_landed_has_a_session_to_keep_alive_though_the_next_changes_nothing()
    {
        var next = new SaveScene { Base = null, Mine = Session("a=1"), InDoubt = [new InDoubtWrite(7, SaveScene.RowVersion, Session("a=1"))] }.Save();

        Assert.That(next.Decide(SaveScene.Row(Session("a=1"), version: 7)), Is.Null);
        Assert.That(next.Save.HasBase, Is.True);
    }

    [Test]
    public void A_save_sent_again_that_had_landed_is_the_base_of_what_follows()
    {
        var mine = Session("a=2");
        var scene = new SaveScene { Base = Loaded, Mine = mine, InDoubt = [new InDoubtWrite(7, SaveScene.RowVersion, mine)] };
        var again = scene.Save();
        var step = again.Decide(SaveScene.Row(mine, version: 7));
        Assert.That(step, Is.Null);

        var after = again.SnapshotAfter(scene.Before);

        // Else a third save would undo what another request changes from here on.
        Assert.That(Text(after.Basis.Base!), Is.EqualTo("a=2"));
        var third = After(after, "a=2").Save().Decide(SaveScene.Row(Session("a=5"), version: 8));
        Assert.That(third, Is.Null);
    }

    [Test]
    public void A_settled_save_leaves_nothing_in_doubt()
    {
        var scene = new SaveScene { Base = Loaded, Mine = Session("a=3"), InDoubt = [new InDoubtWrite(7, SaveScene.RowVersion, Session("a=2"))] };
        var save = scene.Save();
        save.Decide(SaveScene.Row(Loaded));

        Assert.That(save.SnapshotAfter(scene.Before).Basis.InDoubt, Is.Empty);
    }

    [Test]
    public void A_save_that_fails_before_it_could_read_leaves_the_earlier_one_in_doubt()
    {
        InDoubtWrite[] pending = [new InDoubtWrite(7, SaveScene.RowVersion, Session("a=2"))];
        var scene = new SaveScene { Base = Loaded, Mine = Session("a=3"), InDoubt = pending };

        Assert.That(scene.Save().Save.SnapshotAfterFailure(scene.Before).Basis.InDoubt, Is.EqualTo(pending));
    }

    [Test]
    public void Failure_upon_failure_keeps_the_base_that_is_known_to_have_landed()
    {
        var landed = Session("a=2");
        var scene = new SaveScene { Base = Loaded, Mine = Session("a=3"), InDoubt = [new InDoubtWrite(7, SaveScene.RowVersion, landed)] };
        var second = scene.Save();
        var sent = second.Decide(SaveScene.Row(landed, version: 7))!;

        var after = second.Save.SnapshotAfterFailure(scene.Before);

        Assert.That(after.Basis.Base, Is.SameAs(landed));
        Assert.That(after.Basis.InDoubt, Is.EqualTo(new[] { new InDoubtWrite(sent.Version, 7, scene.Mine) }));

        // The third save finds the first one's payload, so the second had not landed.
        var third = After(after, "a=3").Save().Decide(SaveScene.Row(landed, version: 7));
        Assert.That(Text(Parse(third!.Value!)), Is.EqualTo("a=3"));
    }

    [Test]
    public void A_try_after_one_in_doubt_has_a_version_of_its_own()
    {
        var save = _scene.Save();
        var first = save.Decide(SaveScene.Row(Loaded))!;
        var second = save.Decide(SaveScene.Row(Session("a=1 b=3"), version: 99))!;

        // Else a third request that had read what the first left would write over what the second left.
        Assert.That(second.Version, Is.Not.EqualTo(first.Version));
        Assert.That(save.Decide(SaveScene.Row(Session("a=2"), version: second.Version)), Is.Null);
    }

    [Test]
    public void What_a_request_takes_back_goes_though_others_have_merged_on_top_of_it()
    {
        var next = new SaveScene { Base = Loaded, Mine = Loaded, InDoubt = [new InDoubtWrite(7, SaveScene.RowVersion, Session("a=1 c=1"))] }.Save();

        var step = next.Decide(SaveScene.Row(Session("a=5 c=1"), version: 8));

        Assert.That(Text(Parse(step!.Value!)), Is.EqualTo("a=5"));
    }

    [Test]
    public void What_a_request_takes_back_stays_where_another_has_saved_it_since()
    {
        var next = new SaveScene { Base = Loaded, Mine = Loaded, InDoubt = [new InDoubtWrite(7, SaveScene.RowVersion, Session("a=1 c=1"))] }.Save();

        Assert.That(next.Decide(SaveScene.Row(Session("a=5 c=2"), version: 8)), Is.Null);
    }

    [Test]
    public void What_a_request_takes_back_cannot_be_written_later_by_a_straggler()
    {
        var next = new SaveScene { Base = Loaded, Mine = Loaded, InDoubt = [new InDoubtWrite(7, SaveScene.RowVersion, Session("a=1 c=1"))] }.Save();

        var step = next.Decide(SaveScene.Row(Loaded));

        Assert.That(SaveDecisionLine.ActionOf(step), Is.EqualTo("Update"));
        Assert.That(step!.Version, Is.Not.EqualTo(SaveScene.RowVersion));
    }

    [Test]
    public void A_counter_is_not_counted_twice_when_its_first_try_lands_late()
    {
        var scene = Counter("n=2");
        var row = SaveScene.Row(Session("n=1"));
        var late = Counted(Written(scene.Save().Decide(row)!), times: 0);
        var pending = new InDoubtWrite(late.Version, SaveScene.RowVersion, scene.Mine);
        var next = new SaveScene { Options = scene.Options, Base = Session("n=1"), InDoubt = [pending], Mine = Session("n=3") }.Save();
        next.Decide(row);

        // The next one's own write met the straggler.
        next.Save.Refused();

        Assert.That(Text(Parse(next.Decide(Counted(late, times: 10))!.Value!)), Is.EqualTo("n=13"));
    }

    [Test]
    public void A_counter_whose_save_had_not_landed_is_counted([Values(0, 1, 62)] int others)
    {
        var save = Counter("n=2").Save();
        var row = SaveScene.Row(Session("n=1"));
        save.Decide(row);

        var retry = save.Decide(Counted(row, others));

        Assert.That(Text(Parse(retry!.Value!)), Is.EqualTo($"n={others + 2}"));
    }

    [Test]
    public void A_counter_is_left_alone_when_its_fate_cannot_be_told_any_more([Values] bool hasLanded)
    {
        var save = Counter("n=2").Save();
        var row = SaveScene.Row(Session("n=1"));
        var sent = save.Decide(row)!;

        var later = Counted(hasLanded ? Written(sent) : row, times: 70);

        Assert.That(() => save.Decide(later), Throws.TypeOf<SessionMergeException>().With.Property("EntryName").EqualTo("n"));
        Assert.That(save.Save.SnapshotAfterFailure(Counter("n=2").Before).Basis.InDoubt.Single().Version, Is.EqualTo(sent.Version), "still open");
    }

    [Test]
    public void A_counter_that_was_refused_for_certain_is_counted_however_many_came_between()
    {
        var save = Counter("n=2").Save();
        var row = SaveScene.Row(Session("n=1"));
        save.Decide(row);
        save.Save.Refused();

        Assert.That(Text(Parse(save.Decide(Counted(row, times: 70))!.Value!)), Is.EqualTo("n=72"));
    }

    [Test]
    public void Other_entries_are_saved_again_though_the_fate_of_the_first_try_cannot_be_told()
    {
        var scene = Counter("n=1 a=2");
        var save = scene.Save();
        var row = SaveScene.Row(Session("n=1"));
        save.Decide(row);

        Assert.That(Text(Parse(save.Decide(Counted(row, times: 70))!.Value!)), Is.EqualTo("n=71 a=2"));
    }

    [Test]
    public void A_later_save_of_the_request_knows_what_had_landed_under_what_others_counted()
    {
        var scene = Counter("n=2");
        var save = scene.Save();
        var row = Counted(Written(save.Decide(SaveScene.Row(Session("n=1")))!), times: 10);
        var after = save.Save.SnapshotAfterFailure(scene.Before);

        var next = new SaveScene { Options = scene.Options, Base = after.Basis.Base, Theirs = after.Theirs, InDoubt = after.Basis.InDoubt, Mine = Session("n=3") };

        Assert.That(Text(Parse(next.Save().Decide(row)!.Value!)), Is.EqualTo("n=13"));
    }

    private static SaveScene Counter(string mine)
    {
        var options = new TestOptions();
        options.Merge.Entry("n").Add(EntryNumber.SetString);
        return new SaveScene { Options = options, Base = Session("n=1"), Mine = Session(mine) };
    }

    private static Row Written(RowWrite write) => SaveScene.RowOf(write.Value!, write.Format, write.Lifetime!.Value, write.Version) with { Recent = write.Recent };

    /// <summary>The row after other requests have each counted up by one.</summary>
    private static Row Counted(Row row, int times)
    {
        for (var i = 0; i < times; i++)
        {
            var session = Text(Parse(row.Value)).Split(' ');
            var n = int.Parse(session[0][2..], System.Globalization.CultureInfo.InvariantCulture);
            var scene = new SaveScene { Options = Counter("n=0").Options, Base = Parse(row.Value), Mine = Session($"n={n + 1}") };
            row = Written(scene.Save().Decide(row)!);
        }

        return row;
    }

    private static SaveScene After(SessionSnapshot snapshot, string mine) =>
        new() { Base = snapshot.Basis.Base, Theirs = snapshot.Theirs, InDoubt = snapshot.Basis.InDoubt, Mine = Session(mine) };
}

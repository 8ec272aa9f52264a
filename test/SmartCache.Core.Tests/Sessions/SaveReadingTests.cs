namespace SmartCache.Core.Tests.Sessions;

/// <summary>On which row a save is decided, and what it makes of rows it cannot read.</summary>
public sealed class SaveReadingTests
{
    private readonly SaveScene _changed = new() { Base = Session("a=1"), Mine = Session("a=2") };

    [Test]
    public void A_lost_race_applies_the_same_difference_to_the_row_read_again()
    {
        var save = _changed.Save();
        save.Decide(SaveScene.Row(Session("a=1 b=2")));

        var second = save.Decide(SaveScene.Row(Session("a=1 b=3 c=4"), version: 43))!;

        Assert.That(Text(Parse(second.Value!)), Is.EqualTo("a=2 b=3 c=4"));
        Assert.That(second.Over, Is.EqualTo(43));
    }

    [Test]
    public void A_save_that_was_refused_for_certain_has_nothing_in_doubt()
    {
        var save = _changed.Save();

        save.Decide(SaveScene.Row(Session("a=1")));
        save.Save.Refused();

        Assert.That(save.Save.SnapshotAfterFailure(_changed.Before).Basis.InDoubt, Is.Empty);
    }

    [Test]
    public void Two_saves_have_different_versions() =>
        Assert.That(
            _changed.Save().Decide(SaveScene.Row(Session("a=1")))!.Version,
            Is.Not.EqualTo(_changed.Save().Decide(SaveScene.Row(Session("a=1")))!.Version));

    [Test]
    public void Conflicts_and_merging_belong_to_the_last_try_only()
    {
        var save = _changed.Save();

        save.Decide(SaveScene.Row(Session("a=7 b=1"), version: SaveScene.RowVersion + 1));
        Assert.That(save.Decision.Conflicts, Is.EqualTo(new[] { "a" }));
        Assert.That(save.Decision.IsMerged, Is.True);

        save.Decide(SaveScene.Row(Session("a=1")));
        Assert.That(save.Decision.Conflicts, Is.Empty);
        Assert.That(save.Decision.IsMerged, Is.False);
    }

    [TestCase(ConcurrencyMode.Optimistic, "a=2", false, false)]
    [TestCase(ConcurrencyMode.Optimistic, "a=1", true, false)]
    [TestCase(ConcurrencyMode.Pessimistic, "a=1", false, false)]
    [TestCase(ConcurrencyMode.Pessimistic, "a=2", false, true)]
    [TestCase(ConcurrencyMode.Pessimistic, "a=1", true, true)]
    public void Pessimistic_saves_read_first_unless_there_is_nothing_to_save(ConcurrencyMode mode, string mine, bool force, bool expected)
    {
        var scene = new SaveScene { Base = Session("a=1"), Mine = Session(mine), Force = force };
        scene.Options.Concurrency = mode;

        Assert.That(scene.Save().Save.MustReadFirst, Is.EqualTo(expected));
    }

    [Test]
    public void An_expired_row_of_an_unknown_format_is_an_error_too() =>
        Assert.That(() => SaveScene.RowOf([1], 99, SaveScene.Dead), Throws.TypeOf<NotSupportedException>());

    [Test]
    public void A_row_that_an_unwritten_touch_keeps_live_is_live()
    {
        var scene = new SaveScene { Mine = Session(2, "a=1") };
        scene.Touches.Add(scene.Key, SaveScene.Now - 5_000, SaveScene.Dead);

        var write = scene.Save().Decide(SaveScene.Row(Session(1, "b=2"), SaveScene.Dead));

        Assert.That(SaveDecisionLine.ActionOf(write), Is.EqualTo("Update"));
        Assert.That(Text(Parse(write!.Value!)), Is.EqualTo("b=2 a=1"));
    }
}
